package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The audit that private trainings of recommenders plan, simulated without a recommender: popularity counts with a twentieth of ε = 1 (32 items a user at most, of which a canary has two), the item-item matrix with the share up to 0.65, or
 * counts once more where there are few people, and 60 steps at sampling rate 0.02 with the rest. Scores are sums weighted by log-likelihood ratios under the noise that is stated. This is where the constants of
 * {@link CanaryGuesses} come from; {@link #main} prints what other shares would do.
 */
class PlannedAuditTest {
  private static final double DELTA = 1e-5;
  private static final double RATE = 0.02;
  private static final int STEPS = 60;

  /** Two attacks share 99.9 %. */
  private static final double CONFIDENCE = 0.9995;

  /** Noise multipliers of counts, of the second release and of the steps. */
  private static final double[] SIGMA = sigmas();
  private static final AuditClaim CLAIM = AuditClaim.of(
      List.of(Phase.of(SIGMA[0], 1, 1), Phase.of(SIGMA[1], 1, 1), Phase.of(SIGMA[2], RATE, STEPS)), DELTA,
      PrivacyUnit.USER);

  private static double[] sigmas() {
    Calibration calibration = Calibration.create();
    List<Phase> spent = new ArrayList<>();
    double counts = calibration.sigma(spent, 1, 1, 0.05, DELTA);
    spent.add(Phase.of(counts, 1, 1));
    double second = calibration.sigma(spent, 1, 1, 0.65, DELTA);
    spent.add(Phase.of(second, 1, 1));
    return new double[]{counts, second, calibration.sigma(spent, RATE, STEPS, 1, DELTA)};
  }

  /** Scores on all releases, and on the steps alone. */
  private static List<CanaryScores> simulate(double noise, boolean matrix, SplittableRandom random) {
    int m = 1000;
    Random normal = new Random(random.nextLong());
    // Deviation of the noise along a canary's contribution, in units of that contribution.
    double counts = SIGMA[0] * Math.sqrt(32) / Math.sqrt(2);
    double second = matrix ? SIGMA[1] : SIGMA[1] * Math.sqrt(32) / Math.sqrt(2);
    double steps = SIGMA[2] * Math.sqrt(STEPS) / (RATE * STEPS);
    double[] all = new double[m];
    double[] drawnAlone = new double[m];
    boolean[] in = new boolean[m];
    for (int i = 0; i < m; i++) {
      in[i] = random.nextBoolean();
      double signal = in[i] ? 1 : 0;
      int drawn = 0;
      for (int t = 0; t < STEPS; t++) {
        drawn += in[i] && random.nextDouble() < RATE ? 1 : 0;
      }
      drawnAlone[i] = drawn / (RATE * STEPS) + noise * steps * normal.nextGaussian();
      all[i] = (signal + noise * counts * normal.nextGaussian()) / (counts * counts)
          + (signal + noise * second * normal.nextGaussian()) / (second * second) + drawnAlone[i] / (steps * steps);
    }
    return List.of(new CanaryScores("all releases", "", all, in), new CanaryScores("steps", "", drawnAlone, in));
  }

  /** Right guesses, by attack. */
  private static int[] right(double noise, boolean matrix, long seed) {
    return simulate(noise, matrix, new SplittableRandom(seed)).stream().mapToInt(CanaryGuesses::right).toArray();
  }

  private static double bound(int right) {
    return OneRunBound.epsilonLower(1000, CanaryGuesses.count(1000), right, DELTA, CONFIDENCE);
  }

  private static boolean refuted(int right) {
    return CurveOneRunBound.refutes(1000, CanaryGuesses.count(1000), right, CLAIM.curve(), CONFIDENCE);
  }

  @Test
  void withoutNoiseAllIsFound() {
    double ceiling = OneRunBound.ceiling(1000, CanaryGuesses.count(1000), DELTA, CONFIDENCE);
    assertThat(ceiling).isGreaterThan(3);
    for (boolean matrix : new boolean[]{true, false}) {
      for (long seed = 0; seed < 10; seed++) {
        int[] right = right(0, matrix, seed);
        assertThat(bound(right[0])).isEqualTo(ceiling);
        assertThat(bound(right[1])).as("who was never drawn cannot be told from who was out").isLessThan(0.8 * ceiling);
      }
    }
  }

  @Test
  void aTenthOfTheNoiseIsNoticedAndHonestNoiseIsNot() {
    for (boolean matrix : new boolean[]{true, false}) {
      for (long seed = 0; seed < 10; seed++) {
        assertThat(refuted(right(0.1, matrix, seed)[0])).isTrue();
        int honest = right(1, matrix, seed)[0];
        assertThat(refuted(honest)).isFalse();
        assertThat(bound(honest)).isLessThan(1);
      }
    }
  }

  /** Prints what other shares would give: the ceiling, and how many of 20 trainings are found out by bound and by curve at some falsified noise. */
  public static void main(String[] arguments) {
    System.out.printf(Locale.ROOT, "sigma %.2f %.2f %.3f, allowed AUC %.4f%n", SIGMA[0], SIGMA[1], SIGMA[2],
        CLAIM.curve().maxAuc());
    double[][] shares = {{0.25, 0}, {0.2, 0.05}, {0.25, 0.25}, {0.3, 0.3}, {0.35, 0.35}, {0.4, 0.4}};
    for (double[] share : shares) {
      int guesses = (int) Math.round(1000 * (share[0] + share[1]));
      System.out.printf(Locale.ROOT, "in %.2f out %.2f: ceiling %.2f", share[0], share[1],
          OneRunBound.ceiling(1000, guesses, DELTA, CONFIDENCE));
      for (boolean matrix : new boolean[]{true, false}) {
        for (double noise : new double[]{0.1, 0.2, 1}) {
          int byBound = 0;
          int byCurve = 0;
          for (long seed = 0; seed < 20; seed++) {
            int right = CanaryGuesses.right(simulate(noise, matrix, new SplittableRandom(seed)).getFirst(), share[0],
                share[1]);
            byBound += OneRunBound.epsilonLower(1000, guesses, right, DELTA, CONFIDENCE) > 1 ? 1 : 0;
            byCurve += CurveOneRunBound.refutes(1000, guesses, right, CLAIM.curve(), CONFIDENCE) ? 1 : 0;
          }
          System.out.printf(" | %s x %.1f: %d, %d", matrix ? "matrix" : "counts", noise, byBound, byCurve);
        }
      }
      System.out.println();
    }
  }
}
