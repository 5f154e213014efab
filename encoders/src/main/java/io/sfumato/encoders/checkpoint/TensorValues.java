package io.sfumato.encoders.checkpoint;

import io.sfumato.encoders.EncoderException;

/**
 * Numbers of a checkpoint that a program is going to index and allocate by: read with their bounds checked, since whoever made the file may have meant harm. All complaints are {@link EncoderException}s with the
 * code {@code CHECKPOINT_CORRUPT}.
 */
public final class TensorValues {
  private TensorValues() {}

  /**
   * Values that are all finite.
   *
   * @param count how many there must be; -1 for any number
   */
  public static float[] finite(TensorSource source, String name, long count) {
    float[] values = sized(source, name, count);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw corrupt(source, name, i, values[i], "a finite number");
      }
    }
    return values;
  }

  /** Values that are all finite, however many. */
  public static float[] finite(TensorSource source, String name) {
    return finite(source, name, -1);
  }

  /**
   * Lengths of rows that lie one after the other in another tensor.
   *
   * @param total what they must add up to
   */
  public static int[] lengths(TensorSource source, String name, long total) {
    int[] lengths = whole(source, name, -1, Integer.MAX_VALUE);
    long sum = 0;
    for (int length : lengths) {
      sum += length;
    }
    if (sum != total) {
      throw new EncoderException("CHECKPOINT_CORRUPT", source.origin() + ": the lengths in tensor '" + name
          + "' add up to " + sum + " but there are " + total + " values");
    }
    return lengths;
  }

  /**
   * Whole numbers from 0 up to a bound.
   *
   * @param count how many there must be; -1 for any number
   * @param bound the first that is too large
   */
  public static int[] whole(TensorSource source, String name, long count, int bound) {
    float[] values = sized(source, name, count);
    int[] numbers = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0 && values[i] < bound && values[i] == Math.rint(values[i]))) {
        throw corrupt(source, name, i, values[i], "a whole number from 0 and below " + bound);
      }
      numbers[i] = (int) values[i];
    }
    return numbers;
  }

  /**
   * Values, finite or not.
   *
   * @param count how many there must be; -1 for any number
   */
  public static float[] sized(TensorSource source, String name, long count) {
    long found = Shapes.count(source.shape(name));
    if (count >= 0 && found != count) {
      throw new EncoderException("CHECKPOINT_CORRUPT",
          source.origin() + ": tensor '" + name + "' has " + found + " values where " + count + " belong");
    }
    return source.tensor(name).values();
  }

  private static EncoderException corrupt(TensorSource source, String name, int at, float value, String wanted) {
    return new EncoderException("CHECKPOINT_CORRUPT",
        source.origin() + ": value " + at + " of tensor '" + name + "' is " + value + ", not " + wanted);
  }
}
