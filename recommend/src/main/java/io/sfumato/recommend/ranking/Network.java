package io.sfumato.recommend.ranking;

import java.util.List;

/**
 * One hidden layer and a linear part beside it, {@code s(x) = w·x + v·relu(W x + b)}, as arrays. Several networks average into one that is as wide
 * as all of them. Immutable but for what the arrays' owner does.
 */
final class Network {
  /**
   * How a candidate is scored; one implementation with the Vector API, one without, which give the same bits, interpreted or compiled: hidden sums grow by fused multiply-adds in the order of the inputs; unit h
   * adds to total {@code h mod 8} in the order of the units; the eight are added by {@link io.sfumato.encoders.linalg.InnerProducts#pairwise}, then those {@link #tail beyond the last whole eight}; the linear
   * part is an {@link io.sfumato.encoders.linalg.InnerProducts inner product}.
   */
  interface Kernel {
    /** Scores rows of a matrix [count, inputs]; the hidden weights are row-major [inputs, hidden]. */
    void score(Network network, float[] matrix, int count, float[] out);
  }

  private static final Kernel KERNEL = kernel();

  private final float[] linear;
  private final float[] weights;
  private final float[] bias;
  private final float[] out;

  /**
   * @param linear [inputs]
   * @param weights row-major [inputs, hidden]
   * @param bias [hidden]
   * @param out [hidden]
   */
  Network(float[] linear, float[] weights, float[] bias, float[] out) {
    if (weights.length != (long) linear.length * bias.length || out.length != bias.length) {
      throw new IllegalArgumentException("a network of %d inputs cannot have %d weights, %d biases, %d outputs"
          .formatted(linear.length, weights.length, bias.length, out.length));
    }
    this.linear = linear;
    this.weights = weights;
    this.bias = bias;
    this.out = out;
  }

  /** The network whose score is the mean of the scores. */
  static Network mean(List<Network> networks) {
    int inputs = networks.getFirst().inputs();
    int hidden = networks.stream().mapToInt(Network::hidden).sum();
    float[] linear = new float[inputs];
    float[] weights = new float[inputs * hidden];
    float[] bias = new float[hidden];
    float[] out = new float[hidden];
    int at = 0;
    for (Network network : networks) {
      int own = network.hidden();
      for (int i = 0; i < inputs; i++) {
        linear[i] += network.linear[i] / networks.size();
        System.arraycopy(network.weights, i * own, weights, i * hidden + at, own);
      }
      for (int h = 0; h < own; h++) {
        bias[at + h] = network.bias[h];
        out[at + h] = network.out[h] / networks.size();
      }
      at += own;
    }
    return new Network(linear, weights, bias, out);
  }

  private static Kernel kernel() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() && VectorKernel.pays()
        ? new VectorKernel()
        : new ScalarKernel();
  }

  /** What the hidden units from one on add to the score of the row at {@code offset}, unit by unit. */
  static float tail(Network network, float[] matrix, int offset, int from) {
    float score = 0;
    int hidden = network.hidden();
    for (int h = from; h < hidden; h++) {
      float sum = network.bias[h];
      for (int i = 0; i < network.inputs(); i++) {
        sum += network.weights[i * hidden + h] * matrix[offset + i];
      }
      score += network.out[h] * Math.max(0, sum);
    }
    return score;
  }

  void score(float[] matrix, int count, float[] scores) {
    if (matrix.length < count * inputs() || scores.length < count) {
      throw new IllegalArgumentException(
          "%d candidates of %d features need a matrix of %d and %d scores but got %d and %d"
              .formatted(count, inputs(), count * inputs(), count, matrix.length, scores.length));
    }
    KERNEL.score(this, matrix, count, scores);
  }

  int inputs() {
    return linear.length;
  }

  int hidden() {
    return bias.length;
  }

  float[] linear() {
    return linear;
  }

  float[] weights() {
    return weights;
  }

  float[] bias() {
    return bias;
  }

  float[] out() {
    return out;
  }
}
