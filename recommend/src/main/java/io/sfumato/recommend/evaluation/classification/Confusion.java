package io.sfumato.recommend.evaluation.classification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often examples of each class were given each label.
 *
 * @param labels names, K of them: those that the classifier knows, then those that only the truth has
 * @param counts row-major [K, K]: row is the truth, column the answer
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, never compared
public record Confusion(List<String> labels, long[][] counts) {
  public Confusion {
    labels = List.copyOf(labels);
    long[][] copy = new long[labels.size()][];
    if (counts.length != copy.length) {
      throw new IllegalArgumentException("%d labels need as many rows but got %d".formatted(copy.length,
          counts.length));
    }
    for (int row = 0; row < copy.length; row++) {
      if (counts[row].length != copy.length) {
        throw new IllegalArgumentException("%d labels need as many columns but row %d has %d".formatted(copy.length,
            row, counts[row].length));
      }
      copy[row] = counts[row].clone();
    }
    counts = copy;
  }

  /** How many examples of one class were given one label. */
  public long count(int truth, int answer) {
    return counts[truth][answer];
  }

  /** A copy. */
  @Override
  public long[][] counts() {
    long[][] copy = new long[counts.length][];
    for (int row = 0; row < copy.length; row++) {
      copy[row] = counts[row].clone();
    }
    return copy;
  }

  /** Number of examples of a class. */
  public long support(int truth) {
    long sum = 0;
    for (long count : counts[truth]) {
      sum += count;
    }
    return sum;
  }

  /** Number of examples that were given a label. */
  public long predicted(int answer) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[answer];
    }
    return sum;
  }

  /**
   * A kind of mistake.
   *
   * @param truth the label that the examples have
   * @param answer the label that they were given
   * @param count how many, at least 1
   */
  public record Mistake(String truth, String answer, long count) {}

  /** The most frequent mistakes, at most {@code limit}. */
  public List<Mistake> mistakes(int limit) {
    List<Mistake> all = new ArrayList<>();
    for (int truth = 0; truth < counts.length; truth++) {
      for (int answer = 0; answer < counts.length; answer++) {
        if (truth != answer && counts[truth][answer] > 0) {
          all.add(new Mistake(labels.get(truth), labels.get(answer), counts[truth][answer]));
        }
      }
    }
    all.sort(Comparator.comparingLong(Mistake::count).reversed());
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }

  /** For JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("labels", labels);
    map.put("counts", counts);
    return map;
  }
}
