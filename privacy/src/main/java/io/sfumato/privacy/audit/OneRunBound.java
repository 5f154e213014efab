package io.sfumato.privacy.audit;

import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * What one training run says against a claim of (ε, δ)-differential privacy (Steinke, Nasr and Jagielski 2023, <i>Privacy Auditing with One (1) Training Run</i>,
 * Theorem 5.2).
 *
 * <p>Each of m canaries is in by a fair coin of its own. An attacker who sees what was released guesses the coins of r of them, r fixed beforehand, and abstains from the others; v guesses are right. Were the
 * release (ε, 0)-private with respect to each canary, added or removed, v would be dominated by a binomial of r trials at {@code q = 1/(1 + e^−ε)}; δ adds at most
 * {@code 2mδ·max_i P[v − i ≤ Bin(r, q) < v]/i}. Nothing is assumed of the release, of the scores, nor of how canaries influence one another.
 *
 * <p>Exact to rounding for m up to 10⁶ and δ down to 10⁻¹⁵ and below.
 */
public final class OneRunBound {
  /** Bernstein's exponent of the mass of a binomial that is left out above its mean: e⁻⁶⁰. */
  private static final double LEFT_OUT = 60;

  /** Relative width of the interval that a bound is narrowed to; its lower end is returned. */
  private static final double TOLERANCE = 1e-10;

  /** Where the search gives up: no number of guesses refutes so much. */
  private static final double LARGEST = 600;

  private OneRunBound() {}

  /**
   * Probability, at most, that a release which keeps (ε, δ) lets an attacker guess so many right.
   *
   * @param canaries m
   * @param guesses r, up to m
   * @param right v, up to r
   * @param epsilon ε of the claim, 0 or more
   * @param delta δ of the claim in [0, 1]
   * @return p in [0, 1]; a claim is refuted at confidence 1 − p
   */
  public static double pValue(int canaries, int guesses, int right, double epsilon, double delta) {
    check(canaries, guesses, right);
    checkDelta(delta);
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon must not be negative but was " + epsilon);
    }
    if (right == 0) {
      return 1;
    }
    double wrong = Math.exp(-epsilon) / (1 + Math.exp(-epsilon));
    double beta = tail(guesses, wrong, guesses - right);
    double alpha = delta == 0 ? 0 : steepest(guesses, right, wrong);
    return Math.min(1, beta + 2.0 * canaries * delta * alpha);
  }

  /**
   * The largest ε such that all claims below are refuted.
   *
   * @param confidence of the bound in (½, 1), such as .999
   * @return 0 where not even ε = 0 is refuted
   */
  public static double epsilonLower(int canaries, int guesses, int right, double delta, double confidence) {
    double significance = significance(confidence);
    if (pValue(canaries, guesses, right, 0, delta) > significance) {
      return 0;
    }
    double low = 0;
    double high = 1;
    while (high < LARGEST && pValue(canaries, guesses, right, high, delta) <= significance) {
      low = high;
      high *= 2;
    }
    while (high - low > TOLERANCE * high) {
      double middle = (low + high) / 2;
      if (pValue(canaries, guesses, right, middle, delta) <= significance) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** What {@link #epsilonLower} would be were all guesses right: no larger claim can be refuted by so many guesses. */
  public static double ceiling(int canaries, int guesses, double delta, double confidence) {
    return epsilonLower(canaries, guesses, guesses, delta, confidence);
  }

  /** P[at most {@code most} of {@code trials} guesses are wrong]. */
  private static double tail(int trials, double wrong, int most) {
    return wrong == 0 ? 1 : BinomialDistribution.of(trials, wrong).cumulativeProbability(most);
  }

  /**
   * {@code max_i P[v − i ≤ Bin(r, q) < v]/i}, the largest mean of probabilities next below v. The binomial has one mode, so the mean of {@code P[v − 1], P[v − 2], …} rises until the next one is
   * smaller than it, and falls ever after. What lies so far above the mean that all of it together is below e⁻⁶⁰ is not added up.
   */
  private static double steepest(int r, int v, double wrong) {
    if (wrong == 0) {
      return 0; // all guesses are right, and v is no more than all
    }
    double mean = r * (1 - wrong);
    double variance = mean * wrong;
    double reach = LEFT_OUT / 3 + Math.sqrt(LEFT_OUT * LEFT_OUT / 9 + 2 * LEFT_OUT * variance);
    int k = (int) Math.min(v - 1, Math.ceil(mean + reach));
    double odds = wrong / (1 - wrong);
    double probability = Math.exp(logProbability(r, k, wrong));
    double sum = 0;
    double best = 0;
    for (; k >= 0; k--) {
      sum += probability;
      double average = sum / (v - k);
      if (average < best && k < mean) {
        break;
      }
      best = Math.max(best, average);
      probability *= odds * k / (r - k + 1.0);
    }
    return best;
  }

  private static double logProbability(int r, int k, double wrong) {
    double choose = LogGamma.value(r + 1.0) - LogGamma.value(k + 1.0) - LogGamma.value(r - k + 1.0);
    return choose + k * Math.log1p(-wrong) + (r - k) * Math.log(wrong);
  }

  static double significance(double confidence) {
    if (!(confidence > 0.5 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0.5, 1) but was " + confidence);
    }
    return 1 - confidence;
  }

  static void checkDelta(double delta) {
    if (!(delta >= 0 && delta <= 1)) {
      throw new IllegalArgumentException("delta must be in [0, 1] but was " + delta);
    }
  }

  static void check(int canaries, int guesses, int right) {
    if (!(0 <= right && right <= guesses && guesses <= canaries)) {
      throw new IllegalArgumentException(
          "right guesses, guesses and canaries must ascend from 0 but were %d, %d and %d".formatted(right, guesses,
              canaries));
    }
  }
}
