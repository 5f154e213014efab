package io.sfumato.privacy.audit;

import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.TradeOff;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErfc;

/**
 * What one training run says against a whole trade-off curve (Mahloujifar, Melis and Chaudhuri 2024, <i>Auditing f-Differential Privacy in One Run</i>, arXiv 2410.22235, Algorithm 3). The setting
 * is that of {@link OneRunBound}; a curve says more than one (ε, δ), so fewer guesses refute it.
 */
public final class CurveOneRunBound {
  private static final double SQRT2 = Math.sqrt(2);
  private static final double TOLERANCE = 1e-10;

  /** No number of guesses refutes a Gaussian of so large a shift. */
  private static final double LARGEST_SHIFT = 64;

  private CurveOneRunBound() {}

  /**
   * Whether a curve is refuted: with it, so many right guesses have a probability below 1 − confidence.
   *
   * @param canaries m
   * @param guesses r, up to m
   * @param right v, up to r
   * @param curve the highest true positive rate that is claimed at each false positive rate
   * @param confidence in (½, 1)
   */
  public static boolean refutes(int canaries, int guesses, int right, TradeOff curve, double confidence) {
    return refutes(canaries, guesses, right, curve::minFalsePositiveRate, confidence);
  }

  /** The smallest ε of a Gaussian mechanism at δ that is not refuted: a lower bound on ε that holds where the release is as private as a Gaussian one, no matter of which noise, and there alone. */
  public static double gaussianEpsilonLower(int canaries, int guesses, int right, double delta, double confidence) {
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta must be in (0, 1) but was " + delta);
    }
    double low = 0;
    double high = 1;
    while (high < LARGEST_SHIFT && refutesShift(canaries, guesses, right, high, confidence)) {
      low = high;
      high *= 2;
    }
    while (high - low > TOLERANCE) {
      double middle = (low + high) / 2;
      if (refutesShift(canaries, guesses, right, middle, confidence)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : PldAccountant.create().compose(List.of(Phase.of(1 / low, 1, 1))).epsilon(delta);
  }

  /** Whether N(μ, 1) against N(0, 1) is refuted, whose curve is {@code Φ(Φ⁻¹(fpr) + μ)}. */
  private static boolean refutesShift(int canaries, int guesses, int right, double mu, double confidence) {
    return refutes(canaries, guesses, right, tpr -> shifted(tpr, -mu), confidence);
  }

  /** {@code Φ(Φ⁻¹(x) + shift)}. */
  private static double shifted(double x, double shift) {
    return x <= 0 ? 0 : x >= 1 ? 1 : Erfc.value(InverseErfc.value(2 * x) - shift / SQRT2) / 2;
  }

  /**
   * The algorithm. From the assumption that v right guesses have probability p follow lower bounds on the probabilities of fewer; they are added up in r (right) and h (wrong), in shares of canaries; where together
   * they need more guesses than there were, the assumption was wrong and the probability is below p.
   *
   * @param inverse the lowest false positive rate that the curve allows at each true positive rate
   */
  static boolean refutes(int canaries, int guesses, int right, DoubleUnaryOperator inverse, double confidence) {
    OneRunBound.check(canaries, guesses, right);
    double share = OneRunBound.significance(confidence) / canaries;
    double limit = (double) guesses / canaries;
    double r = share * right;
    double h = share * (guesses - right);
    for (int i = right - 1; i >= 0 && r + h <= limit; i--) {
      double next = Math.max(h, inverse.applyAsDouble(r));
      if (next <= h) {
        break; // neither can change any more
      }
      r = Math.min(1, r + i / (double) (guesses - i) * (next - h));
      h = next;
    }
    return r + h > limit;
  }
}
