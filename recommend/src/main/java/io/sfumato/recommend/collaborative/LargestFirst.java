package io.sfumato.recommend.collaborative;

import java.util.Arrays;

/** Orders items by a value. */
final class LargestFirst {
  private LargestFirst() {}

  /** The indices of the largest of the values above 0, at most so many, the largest first and equal ones by index. */
  static int[] of(float[] values, int limit) {
    long[] keys = new long[values.length];
    int size = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] > 0) { // the bits of positive floats order as they do
        keys[size++] = ((long) (Integer.MAX_VALUE - Float.floatToIntBits(values[i])) << 32) | i;
      }
    }
    Arrays.sort(keys, 0, size);
    return Arrays.stream(keys, 0, Math.min(limit, size)).mapToInt(key -> (int) key).toArray();
  }
}
