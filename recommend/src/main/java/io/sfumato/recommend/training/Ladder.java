package io.sfumato.recommend.training;

import java.util.Arrays;

/**
 * One setting that a search may change, with the values that it may take.
 *
 * @param name such as {@code l2}; part of a trial's name
 * @param values ascending, at least one
 * @param start the index where a search begins
 */
@SuppressWarnings("ArrayRecordComponent") // a constant table, never compared
record Ladder(String name, double[] values, int start) {
  Ladder {
    for (int i = 1; i < values.length; i++) {
      if (!(values[i] > values[i - 1])) {
        throw new IllegalArgumentException(
            "the values of " + name + " must ascend but were " + Arrays.toString(values));
      }
    }
    if (start < 0 || start >= values.length) {
      throw new IllegalArgumentException(name + " cannot start at value " + start + " of " + values.length);
    }
  }

  /** A ladder that begins at one of its values, or at the nearest. */
  static Ladder of(String name, double start, double... values) {
    int nearest = 0;
    for (int i = 1; i < values.length; i++) {
      nearest = Math.abs(values[i] - start) < Math.abs(values[nearest] - start) ? i : nearest;
    }
    return new Ladder(name, values, nearest);
  }

  /** A setting that stays as it is. */
  static Ladder fixed(String name, double value) {
    return new Ladder(name, new double[]{value}, 0);
  }
}
