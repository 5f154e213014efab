package io.sfumato.privacy.training;

/** Turns the norms of a batch into factors, keeps count, and moves the bound where it is adaptive. For one thread. */
final class ClipRule {
  /** Norms are float32: this much longer, rounding does not carry a clipped gradient beyond the bound. */
  private static final double SLACK = 1 + 1e-6;

  /** An adaptive bound goes no further from where it began, up or down, so that it never becomes zero. */
  private static final double REACH = 1e6;

  private static final boolean[] NONE = {};

  private final Clipping clipping;
  private final double gradientSigma;
  private final double countSigma;
  private double norm;
  private long clipped;
  private long notFinite;

  /** One half for each unit of this step within the bound, less one half for each beyond it. */
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
    return new ClipRule(clipping, gradient, count); // Mechanism.jointSigma(gradient, count) is sigma
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

  /** Whether each layer is clipped on its own. */
  boolean byLayer() {
    return clipping instanceof Clipping.PerLayer;
  }

  /**
   * Units whose gradient is infinite or not a number in some group.
   *
   * @param squares squared norms by group and unit
   * @return by unit; empty when all are finite
   */
  boolean[] notFinite(float[][] squares) {
    boolean[] left = new boolean[squares[0].length];
    boolean any = false;
    for (float[] group : squares) {
      for (int unit = 0; unit < left.length; unit++) {
        left[unit] |= !Float.isFinite(group[unit]);
        any |= left[unit];
      }
    }
    return any ? left : NONE;
  }

  /**
   * What each unit's gradient is multiplied by in each group.
   *
   * @param squares squared norms by group and unit, finite; rounding may have made them slightly negative
   * @param shares of the groups in the squared bound, together at most 1
   * @param left units that contribute nothing; empty when all do
   * @return by group and unit
   */
  float[][] factors(float[][] squares, double[] shares, boolean[] left) {
    float[][] factors = new float[squares.length][squares[0].length];
    for (int unit = 0; unit < squares[0].length; unit++) {
      if (left.length > 0 && left[unit]) {
        notFinite++;
        centredCount -= 0.5;
        continue;
      }
      boolean shorter = false;
      for (int group = 0; group < squares.length; group++) {
        double length = Math.sqrt(Math.max(0, squares[group][unit])) * SLACK;
        double bound = norm * Math.sqrt(shares[group]);
        double factor = clipping instanceof Clipping.Automatic ? bound / (length + Clipping.GAMMA)
            : length <= bound ? 1 : bound / length;
        factors[group][unit] = (float) factor;
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
      norm = Math.clamp(norm * Math.exp(-adaptive.rate() * (share - adaptive.quantile())), clipping.norm() / REACH,
          clipping.norm() * REACH);
    }
    centredCount = 0;
  }
}
