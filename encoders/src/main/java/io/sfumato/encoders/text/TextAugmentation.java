package io.sfumato.encoders.text;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Small changes to a text that leave its meaning, so that a fine-tuned encoder does not learn texts by heart: a part of it
 * is cut out, words are left out, neighbours change places (the last two as in Wei and Zou 2019). Words are what stands
 * between white space; a text never loses its last one. Immutable and thread-safe; the same draws give the same text.
 *
 * @param wordDropout the probability that a word is left out, in [0, 1)
 * @param wordSwap the probability that a word changes places with the next one, in [0, 1]
 * @param leastKept a contiguous share of the words is kept, drawn evenly between this and 1; in (0, 1], 1 keeps all
 */
public record TextAugmentation(double wordDropout, double wordSwap, double leastKept) {
  public TextAugmentation {
    if (!(wordDropout >= 0 && wordDropout < 1)) {
      throw new IllegalArgumentException("word dropout must be in [0, 1) but was " + wordDropout);
    }
    if (!(wordSwap >= 0 && wordSwap <= 1)) {
      throw new IllegalArgumentException("the probability of a swap must be in [0, 1] but was " + wordSwap);
    }
    if (!(leastKept > 0 && leastKept <= 1)) {
      throw new IllegalArgumentException("the least share of words to keep must be in (0, 1] but was " + leastKept);
    }
  }

  /** Texts stay as they are. */
  public static TextAugmentation none() {
    return new TextAugmentation(0, 0, 1);
  }

  /** One word in ten left out, one in twenty swapped, four fifths kept at least. */
  public static TextAugmentation light() {
    return new TextAugmentation(0.1, 0.05, 0.8);
  }

  /** Whether texts stay as they are. */
  public boolean isNone() {
    return wordDropout == 0 && wordSwap == 0 && leastKept == 1;
  }

  /**
   * A changed text, its words parted by single spaces; the text itself where nothing is to change or it has one word.
   *
   * @param random where the changes are drawn from
   */
  public String apply(String text, SplittableRandom random) {
    List<String> words = List.of(text.strip().split("\\s+", -1));
    if (isNone() || words.size() < 2) {
      return text;
    }
    List<String> kept = dropped(cropped(words, random), random);
    for (int i = 0; i + 1 < kept.size(); i++) {
      if (random.nextDouble() < wordSwap) {
        String first = kept.get(i);
        kept.set(i, kept.get(i + 1));
        kept.set(i + 1, first);
      }
    }
    return String.join(" ", kept);
  }

  private List<String> cropped(List<String> words, SplittableRandom random) {
    double share = leastKept + (1 - leastKept) * random.nextDouble();
    int length = Math.clamp(Math.round(share * words.size()), 1, words.size());
    int from = random.nextInt(words.size() - length + 1);
    return words.subList(from, from + length);
  }

  private List<String> dropped(List<String> words, SplittableRandom random) {
    List<String> kept = new ArrayList<>(words.size());
    for (String word : words) {
      if (random.nextDouble() >= wordDropout) {
        kept.add(word);
      }
    }
    if (kept.isEmpty()) {
      kept.add(words.get(random.nextInt(words.size())));
    }
    return kept;
  }
}
