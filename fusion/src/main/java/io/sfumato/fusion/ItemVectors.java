package io.sfumato.fusion;

import io.sfumato.encoders.linalg.InnerProducts;
import java.util.Arrays;
import java.util.List;

/**
 * The fused vectors of a list of items, as plain Java arrays without native memory.
 *
 * <p>Each fused vector is the sum of one part a modality, {@code part_m = w_m v_m / |Σ w v|}, added in the order of {@link #modalities()} in
 * single precision, so that a score {@code u·fused} splits exactly into {@code Σ_m u·part_m}. A fused vector has unit length, but for an item without any modality, whose
 * vectors are all zero. Thread-safe: nothing changes after construction.
 */
public final class ItemVectors {
  /** Vectors that are read before they are multiplied: they stay in the cache next to the processor. */
  private static final int BLOCK = 32;
  /** Numbers that a processor reads of memory at once. */
  private static final int LINE = 64 / Float.BYTES;

  private final List<String> modalities;
  private final int size;
  private final int dimension;
  private final float[] fused;
  private final float[] parts;
  private final float[] weights;
  private final boolean[] present;

  /**
   * @param modalities names, N of them
   * @param dimension length d of each vector
   * @param parts row-major [n, N, d]: what each modality adds to the fused vector
   * @param weights row-major [n, N]: each row sums to one, or is zero for an item without any modality
   * @param present row-major [n, N]: whether the item has the modality
   */
  public ItemVectors(List<String> modalities, int dimension, float[] parts, float[] weights, boolean[] present) {
    this.modalities = List.copyOf(modalities);
    int count = this.modalities.size();
    if (count == 0 || dimension < 1) {
      throw new FusionException("EMPTY_VECTORS",
          "item vectors need a modality and a dimension of 1 or more but got %d and %d".formatted(count, dimension));
    }
    this.size = weights.length / count;
    this.dimension = dimension;
    if (weights.length != size * count || present.length != weights.length
        || parts.length != (long) size * count * dimension) {
      throw new FusionException("DIMENSION_MISMATCH",
          "%d parts, %d weights and %d presence flags do not describe items of %d modalities and dimension %d"
              .formatted(
                  parts.length, weights.length, present.length, count, dimension));
    }
    this.parts = parts.clone();
    this.weights = weights.clone();
    this.present = present.clone();
    this.fused = new float[size * dimension];
    for (int item = 0; item < size; item++) {
      for (int m = 0; m < count; m++) {
        int from = (item * count + m) * dimension;
        for (int k = 0; k < dimension; k++) {
          fused[item * dimension + k] += this.parts[from + k];
        }
      }
    }
  }

  /** The vectors of one item alone: index 0 of the result. */
  public ItemVectors only(int item) {
    int count = modalities.size();
    int from = item * count;
    return new ItemVectors(modalities, dimension,
        Arrays.copyOfRange(parts, from * dimension, (from + count) * dimension),
        Arrays.copyOfRange(weights, from, from + count), Arrays.copyOfRange(present, from, from + count));
  }

  /** Number of items n. */
  public int size() {
    return size;
  }

  /** Length d of each vector. */
  public int dimension() {
    return dimension;
  }

  /** Names of the modalities, in the order of the parts. */
  public List<String> modalities() {
    return modalities;
  }

  /** The fused vector of an item: a fresh array of unit length, or zeros where the item has no modality. */
  public float[] fused(int item) {
    float[] out = new float[dimension];
    copyFused(item, out, 0);
    return out;
  }

  /** Writes the fused vector of an item to {@code out} from {@code offset} on. */
  public void copyFused(int item, float[] out, int offset) {
    System.arraycopy(fused, item * dimension, out, offset, dimension);
  }

  /** What modality {@code m} adds to the fused vector: a fresh array, zeros where the item lacks the modality. */
  public float[] part(int m, int item) {
    float[] out = new float[dimension];
    System.arraycopy(parts, (item * modalities.size() + m) * dimension, out, 0, dimension);
    return out;
  }

  /** Whether the item has modality {@code m}. */
  public boolean present(int m, int item) {
    return present[item * modalities.size() + m];
  }

  /** Whether the item has any modality. */
  public boolean present(int item) {
    for (int m = 0; m < modalities.size(); m++) {
      if (present(m, item)) {
        return true;
      }
    }
    return false;
  }

  /** Weight of modality {@code m} in the item, in [0, 1]. */
  public float weight(int m, int item) {
    return weights[item * modalities.size() + m];
  }

  /** Mean weight of modality {@code m} over the items that have all modalities; NaN where there is none. */
  public double meanWeight(int m) {
    double sum = 0;
    int count = 0;
    for (int item = 0; item < size; item++) {
      boolean all = true;
      for (int other = 0; other < modalities.size(); other++) {
        all &= present(other, item);
      }
      if (all) {
        sum += weight(m, item);
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** Inner product of a vector of length d with the fused vector of an item. */
  public float dot(float[] vector, int item) {
    return product(vector, fused, item * dimension);
  }

  /** Inner product of a vector of length d with what modality {@code m} adds: these sum to {@link #dot(float[], int)} up to rounding. */
  public float dot(float[] vector, int m, int item) {
    return product(vector, parts, (item * modalities.size() + m) * dimension);
  }

  /**
   * Inner products of a vector of length d with the fused vectors of some items, as {@link #dot(float[], int)}.
   *
   * @param out parallel to the items, overwritten; NaN for an item without any modality
   */
  public void dots(float[] vector, int[] items, float[] out) {
    int[] rows = new int[items.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = present(items[i]) ? items[i] : -1;
    }
    products(vector, fused, rows, out);
  }

  /**
   * Inner products of a vector of length d with what modality {@code m} adds to some items, as {@link #dot(float[], int, int)}.
   *
   * @param out parallel to the items, overwritten; NaN for an item that lacks the modality
   */
  public void dots(float[] vector, int m, int[] items, float[] out) {
    int[] rows = new int[items.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = present(m, items[i]) ? items[i] * modalities.size() + m : -1;
    }
    products(vector, parts, rows, out);
  }

  /** Products with some rows of a table, NaN for row -1. The rows lie far apart: those of a block are read before they are multiplied, so that waiting for one of them does not hold up the others. */
  private void products(float[] vector, float[] table, int[] rows, float[] out) {
    for (int from = 0; from < rows.length; from += BLOCK) {
      int to = Math.min(rows.length, from + BLOCK);
      for (int i = from; i < to; i++) {
        for (int k = 0; k < dimension && rows[i] >= 0; k += LINE) {
          out[i] = table[rows[i] * dimension + k];
        }
      }
      for (int i = from; i < to; i++) {
        out[i] = rows[i] < 0 ? Float.NaN : product(vector, table, rows[i] * dimension);
      }
    }
  }

  /** Writes the inner product of a vector with each item's fused vector to {@code scores}, which has length {@link #size()}. */
  public void score(float[] vector, float[] scores) {
    if (scores.length != size) {
      throw new FusionException("DIMENSION_MISMATCH",
          "scores has length %d but there are %d items".formatted(scores.length, size));
    }
    for (int item = 0; item < size; item++) {
      scores[item] = product(vector, fused, item * dimension);
    }
  }

  private float product(float[] vector, float[] table, int from) {
    if (vector.length != dimension) {
      throw new FusionException("DIMENSION_MISMATCH",
          "vector has length %d but the items have dimension %d".formatted(vector.length, dimension));
    }
    return InnerProducts.of(vector, 0, table, from, dimension);
  }
}
