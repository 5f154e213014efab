package io.sfumato.fusion.classification;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.ItemTower;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trained features: each encoder's vector is brought to unit length, centred, scaled and projected, the projections are fused, and the fused unit vector is multiplied by √d, so that its coordinates are
 * about one in size. Owns the tower: close it.
 */
final class TowerFeatures implements Features {
  private static final int BLOCK = 1024;

  private final ItemTower tower;
  private final int[] lengths;
  private final int dimension;

  /**
   * @param tower taken over
   * @param lengths length of each modality's encoder outputs
   * @param dimension length d of the tower's vectors
   */
  TowerFeatures(ItemTower tower, int[] lengths, int dimension) {
    this.tower = tower;
    this.lengths = lengths.clone();
    this.dimension = dimension;
  }

  ItemTower tower() {
    return tower;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  /**
   * The features of a batch, differentiably.
   *
   * @param encoded N arrays [n, D_m], zeros where an item lacks the modality
   * @param presence float32 [n, N], 1 where the item has the modality
   * @param keep N arrays [1, D_m] to multiply standardised coordinates by (dropout), or null
   * @return [n, d]
   */
  NDArray forward(Scope scope, List<NDArray> encoded, NDArray presence, @Nullable List<NDArray> keep,
      @Nullable Tape tape) {
    Kernels kernels = TensorRuntime.get().kernels();
    List<NDArray> units = new ArrayList<>();
    encoded.forEach(x -> units.add(kernels.unit(scope, x)));
    NDArray fused = tower.fusion().fuse(scope, tower.project(scope, units, keep, tape), presence, tape).vectors();
    return kernels.scaled(scope, fused, Math.sqrt(dimension));
  }

  @Override
  public float[][] of(List<float[] @Nullable []> encoded, int size) {
    float[][] out = new float[size][];
    TensorRuntime runtime = TensorRuntime.get();
    int count = lengths.length;
    for (int from = 0; from < size; from += BLOCK) {
      int n = Math.min(size, from + BLOCK) - from;
      try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
        float[] presence = new float[n * count];
        List<NDArray> inputs = new ArrayList<>();
        for (int m = 0; m < count; m++) {
          float[] flat = new float[n * lengths[m]];
          for (int i = 0; i < n; i++) {
            float[] row = encoded.get(m)[from + i];
            if (row != null) {
              System.arraycopy(row, 0, flat, i * lengths[m], lengths[m]);
              presence[i * count + m] = 1;
            }
          }
          inputs.add(scope.floats(flat, n, lengths[m]));
        }
        float[] flat = forward(scope, inputs, scope.floats(presence, n, count), null, null).toFloatArray();
        for (int i = 0; i < n; i++) {
          out[from + i] = new float[dimension];
          System.arraycopy(flat, i * dimension, out[from + i], 0, dimension);
        }
      }
    }
    return out;
  }

  @Override
  public List<Parameter> parameters() {
    return tower.parameters();
  }

  @Override
  public void close() {
    tower.close();
  }
}
