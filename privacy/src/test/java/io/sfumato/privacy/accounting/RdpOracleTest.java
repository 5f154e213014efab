package io.sfumato.privacy.accounting;

import static io.sfumato.privacy.accounting.Oracle.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class RdpOracleTest {
  private static final RdpAccountant RDP = RdpAccountant.create();

  @Test
  void aFullBatchDivergenceByHand() {
    // D_α(N(1, σ²) ‖ N(0, σ²)) = α/(2σ²): α = 3, σ = 2 gives 3/8.
    assertThat(RDP.divergence(new Gaussian(2), 3)).isEqualTo(0.375);
    // Replacing moves the centre twice as far: four times as much.
    assertThat(RDP.withNeighbouring(Neighbouring.REPLACE).divergence(new Gaussian(2), 3)).isEqualTo(1.5);
    // Order 2 of the subsampled Gaussian: A = Σ C(2,k)(1−q)^(2−k) q^k e^(k(k−1)/2σ²) = 1 + q²(e − 1) at σ = 1.
    assertThat(RDP.divergence(new SubsampledGaussian(1, 0.1), 2))
        .isCloseTo(Math.log(1 + 0.01 * (Math.E - 1)), within(1e-15));
  }

  @Test
  void divergencesAgreeWithQuadratureAndOpacus() {
    for (JsonNode row : Oracle.rows("rdp_points")) {
      double divergence = RDP.divergence(Mechanism.of(number(row, "sigma"), number(row, "q")), number(row, "alpha"));
      for (String oracle : List.of("quadrature", "opacus", "closed_form")) {
        if (Oracle.has(row, oracle)) {
          assertThat(divergence).as("%s of %s", oracle, row).isCloseTo(number(row, oracle), within(1e-6 * divergence));
        }
      }
    }
  }

  @Test
  void wholeOrdersAgreeWithTheIntegralOfNearbyOrders() {
    // Two methods: the binomial sum at a whole order, the trapezoidal rule beside it.
    for (double sigma : new double[]{0.4, 1, 3}) {
      for (int alpha : new int[]{2, 5, 17, 60}) {
        var mechanism = new SubsampledGaussian(sigma, 0.02);
        double below = RDP.divergence(mechanism, alpha - 1e-7);
        double above = RDP.divergence(mechanism, alpha + 1e-7);
        assertThat(RDP.divergence(mechanism, alpha)).isCloseTo((below + above) / 2, within(1e-9 * above));
      }
    }
  }

  @Test
  void epsilonAgreesWithOpacusWhereTheOrdersAgreeAndIsSmallerElsewhere() {
    long slowest = 0;
    RDP.epsilon(List.of(Phase.of(0.5, 0.001, 1000)), 1e-5);
    for (JsonNode row : Oracle.rows("grid")) {
      long start = Oracle.cpuNanos();
      RdpEpsilon found = RDP.best(Oracle.phases(row), number(row, "delta"));
      slowest = Math.max(slowest, Oracle.cpuNanos() - start);
      check(row, found);
      assertThat(found.epsilon()).as("RDP is never below PLD: %s", row)
          .isGreaterThan(number(row, "dpacc_pld") - (number(row, "dpacc_pld") > 745 ? 1.1 : 0));
    }
    // Less than a half where this was written.
    assertThat(slowest).as("CPU time of the slowest point").isLessThan(5 * Oracle.transformNanos());
    for (JsonNode row : Oracle.rows("multiphase")) {
      check(row, RDP.best(Oracle.phases(row), number(row, "delta")));
    }
  }

  private static void check(JsonNode row, RdpEpsilon found) {
    double opacus = number(row, "opacus_rdp");
    if (Math.abs(found.alpha() - number(row, "opacus_rdp_alpha")) < 1e-9) {
      assertThat(found.epsilon()).as("%s", row).isCloseTo(opacus, within(1e-6 * opacus));
    } else {
      // 11 and everything above 63 are not among Opacus' orders.
      assertThat(found.alpha()).as("%s", row).matches(alpha -> alpha == 11 || alpha > 63);
      assertThat(found.epsilon()).as("%s", row).isLessThan(opacus);
    }
    assertThat(found.atEdge()).isEqualTo(found.alpha() == 1.1 || found.alpha() == 1024);
  }

  @Test
  void replacementBoundsThePrivacyLossDistribution() {
    RdpAccountant replace = RDP.withNeighbouring(Neighbouring.REPLACE);
    for (JsonNode row : Oracle.rows("replace_one")) {
      double pld = number(row, "dpacc_pld_replace_one");
      assertThat(replace.epsilon(Oracle.phases(row), number(row, "delta"))).as("%s", row).isBetween(pld, 1.12 * pld);
    }
  }

  @Test
  void theEdgeIsReported() {
    assertThat(RDP.best(List.of(Phase.of(0.5, 1, 10000)), 1e-5)).returns(1.1, RdpEpsilon::alpha)
        .returns(true,
            RdpEpsilon::atEdge);
    assertThat(RDP.withOrders(2, 3).best(List.of(Phase.of(4, 0.01, 10)), 1e-5)).returns(true, RdpEpsilon::atEdge);
  }
}
