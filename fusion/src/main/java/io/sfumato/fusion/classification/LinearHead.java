package io.sfumato.fusion.classification;

import io.sfumato.fusion.FusionException;

/**
 * Class probabilities from features: {@code softmax((W x + b) / T)}. Plain Java; thread-safe, since nothing changes after construction.
 *
 * @param classes number of classes K, 1 or more
 * @param inputs length d of the features
 * @param weights W, row-major [K, d]
 * @param bias b, [K]
 * @param temperature T, positive: above 1 makes the probabilities less sure, without changing which is largest
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record LinearHead(int classes, int inputs, float[] weights, float[] bias, double temperature) {
  LinearHead {
    if (classes < 1 || weights.length != classes * inputs || bias.length != classes) {
      throw new FusionException("DIMENSION_MISMATCH",
          "a head of %d classes over %d features cannot have %d weights and %d biases".formatted(classes, inputs,
              weights.length, bias.length));
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new FusionException("BAD_OPTION", "temperature must be positive and finite but was " + temperature);
    }
  }

  LinearHead withTemperature(double value) {
    return new LinearHead(classes, inputs, weights, bias, value);
  }

  /** W x + b, before the division by T. */
  double[] logits(float[] x) {
    double[] out = new double[classes];
    for (int k = 0; k < classes; k++) {
      double sum = bias[k];
      for (int j = 0; j < inputs; j++) {
        sum += (double) weights[k * inputs + j] * x[j];
      }
      out[k] = sum;
    }
    return out;
  }

  /** One probability a class. */
  double[] probabilities(float[] x) {
    return softmax(logits(x), temperature);
  }

  /** {@code softmax(z / t)}, without overflow. */
  static double[] softmax(double[] z, double t) {
    double most = Double.NEGATIVE_INFINITY;
    for (double value : z) {
      most = Math.max(most, value);
    }
    double[] out = new double[z.length];
    double sum = 0;
    for (int k = 0; k < z.length; k++) {
      out[k] = Math.exp((z[k] - most) / t);
      sum += out[k];
    }
    for (int k = 0; k < z.length; k++) {
      out[k] /= sum;
    }
    return out;
  }
}
