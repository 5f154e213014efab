package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.TradeOff;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tests of whole curves by one run. */
class CurveOneRunBoundTest {

  @Property(tries = 100, seed = "1")
  void isMonotoneInWhatIsRight(@ForAll @IntRange(min = 2, max = 800) int guesses,
      @ForAll @DoubleRange(min = 0.5, max = 1) double share) {
    int right = Math.min(guesses - 1, (int) (share * guesses));
    double bound = CurveOneRunBound.gaussianEpsilonLower(1000, guesses, right, 1e-5, 0.99);
    assertThat(CurveOneRunBound.gaussianEpsilonLower(1000, guesses, right + 1, 1e-5, 0.99))
        .isGreaterThanOrEqualTo(bound);
    assertThat(CurveOneRunBound.gaussianEpsilonLower(1000, guesses, right, 1e-5, 0.999)).isLessThanOrEqualTo(bound);
    assertThat(CurveOneRunBound.gaussianEpsilonLower(1000, guesses, guesses / 2, 1e-5, 0.99)).isZero();
  }

  /** The test of a Gaussian's curve and the search over Gaussians are two ways to the same. */
  @Property(tries = 30, seed = "2")
  void aGaussiansCurveIsRefutedWhereItsEpsilonIs(@ForAll @DoubleRange(min = 0.4, max = 3) double sigma,
      @ForAll @DoubleRange(min = 0.6, max = 1) double share) {
    int right = (int) (400 * share);
    double bound = CurveOneRunBound.gaussianEpsilonLower(500, 400, right, 1e-5, 0.99);
    for (double factor : new double[]{0.97, 1.03}) {
      var profile = PldAccountant.create().compose(List.of(Phase.of(sigma * factor, 1, 1)));
      if (Math.abs(profile.epsilon(1e-5) - bound) > 0.02) {
        assertThat(CurveOneRunBound.refutes(500, 400, right, profile.tradeOff(), 0.99))
            .isEqualTo(profile.epsilon(1e-5) < bound);
      }
    }
  }

  /**
   * Canaries with a coordinate each, released by Gaussians over Poisson samples with the noise that is accounted, and with less of it. The scores are the best that there are. An honest mechanism is refuted with
   * probability 0.05 at most, by either test.
   */
  @Test
  void honestMechanismsAreRefutedNoMoreOftenThanStatedAndOthersAre() {
    List<Phase> phases = List.of(Phase.of(6, 1, 1), Phase.of(2.5, 0.2, 10));
    AuditClaim claim = AuditClaim.of(phases, 1e-5, PrivacyUnit.USER);
    int[] honest = refuted(claim, 1, 300);
    assertThat(honest[0]).as("by bound").isLessThanOrEqualTo(15);
    assertThat(honest[1]).as("by curve").isLessThanOrEqualTo(15);
    int[] less = refuted(claim, 0.15, 40);
    assertThat(less[1]).as("three twentieths of the noise, by curve").isEqualTo(40);
    int[] tenth = refuted(claim, 0.1, 40);
    assertThat(tenth[0]).as("a tenth of the noise, by bound").isEqualTo(40);
    assertThat(refuted(claim, 0, 10)).as("no noise").containsExactly(10, 10);
  }

  private static int[] refuted(AuditClaim claim, double noise, int trials) {
    SplittableRandom random = new SplittableRandom(5);
    TradeOff curve = claim.curve();
    int m = 600;
    int[] refuted = new int[2];
    for (int trial = 0; trial < trials; trial++) {
      CanaryScores scores = Simulated.canaries(m, 6 * noise, 2.5 * noise, 0.2, 10, random);
      int right = CanaryGuesses.right(scores);
      int guesses = CanaryGuesses.count(m);
      refuted[0] += OneRunBound.epsilonLower(m, guesses, right, claim.delta(), 0.95) > claim.epsilon() ? 1 : 0;
      refuted[1] += CurveOneRunBound.refutes(m, guesses, right, curve, 0.95) ? 1 : 0;
    }
    return refuted;
  }

  /** A curve says more than one of its points: it is refuted with less noise missing. */
  @Test
  void isSharperThanTheBoundOnEpsilon() {
    AuditClaim claim = AuditClaim.of(List.of(Phase.of(6, 1, 1), Phase.of(2.5, 0.2, 10)), 1e-5, PrivacyUnit.USER);
    int[] refuted = refuted(claim, 0.2, 40);
    assertThat(refuted[1]).isGreaterThan(refuted[0] + 10);
  }
}
