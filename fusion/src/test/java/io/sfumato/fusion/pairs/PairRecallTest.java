package io.sfumato.fusion.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.fusion.FusionException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairRecallTest {
  /** Products t·v: text 0 scores (1, 0, 0), text 1 (0, 0, 1), text 2 (0, 1, 0): the first finds its own, the others each other's. */
  @Test
  void ranksAreCountedInBothDirections() {
    float[][] texts = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    float[][] images = {{1, 0, 0}, {0, 0, 1}, {0, 1, 0}};
    PairRecall recall = PairRecall.of(texts, images);
    assertThat(recall.textToImage().at1()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(recall.imageToText().at1()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(recall.textToImage().at5()).isCloseTo(1, within(1e-12));
  }

  /** All twenty alike: by chance one of twenty comes first, and half are among the first ten. */
  @Test
  void equalScoresCountByTheirChance() {
    float[][] same = IntStream.range(0, 20).mapToObj(i -> new float[]{1, 0}).toArray(float[][]::new);
    PairRecall recall = PairRecall.of(same, same);
    assertThat(recall.textToImage().at1()).isCloseTo(0.05, within(1e-12));
    assertThat(recall.textToImage().at5()).isCloseTo(0.25, within(1e-12));
    assertThat(recall.mean10()).isCloseTo(0.5, within(1e-12)).isEqualTo(recall.chance10(), within(1e-12));
  }

  /** Two texts alike: each of their images finds either first with equal right, ½ each, and the third its own. */
  @Test
  void aTextThatTwoItemsShareCountsHalf() {
    float[][] texts = {{1, 0}, {1, 0}, {0, 1}};
    float[][] images = {{1, 0}, {0.9f, 0}, {0, 1}};
    PairRecall recall = PairRecall.of(texts, images);
    assertThat(recall.imageToText().at1()).isCloseTo((0.5 + 0.5 + 1) / 3, within(1e-12));
    assertThat(recall.textToImage().at1()).isCloseTo((1 + 0 + 1.0) / 3, within(1e-12));
  }

  @Test
  void unequalNumbersAreRefused() {
    float[][] one = {{1, 0}};
    assertThatThrownBy(() -> PairRecall.of(one, Arrays.copyOf(one, 0))).isInstanceOf(FusionException.class)
        .hasMessageContaining("1 and 0");
  }
}
