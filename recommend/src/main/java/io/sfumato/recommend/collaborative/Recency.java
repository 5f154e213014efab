package io.sfumato.recommend.collaborative;

import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;

/**
 * How much the items of a history count by how long ago they were taken: the a-th newest, a from 0, counts {@code f + (1-f)·exp(-a/s)}. Age is counted in items, not in days, so that it means the same for
 * people who come daily and yearly.
 *
 * @param scale s, above 0; infinite where all count alike
 * @param floor f, in [0, 1]: what the oldest still count
 */
public record Recency(double scale, double floor) {
  /** All items of a history count alike. */
  public static final Recency NONE = new Recency(Double.POSITIVE_INFINITY, 0);

  public Recency {
    if (!(scale > 0) || !(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException(
          "a recency needs a scale above 0 and a floor in [0, 1] but got %s and %s".formatted(scale, floor));
    }
  }

  /** The weight of the item with so many newer ones, in (0, 1]. */
  public float weight(int newer) {
    return (float) (floor + (1 - floor) * Math.exp(-newer / scale));
  }

  FloatTensor tensor() {
    return new FloatTensor("recency", new long[]{2}, new float[]{(float) scale, (float) floor});
  }

  static Recency read(SafeTensors file) {
    float[] values = TensorValues.sized(file, "recency", 2);
    return new Recency(values[0], values[1]);
  }
}
