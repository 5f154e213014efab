package io.sfumato.recommend.ranking;

import java.util.Arrays;

/**
 * Standardises one signal within a list into three columns: z-score (clipped to ±30: scores of items have long tails, and it is the tail that is
 * ranked); head rank {@code 1 - ln(1+r)/ln(1+n)} with r from 0 for the best of n (ties share the mean), which tells the first few apart and not the last;
 * and 1 where it is absent (NaN or infinite). Absent values get 0 in the first two. Reused from signal to signal by one thread.
 */
final class SignalColumns {
  static final int COUNT = 3;
  private static final float CLIP = 30;

  private final int width;
  private final long[] order;

  SignalColumns(int size, int width) {
    this.width = width;
    this.order = new long[size];
  }

  void fill(float[] values, float[] matrix, int column) {
    int present = 0;
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      if (Float.isFinite(values[i])) {
        order[present++] = ((long) sortable(values[i]) << 32) | i;
        sum += values[i];
      }
    }
    double mean = present == 0 ? 0 : sum / present;
    double squares = 0;
    for (int i = 0; i < order.length; i++) {
      if (Float.isFinite(values[i])) {
        squares += (values[i] - mean) * (values[i] - mean);
      }
    }
    double deviation = present == 0 ? 0 : Math.sqrt(squares / present);
    for (int i = 0; i < order.length; i++) {
      boolean absent = !Float.isFinite(values[i]);
      double z = absent || deviation < 1e-12 * Math.abs(mean) || deviation == 0 ? 0 : (values[i] - mean) / deviation;
      matrix[i * width + column] = (float) Math.clamp(z, -CLIP, CLIP);
      matrix[i * width + column + 1] = 0;
      matrix[i * width + column + 2] = absent ? 1 : 0;
    }
    Arrays.sort(order, 0, present);
    ranks(values, matrix, column, present);
  }

  private void ranks(float[] values, float[] matrix, int column, int present) {
    double all = Logs.log1p(present);
    for (int from = 0; from < present;) {
      int to = from + 1;
      float value = values[(int) order[from]];
      while (to < present && values[(int) order[to]] == value) {
        to++;
      }
      int twice = 2 * present - (from + to + 1); // the place doubled, from 0 for the best
      float rank = (float) (1 - Logs.log1pOfHalf(twice) / all);
      for (int at = from; at < to; at++) {
        matrix[(int) order[at] * width + column + 1] = rank;
      }
      from = to;
    }
  }

  /** Bits of a float that order as the float does. */
  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value + 0f); // -0 becomes 0
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }
}
