package io.sfumato.fusion.classification;

/** Finds the temperature with which probabilities fit held-out labels best (Guo, Pleiss, Sun and Weinberger 2017). It changes no answer, only how sure it is. */
final class TemperatureScaling {
  /** With fewer held-out examples than this there is nothing to fit to. */
  static final int LEAST_EXAMPLES = 20;

  private static final double WIDEST = Math.log(1000);
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final int HALVINGS = 60;

  private TemperatureScaling() {}

  /**
   * The temperature in [1/1000, 1000] of the smallest mean cross-entropy, by golden section over its logarithm; 1 with fewer than {@value #LEAST_EXAMPLES} examples. The loss is convex in 1/T, and so has
   * one minimum over ln T.
   *
   * @param logits one row an example
   * @param labels class of each example
   */
  static double fit(double[][] logits, int[] labels) {
    if (labels.length < LEAST_EXAMPLES) {
      return 1;
    }
    double low = -WIDEST;
    double high = WIDEST;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = loss(logits, labels, Math.exp(left));
    double atRight = loss(logits, labels, Math.exp(right));
    for (int i = 0; i < HALVINGS; i++) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = loss(logits, labels, Math.exp(left));
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = loss(logits, labels, Math.exp(right));
      }
    }
    return Math.exp((low + high) / 2);
  }

  /** Mean cross-entropy, in nats. */
  static double loss(double[][] logits, int[] labels, double temperature) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double[] z = logits[i];
      double most = Double.NEGATIVE_INFINITY;
      for (double value : z) {
        most = Math.max(most, value);
      }
      double total = 0;
      for (double value : z) {
        total += Math.exp((value - most) / temperature);
      }
      sum += Math.log(total) - (z[labels[i]] - most) / temperature;
    }
    return sum / labels.length;
  }
}
