package io.sfumato.fusion.classification;

import io.sfumato.encoders.nn.Parameter;
import io.sfumato.fusion.FusionException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoders' vectors side by side, nothing trained: each of unit length, times the root of its modality's share of the weights of those that the item has, so that the whole has unit length and the
 * squared distance of two items is the weighted mean of their distances in each modality.
 *
 * @param lengths length of each modality's vectors
 * @param weights one a modality, positive
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record JoinedFeatures(int[] lengths, double[] weights) implements Features {
  JoinedFeatures {
    if (lengths.length == 0 || lengths.length != weights.length || Arrays.stream(weights).anyMatch(w -> !(w > 0))) {
      throw new FusionException("BAD_OPTION",
          "%d modalities need as many positive weights but they were %s".formatted(lengths.length,
              Arrays.toString(weights)));
    }
  }

  @Override
  public int dimension() {
    return Arrays.stream(lengths).sum();
  }

  @Override
  public float[][] of(List<float[] @Nullable []> encoded, int size) {
    float[][] out = new float[size][dimension()];
    for (int i = 0; i < size; i++) {
      double total = 0;
      for (int m = 0; m < lengths.length; m++) {
        total += encoded.get(m)[i] == null ? 0 : weights[m];
      }
      int at = 0;
      for (int m = 0; m < lengths.length; m++) {
        float[] row = encoded.get(m)[i];
        if (row != null) {
          double length = length(row);
          double scale = length == 0 ? 0 : Math.sqrt(weights[m] / total) / length;
          for (int k = 0; k < row.length; k++) {
            out[i][at + k] = (float) (scale * row[k]);
          }
        }
        at += lengths[m];
      }
    }
    return out;
  }

  private static double length(float[] row) {
    double square = 0;
    for (float value : row) {
      square += (double) value * value;
    }
    return Math.sqrt(square);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public void close() {}
}
