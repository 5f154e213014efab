package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Split;
import org.junit.jupiter.api.Test;

class ProtocolTest {
  /** User a: train 0, valid 1, test 2 and 4. User b has no training row: valid 3, test 0. */
  private static final Split SPLIT = Made.split(Made.catalog(6), "a 0 train", "a 1 valid", "a 2 test", "a 4 test",
      "b 3 valid", "b 0 test");

  /** Items in the order of their indices, the best first. */
  private static final Scorer IN_ORDER = Made.scorer("in-order", new float[]{6, 5, 4, 3, 2, 1});

  /** By MMRec's evaluator, a's ranking is 1, 2, 3, 4, 5: 0 is masked, 1 is of the validation part and stays. Hits at ranks 2 and 4. b is left out. */
  @Test
  void mmrecByHand() {
    EvaluationResult result = Evaluation.of(SPLIT).protocol(Protocol.MMREC).k(2, 5).scorer(IN_ORDER).run();
    assertThat(result.userCount()).isEqualTo(1);
    assertThat(result.list("in-order", 0)).containsExactly(1, 2, 3, 4, 5);
    assertThat(result.mean("in-order", Metric.RECALL, 2)).isEqualTo(1.0 / 2);
    assertThat(result.mean("in-order", Metric.PRECISION, 5)).isEqualTo(2.0 / 5);
    // gains 1/log2(3) = 0.630930 and 1/log2(5) = 0.430677, ideal 1 + 0.630930
    assertThat(result.mean("in-order", Metric.NDCG, 5)).isCloseTo(1.061607 / 1.630930, within(1e-6));
    // precision at the hits 1/2 and 2/4, over min(5, 2)
    assertThat(result.mean("in-order", Metric.MAP, 5)).isEqualTo((0.5 + 0.5) / 2);
    assertThat(result.toMap(5)).containsEntry("protocol", "mmrec");
  }

  /** Here a's ranking is 2, 3, 4, 5 with hits at ranks 1 and 3, and b's is 0, 1, 2, 4, 5 with a hit at rank 1. */
  @Test
  void fullByHand() {
    EvaluationResult result = Evaluation.of(SPLIT).k(2, 5).scorer(IN_ORDER).run();
    assertThat(result.list("in-order", 0)).containsExactly(2, 3, 4, 5);
    assertThat(result.list("in-order", 1)).containsExactly(0, 1, 2, 4, 5);
    assertThat(result.perUser("in-order", Metric.RECALL, 2)).containsExactly(0.5, 1);
    assertThat(result.perUser("in-order", Metric.MAP, 5)).containsExactly(new double[]{(1 + 2.0 / 3) / 2, 1},
        within(1e-12));
  }

  @Test
  void namesAndCuts() {
    assertThat(Protocol.parse("MMRec")).isEqualTo(Protocol.MMREC);
    assertThat(Protocol.MMREC.cuts()).containsExactly(5, 10, 20, 50);
    assertThatThrownBy(() -> Protocol.parse("sampled")).hasMessageContaining("full or mmrec but was 'sampled'");
  }
}
