package io.sfumato.encoders.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Changed texts: of the same words, by the same draws the same, as often changed as was asked for. */
class TextAugmentationTest {
  private static final String TEXT = String.join(" ",
      IntStream.range(0, 200).mapToObj(i -> "w" + i).toList());

  @Test
  void theSameSeedGivesTheSameText() {
    TextAugmentation light = TextAugmentation.light();
    String once = light.apply(TEXT, new SplittableRandom(5));
    assertThat(light.apply(TEXT, new SplittableRandom(5))).isEqualTo(once).isNotEqualTo(TEXT);
    assertThat(light.apply(TEXT, new SplittableRandom(6))).isNotEqualTo(once);
  }

  @Test
  void nothingIsAddedAndNoTextIsLost() {
    TextAugmentation hard = new TextAugmentation(0.95, 0.5, 0.1);
    Set<String> words = new HashSet<>(Arrays.asList(TEXT.split(" ", -1)));
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      assertThat(words).containsAll(List.of(hard.apply(TEXT, random).split(" ", -1)));
      assertThat(hard.apply("red shoe", random)).isIn("red shoe", "shoe red", "red", "shoe");
      assertThat(hard.apply(" shoe ", random)).isEqualTo(" shoe ");
      assertThat(hard.apply("", random)).isEmpty();
    }
  }

  @Test
  void wordsAreLeftOutAsOftenAsAskedFor() {
    TextAugmentation tenth = new TextAugmentation(0.1, 0, 1);
    SplittableRandom random = new SplittableRandom(1);
    double kept = IntStream.range(0, 200).map(i -> tenth.apply(TEXT, random).split(" ", -1).length).average().orElse(0);
    // 200 words a text, 200 texts: the mean of 180 has a standard deviation of √(200 · 0.09 / 200) = 0.3.
    assertThat(kept).isBetween(178.5, 181.5);
  }

  @Test
  void aCropIsContiguous() {
    TextAugmentation half = new TextAugmentation(0, 0, 0.5);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 100; i++) {
      String cut = half.apply(TEXT, random);
      assertThat(TEXT).contains(cut);
      assertThat(cut.split(" ", -1)).hasSizeBetween(100, 200);
    }
  }

  @Test
  void noneLeavesTextsAsTheyAreAndBadValuesAreRefused() {
    assertThat(TextAugmentation.none().apply("a  b\tc", new SplittableRandom(1))).isEqualTo("a  b\tc");
    assertThatThrownBy(() -> new TextAugmentation(1, 0, 1)).hasMessageContaining("but was 1.0");
    assertThatThrownBy(() -> new TextAugmentation(0, -1, 1)).hasMessageContaining("but was -1.0");
    assertThatThrownBy(() -> new TextAugmentation(0, 0, 0)).hasMessageContaining("but was 0.0");
  }
}
