package io.sfumato.recommend.evaluation;

import java.util.Arrays;

/** Plain loops, for a JVM without {@code jdk.incubator.vector}; inner loops are such that the compiler can vectorise them. */
final class ScalarKernel implements Kernel {
  private static final int PANEL = 32;

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public void products(float[] users, int userOffset, float[] items, int itemOffset, int dim, float[] out,
      int outOffset, int stride) {
    for (int u = 0; u < USERS; u++) {
      int row = outOffset + u * stride;
      Arrays.fill(out, row, row + PANEL, 0);
      for (int d = 0; d < dim; d++) {
        float x = users[userOffset + d * USERS + u];
        int item = itemOffset + d * PANEL;
        for (int i = 0; i < PANEL; i++) {
          out[row + i] += x * items[item + i];
        }
      }
    }
  }

  @Override
  public int firstAbove(float[] values, int from, int to, float threshold) {
    int i = from;
    while (i < to && !(values[i] > threshold)) {
      i++;
    }
    return i;
  }

  @Override
  public long twiceBelow(float[] values, int from, int to, float bound) {
    long count = 0;
    for (int i = from; i < to; i++) {
      count += values[i] < bound ? 2 : values[i] == bound ? 1 : 0;
    }
    return count;
  }
}
