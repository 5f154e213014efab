package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicesTest {
  /** Item 4 has no text, item 3 and 4 are cold. */
  private static final Catalog CATALOG = Catalog.of(IntStream.range(0, 5)
      .mapToObj(i -> new Item("i" + i, i == 4 ? "" : "title", "", Map.of(), null))
      .toList());
  private static final Split SPLIT = Made.split(CATALOG, "a 0 train", "a 2 test", "a 4 test", "b 0 train", "b 1 train",
      "b 2 train", "b 3 test", "c 2 test");
  private static final EvaluationResult RESULT = Evaluation.of(SPLIT)
      .k(1, 3)
      .auc(true)
      .scorer(Made.scorer("s", new float[]{5, 4, 3, 2, 1}))
      .run();

  private static Slices.Part part(String group, String name) {
    return Slices.usual(RESULT, SPLIT)
        .stream()
        .filter(p -> p.group().equals(group) && p.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** a's list is 1, 2, 3 with 2 a hit; b's is 3, 4; c's is 0, 1, 2. */
  @Test
  void relevantItemsOfAKindAlone() {
    EvaluationResult warm = part("item training", "warm").result();
    assertThat(warm.userCount()).isEqualTo(2); // a and c, for item 2
    assertThat(warm.perUser("s", Metric.RECALL, 3)).containsExactly(1, 1);
    assertThat(warm.relevant(0)).containsExactly(2);
    EvaluationResult cold = part("item training", "cold").result();
    assertThat(cold.perUser("s", Metric.RECALL, 3)).containsExactly(0, 1); // a misses 4, b finds 3
    assertThat(cold.perUser("s", Metric.MRR, 3)).containsExactly(0, 1);
    assertThat(cold.list("s", 1)).containsExactly(3, 4);
    EvaluationResult untold = part("item text", "without text").result();
    assertThat(untold.userCount()).isEqualTo(1);
  }

  /** AUC of a: 2 stands above 3 alone of the others 1 and 3, 4 above none. */
  @Test
  void aucOfASliceIsThatOfItsItems() {
    assertThat(RESULT.perUser("s", Metric.AUC, 1)).containsExactly((0.5 + 0) / 2, 1, 0.5);
    assertThat(part("item training", "warm").result().perUser("s", Metric.AUC, 3)).containsExactly(0.5, 0.5);
    assertThat(part("item training", "cold").result().perUser("s", Metric.AUC, 3)).containsExactly(0, 1);
  }

  @Test
  void usersByHistory() {
    assertThat(Slices.usual(RESULT, SPLIT).stream().filter(p -> p.group().equals("history")).map(Slices.Part::name))
        .containsExactly("no items", "1 item", "3 items");
    assertThat(part("history", "3 items").result().users()).containsExactly(SPLIT.train().userIndex("b"));
    assertThat(part("history", "no items").result().mean("s", Metric.RECALL, 3)).isEqualTo(1);
  }

  @Test
  void aGroupThatWouldSayWhatTheWholeSaysIsLeftOut() {
    assertThat(Slices.usual(RESULT, SPLIT)).extracting(Slices.Part::group).doesNotContain("item image");
  }

  @Test
  void slicesOfSlices() {
    BitSet two = new BitSet();
    two.set(2);
    EvaluationResult both = RESULT.ofUsers(user -> user == SPLIT.train().userIndex("c")).ofItems(two);
    assertThat(both.userCount()).isEqualTo(1);
    assertThat(both.perUser("s", Metric.RECALL, 3)).containsExactly(1);
    assertThat(both.ofItems(new BitSet()).mean("s", Metric.NDCG, 3)).isZero();
    assertThat(List.of(both.ks(), both.scorers())).containsExactly(List.of(1, 3), List.of("s"));
  }

  /** Of ten interactions the first fifth are head, the last fifth tail. */
  @Test
  void popularityBands() {
    Split split = Made.split(Made.catalog(7), "a 0 train", "b 0 train", "c 0 train", "a 1 train", "b 1 train",
        "a 2 train", "b 3 train", "a 4 train", "c 5 train", "d 1 train", "a 6 test");
    PopularityBands bands = PopularityBands.of(split.train());
    assertThat(bands.members("head").stream()).containsExactly(0);
    assertThat(bands.members("mid").stream()).containsExactly(1, 2, 3);
    assertThat(bands.members("tail").stream()).containsExactly(4, 5, 6);
    assertThat(bands.shares()).containsEntry("head", 0.3).containsEntry("mid", 0.5).containsEntry("tail", 0.2);
  }
}
