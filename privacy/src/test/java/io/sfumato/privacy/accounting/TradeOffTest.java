package io.sfumato.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TradeOffTest {

  @Test
  void oneGaussianByHand() {
    // Telling N(1, 1) from N(0, 1) by a threshold: TPR = Φ(1 + Φ⁻¹(FPR)), AUC = Φ(1/√2), advantage 2Φ(1/2) − 1.
    TradeOff tradeOff = PldAccountant.create().compose(List.of(new Phase(new Gaussian(1), 1))).tradeOff();
    assertThat(tradeOff.maxAuc()).isCloseTo(0.76025, within(1e-4)).isGreaterThanOrEqualTo(0.760249);
    assertThat(tradeOff.maxAdvantage()).isCloseTo(0.38292, within(1e-4));
    // Φ⁻¹(0.01) = −2.32635, Φ(−1.32635) = 0.09236.
    assertThat(tradeOff.maxTruePositiveRate(0.01)).isCloseTo(0.09236, within(1e-4)).isGreaterThanOrEqualTo(0.092362);
    assertThat(tradeOff.maxTruePositiveRate(1)).isEqualTo(1);
  }

  @Test
  void isReadBackwardsExactly() {
    TradeOff tradeOff = PldAccountant.create().compose(List.of(Phase.of(0.8, 0.1, 30))).tradeOff();
    for (double fpr : new double[]{0, 1e-6, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.999}) {
      double tpr = tradeOff.maxTruePositiveRate(fpr);
      assertThat(tradeOff.minFalsePositiveRate(tpr)).isCloseTo(fpr, within(1e-12 + 1e-9 * fpr));
    }
    // What δ gives for nothing costs nothing; everything costs everything.
    assertThat(tradeOff.minFalsePositiveRate(0)).isZero();
    assertThat(tradeOff.minFalsePositiveRate(1)).isBetween(0.99, 1.0);
    TradeOff none = PldAccountant.create().compose(List.of(Phase.of(0, 0.1, 1))).tradeOff();
    assertThat(none.minFalsePositiveRate(1)).as("without noise").isZero();
    assertThatThrownBy(() -> none.minFalsePositiveRate(1.5)).hasMessageContaining("was 1.5");
  }

  @Test
  void nothingReleasedLeavesGuessingAndNoNoiseLeavesNothing() {
    PldAccountant accountant = PldAccountant.create();
    assertThat(accountant.compose(List.of()).tradeOff().maxAuc()).isCloseTo(0.5, within(1e-12));
    assertThat(accountant.compose(List.of(Phase.of(0, 0.1, 1))).tradeOff().maxAuc()).isEqualTo(1);
  }

  @Test
  void theRenyiBoundIsWeaker() {
    List<Phase> phases = List.of(Phase.of(1, 0.01, 1000));
    TradeOff tight = PldAccountant.create().compose(phases).tradeOff();
    TradeOff loose = RdpAccountant.create().compose(phases).tradeOff();
    assertThat(tight.maxAuc()).isBetween(0.5, loose.maxAuc());
    for (double fpr : new double[]{0, 1e-4, 1e-3, 1e-2, 0.1, 0.5}) {
      assertThat(tight.maxTruePositiveRate(fpr)).isBetween(fpr, loose.maxTruePositiveRate(fpr) * (1 + 1e-9));
    }
  }
}
