package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

/** What must hold of one-run bounds beyond the values of the reference. */
class OneRunBoundTest {
  private static final double[] DELTAS = {0, 1e-15, 1e-6, 1e-3};

  /** All i tried one by one, each by two values of a distribution function. */
  @Property(tries = 300, seed = "1")
  void agreesWithItsDefinition(@ForAll @IntRange(min = 1, max = 120) int guesses,
      @ForAll @DoubleRange(min = 0, max = 1) double share, @ForAll @DoubleRange(min = 0, max = 6) double epsilon) {
    int right = (int) Math.round(share * guesses);
    var binomial = BinomialDistribution.of(guesses, 1 / (1 + Math.exp(-epsilon)));
    double alpha = 0;
    for (int i = 1; i <= right; i++) {
      double below = right - i == 0 ? 0 : binomial.cumulativeProbability(right - i - 1);
      alpha = Math.max(alpha, (binomial.cumulativeProbability(right - 1) - below) / i);
    }
    double beta = right == 0 ? 1 : binomial.survivalProbability(right - 1);
    for (double delta : DELTAS) {
      double expected = Math.min(1, beta + 2.0 * 200 * delta * alpha);
      assertThat(OneRunBound.pValue(200, guesses, right, epsilon, delta)).isCloseTo(expected, within(1e-11));
    }
  }

  @Property(tries = 200, seed = "2")
  void isMonotone(@ForAll @IntRange(min = 2, max = 2000) int guesses,
      @ForAll @DoubleRange(min = 0.5, max = 1) double share, @ForAll @IntRange(min = 0, max = 3) int d,
      @ForAll @DoubleRange(min = 0.8, max = 0.99) double confidence) {
    int canaries = guesses + guesses / 3;
    int right = Math.min(guesses - 1, (int) (share * guesses));
    double bound = OneRunBound.epsilonLower(canaries, guesses, right, DELTAS[d], confidence);
    assertThat(OneRunBound.epsilonLower(canaries, guesses, right + 1, DELTAS[d], confidence))
        .as("one more is right")
        .isGreaterThanOrEqualTo(bound);
    assertThat(OneRunBound.epsilonLower(canaries, guesses, right, DELTAS[d], 0.75 + confidence / 4))
        .as("at a higher confidence")
        .isLessThanOrEqualTo(bound);
    assertThat(OneRunBound.epsilonLower(2 * canaries, guesses, right, DELTAS[d], confidence))
        .as("of more canaries")
        .isLessThanOrEqualTo(bound);
    assertThat(bound).isLessThanOrEqualTo(OneRunBound.ceiling(canaries, guesses, DELTAS[d], confidence));
    if (d > 0) {
      assertThat(bound).as("larger delta")
          .isLessThanOrEqualTo(OneRunBound.epsilonLower(canaries, guesses, right, DELTAS[d - 1], confidence));
    }
    assertThat(OneRunBound.epsilonLower(canaries, guesses, guesses / 2, DELTAS[d], confidence)).as("luck alone")
        .isZero();
  }

  /** A bound is the end of what is refuted only if p rises with ε until it is as likely as not. */
  @Property(tries = 200, seed = "3")
  void largerClaimsAreHarderToRefute(@ForAll @IntRange(min = 1, max = 3000) int guesses,
      @ForAll @DoubleRange(min = 0.5, max = 1) double share, @ForAll @IntRange(min = 0, max = 3) int d) {
    int right = (int) Math.ceil(share * guesses);
    double before = 0;
    for (double epsilon = 0; epsilon < 8 && before < 0.5; epsilon += 0.05) {
      double p = OneRunBound.pValue(guesses, guesses, right, epsilon, DELTAS[d]);
      assertThat(p).isGreaterThanOrEqualTo(before * (1 - 1e-12));
      before = p;
    }
  }

  /** One million guesses: far tails neither vanish nor take long. */
  @Test
  void holdsForAMillionCanaries() {
    int m = 1_000_000;
    // All right though a coin was thrown for each: the mean of P[999,999], P[999,998], … is largest where it has just taken in nearly all of the mass, 499,000 down.
    double p = OneRunBound.pValue(m, m, m, 0, 1e-15);
    assertThat(p).isBetween(2 * m * 1e-15 / 502_000, 2 * m * 1e-15 / 500_000);
    assertThat(OneRunBound.pValue(m, m, m, 0, 0)).isZero();
    // Without δ, β = q^m alone: ε = −log(p^(−1/m) − 1).
    assertThat(OneRunBound.ceiling(m, m, 0, 0.999)).isCloseTo(-Math.log(Math.expm1(-Math.log(0.001) / m)),
        within(1e-6));
    assertThat(OneRunBound.ceiling(m, m, 1e-15, 0.999)).isCloseTo(OneRunBound.ceiling(m, m, 0, 0.999), within(1e-6));
    // As many right as randomised response at ε = 1 lets be right: just refuted some way below 1, never above.
    int right = (int) (m / (1 + Math.exp(-1)));
    assertThat(OneRunBound.epsilonLower(m, m, right, 1e-15, 0.999)).isBetween(0.99, 1.0);
  }

  /** Randomised response is as private as ε says and lets an attacker be right as often as ε allows: refuted as often as stated, no more. And a mechanism that fails with probability δ. */
  @Test
  void honestMechanismsAreRefutedNoMoreOftenThanStated() {
    SplittableRandom random = new SplittableRandom(4);
    double delta = 0.0004;
    for (double epsilon : new double[]{0, 0.5, 2}) {
      int refuted = 0;
      int trials = 4000;
      for (int trial = 0; trial < trials; trial++) {
        boolean fails = random.nextDouble() < delta;
        int right = 0;
        for (int i = 0; i < 150; i++) {
          right += fails || random.nextDouble() < 1 / (1 + Math.exp(-epsilon)) ? 1 : 0;
        }
        refuted += OneRunBound.epsilonLower(200, 150, right, trial % 2 == 0 ? 0 : delta, 0.95) > epsilon ? 1 : 0;
      }
      // The even half of trials states δ = 0 and fails with probability 0.0004 all the same: 2 of 4000.
      assertThat(refuted).as("epsilon " + epsilon).isLessThan((int) (trials * 0.05 + 3 * Math.sqrt(trials * 0.05)));
      assertThat(refuted).as("the test is not vacuous at " + epsilon).isPositive();
    }
  }

  @Test
  void refusesNumbersThatCannotBe() {
    assertThatThrownBy(() -> OneRunBound.pValue(10, 11, 5, 1, 0)).hasMessageContaining("11 and 10");
    assertThatThrownBy(() -> OneRunBound.pValue(10, 5, 6, 1, 0)).hasMessageContaining("6, 5 and 10");
    assertThatThrownBy(() -> OneRunBound.pValue(10, 5, 5, -1, 0)).hasMessageContaining("-1");
    assertThatThrownBy(() -> OneRunBound.pValue(10, 5, 5, Double.NaN, 0)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> OneRunBound.epsilonLower(10, 5, 5, 2, 0.9)).hasMessageContaining("delta");
    assertThatThrownBy(() -> OneRunBound.epsilonLower(10, 5, 5, 0, 1)).hasMessageContaining("confidence");
    assertThat(OneRunBound.epsilonLower(0, 0, 0, 0, 0.9)).isZero();
  }
}
