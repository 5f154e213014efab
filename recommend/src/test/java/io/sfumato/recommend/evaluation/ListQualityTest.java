package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListQualityTest {
  private static final Catalog CATALOG = Catalog.of(List.of(item(0, "x"), item(1, "x|y"), item(2, "y|z"), item(3, ""),
      item(4, "z")));

  /** Item 0 has three training users, item 1 two, item 2 one, the others none. Four people, who all have something to test. */
  private static final Split SPLIT = Made.split(CATALOG, "a 0 train", "a 1 train", "b 0 train", "b 1 train",
      "c 0 train", "c 2 train", "a 3 test", "b 3 test", "c 3 test", "d 3 test");

  /** Lists of two: a gets 2, 4; b gets 2, 4; c gets 1, 4; d gets 0, 1. */
  private static final EvaluationResult RESULT = Evaluation.of(SPLIT)
      .k(1, 2)
      .scorer(Made.scorer("s", new float[]{0, 0, 5, 0, 4}, new float[]{0, 0, 5, 0, 4}, new float[]{0, 5, 0, 0, 4},
          new float[]{5, 4, 0, 0, 0}))
      .run();

  private static Item item(int index, String kinds) {
    return new Item("i" + index, "", "", kinds.isEmpty() ? Map.of() : Map.of("kind", kinds), null);
  }

  private static ListQuality quality() {
    float[][] vectors = {{2, 0}, {0, 3}, {1, 0}, {}, {-4, 0}};
    return new ListQuality(RESULT, ItemTraits.of(SPLIT).withVectors(vectors).withCategory("kind"));
  }

  @Test
  void concentrationByHand() {
    BeyondAccuracy beyond = quality().measure("s", 2);
    // counts by item: 1, 2, 2, 0, 3 of eight
    assertThat(beyond.coverage()).isEqualTo(4.0 / 5);
    // ascending 0, 1, 2, 2, 3 with weights -4, -2, 0, 2, 4: (-2 + 4 + 12) / (5 * 8)
    assertThat(beyond.gini()).isCloseTo(14.0 / 40, within(1e-12));
    // 1/8 * 3 + 2 * 1/4 * 2 + 3/8 * log2(8/3) = 0.375 + 1 + 0.530639
    assertThat(beyond.entropy()).isCloseTo(1.905639, within(1e-6));
    assertThat(beyond.lorenz()).hasSize(21).startsWith(0.0).endsWith(1.0);
    assertThat(beyond.lorenz().get(8)).isCloseTo(1.0 / 8, within(1e-12)); // the two least recommended of five
  }

  @Test
  void noveltyByHand() {
    // of three training users and one who has everything: p = 4/4, 3/4, 2/4, 1/4, 1/4
    double[] novelty = quality().novelty("s", 2);
    assertThat(novelty[0]).isCloseTo((1 + 2) / 2.0, within(1e-12));
    assertThat(novelty[2]).isCloseTo((Math.log(4.0 / 3) / Math.log(2) + 2) / 2, within(1e-12));
    assertThat(novelty[3]).isCloseTo((0 + Math.log(4.0 / 3) / Math.log(2)) / 2, within(1e-12));
    assertThat(quality().measure("s", 2).novelty()).isCloseTo((1.5 + 1.5 + 1.2075187 + 0.2075187) / 4, within(1e-6));
  }

  @Test
  void diversityByHand() {
    assertThat(quality().diversityByVectors("s", 2)).containsExactly(new double[]{2, 2, 1, 1}, within(1e-6));
    // {y, z} and {z}: 1 - 1/2; {x, y} and {z}: 1; {x} and {x, y}: 1 - 1/2
    assertThat(quality().diversityByCategory("s", 2)).containsExactly(new double[]{0.5, 0.5, 1, 0.5}, within(1e-12));
    assertThat(quality().diversityByVectors("s", 1)).containsOnly(Double.NaN);
    BeyondAccuracy bare = new ListQuality(RESULT, ItemTraits.of(SPLIT)).measure("s", 2);
    assertThat(bare.diversityByVectors()).isEmpty();
    assertThat(bare.diversityByCategory()).isEmpty();
    assertThat(bare.toMap()).doesNotContainKey("diversity_by_vectors").containsKey("novelty");
  }

  /** The shortcut by the sum of vectors equals the mean over pairs. */
  @Test
  void diversityOfThreeByPairs() {
    float[][] vectors = {{1, 0}, {0, 1}, {1, 1}, {1, 0}, {1, 0}};
    double half = Math.sqrt(0.5);
    assertThat(ItemTraits.of(SPLIT).withVectors(vectors).diversityByVectors(new int[]{0, 1, 2}))
        .isCloseTo((1 + (1 - half) + (1 - half)) / 3, within(1e-6));
  }

  @Test
  void popularityByHand() {
    BeyondAccuracy beyond = quality().measure("s", 2);
    assertThat(quality().popularity("s", 2)).containsExactly(0.5, 0.5, 1, 2.5);
    // histories: a and b (3 + 2) / 2, c (3 + 1) / 2, d has none: (2.5 + 2.5 + 2) / 3
    double history = 7.0 / 3;
    assertThat(beyond.popularity()).isCloseTo(4.5 / 4, within(1e-12));
    assertThat(beyond.popularityLift().orElseThrow()).isCloseTo((4.5 / 4 - history) / history, within(1e-12));
    // 0 has the first fifth of the six, 1 begins before the last fifth, 2 too (5/6 > 0.8: tail)
    assertThat(beyond.shares()).containsEntry("head", 1.0 / 8)
        .containsEntry("mid", 2.0 / 8)
        .containsEntry("tail", 5.0
            / 8);
  }

  @Test
  void whatCannotBeJudgedIsRefused() {
    assertThatThrownBy(() -> ItemTraits.of(SPLIT).withCategory("colour")).hasMessageContaining(
        "no item has an attribute 'colour'; there are [kind]");
    assertThatThrownBy(() -> ItemTraits.of(SPLIT).withVectors(new float[2][])).hasMessageContaining(
        "each of 5 items but there are 2");
  }
}
