package io.sfumato.privacy.training;

import io.sfumato.privacy.accounting.Mechanism;
import java.util.List;

/** Turns the norms of a batch into factors, keeps count, and moves the bound where it is adaptive. For one thread. */
final class ClipRule {
  private final Clipping clipping;
  private final double gradientSigma;
  private final double countSigma;
  private double norm;
  private long clipped;
  private long notFinite;

  /** Units of this step within the bound, and all, minus one half each. */
  private double centredCount;

  private ClipRule(Clipping clipping, double gradientSigma, double countSigma) {
    this.clipping = clipping;
    this.gradientSigma = gradientSigma;
    this.countSigma = countSigma;
    this.norm = clipping.norm();
  }

  static ClipRule of(Clipping clipping, Sensitivity sensitivity, double sigma) {
    if (!(clipping instanceof Clipping.Adaptive adaptive)) {
      return new ClipRule(clipping, sigma, 0);
    }
    if (sensitivity.clips() != 1) {
      throw new IllegalArgumentException("adaptive clipping counts units, and here one moves " + sensitivity.clips()
          + " clipping norms: use flat clipping");
    }
    if (sigma == 0) {
      return new ClipRule(clipping, 0, 0);
    }
    double count = adaptive.countSigma() == 0 ? 10 * sigma : adaptive.countSigma();
    if (count <= sigma) {
      throw new IllegalArgumentException("the count's noise multiplier must be above the step's " + sigma + " but was "
          + count + ": nothing would be left for the gradient");
    }
    double gradient = 1 / Math.sqrt(1 / (sigma * sigma) - 1 / (count * count));
    return new ClipRule(clipping, gradient, count);
  }

  /** Noise multiplier of the gradient alone. */
  double gradientSigma() {
    return gradientSigma;
  }

  double norm() {
    return norm;
  }

  long clipped() {
    return clipped;
  }

  long notFinite() {
    return notFinite;
  }

  /**
   * Factors of each layer and unit.
   *
   * @param squares squared norms by layer and unit
   * @return by layer and unit
   */
  float[][] factors(List<float[]> squares) {
    int layers = squares.size();
    int units = squares.getFirst().length;
    float[][] factors = new float[layers][units];
    for (int unit = 0; unit < units; unit++) {
      double total = 0;
      for (float[] layer : squares) {
        total += Math.max(0, layer[unit]) + (Float.isNaN(layer[unit]) ? Double.NaN : 0);
      }
      if (!Double.isFinite(total)) {
        notFinite++;
        centredCount -= 0.5;
        continue;
      }
      boolean shorter = false;
      for (int i = 0; i < layers; i++) {
        boolean own = clipping instanceof Clipping.PerLayer;
        double length = Math.sqrt(own ? Math.max(0, squares.get(i)[unit]) : total);
        double bound = own ? norm / Math.sqrt(layers) : norm;
        double factor = clipping instanceof Clipping.Automatic ? bound / (length + Clipping.GAMMA)
            : Math.min(1, bound / length);
        factors[i][unit] = (float) factor;
        shorter |= factor < 1;
      }
      clipped += shorter ? 1 : 0;
      centredCount += shorter ? -0.5 : 0.5;
    }
    return factors;
  }

  /** Ends a step: a noisy count moves the bound. */
  void next(NoiseGenerator noise, double expectedUnits) {
    if (clipping instanceof Clipping.Adaptive adaptive) {
      double[] count = {centredCount};
      noise.add(count, countSigma / 2);
      double share = Math.clamp(count[0] / expectedUnits + 0.5, 0, 1);
      norm *= Math.exp(-adaptive.rate() * (share - adaptive.quantile()));
    }
    centredCount = 0;
  }
}
