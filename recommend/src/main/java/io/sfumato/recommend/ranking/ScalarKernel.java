package io.sfumato.recommend.ranking;

import io.sfumato.encoders.linalg.InnerProducts;
import java.util.Arrays;

/** Plain loops, for a JVM without {@code jdk.incubator.vector}; the same bits as with it. */
final class ScalarKernel implements Network.Kernel {
  private static final int LENGTH = 8;

  @Override
  public void score(Network network, float[] matrix, int count, float[] out) {
    int inputs = network.inputs();
    int hidden = network.hidden();
    float[] weights = network.weights();
    float[] sums = new float[hidden];
    float[] totals = new float[LENGTH];
    int bound = hidden - hidden % LENGTH;
    for (int row = 0; row < count; row++) {
      int from = row * inputs;
      System.arraycopy(network.bias(), 0, sums, 0, bound);
      for (int i = 0; i < inputs; i++) {
        float x = matrix[from + i];
        for (int h = 0; h < bound; h++) {
          sums[h] = Math.fma(weights[i * hidden + h], x, sums[h]);
        }
      }
      Arrays.fill(totals, 0);
      for (int h = 0; h < bound; h++) {
        totals[h % LENGTH] = Math.fma(network.out()[h], Math.max(0, sums[h]), totals[h % LENGTH]);
      }
      float score = InnerProducts.pairwise(totals[0], totals[1], totals[2], totals[3], totals[4], totals[5], totals[6],
          totals[7]);
      out[row] = InnerProducts.of(network.linear(), 0, matrix, from, inputs)
          + (score + Network.tail(network, matrix, from, bound));
    }
  }
}
