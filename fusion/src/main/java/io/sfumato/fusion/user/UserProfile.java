package io.sfumato.fusion.user;

import io.sfumato.encoders.linalg.InnerProducts;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.ItemVectors;
import java.util.ArrayList;
import java.util.List;

/**
 * The user tower as plain arrays, for serving without the tensor engine.
 *
 * <p>With the fused vectors {@code h_1 … h_L} of a history, newest last, the user vector is {@code u = unit(M z + b)} where
 * {@code z = unit(Σ_k exp(−λ (L−k)) h_k)}; only the newest {@code historyLength} entries count. An empty history gives {@code unit(b)}, or zeros where b is zero: what the model
 * knows of people in general. Thread-safe and immutable.
 */
public final class UserProfile {
  private final int dimension;
  private final int historyLength;
  private final double decay;
  private final float[] map;
  private final float[] bias;

  /**
   * @param historyLength how many of the newest history entries count, 1 or more
   * @param decay λ, 0 or more: an entry one step older counts {@code exp(−λ)} times as much
   * @param map M, row-major [d, d]
   * @param bias b, length d
   */
  public UserProfile(int historyLength, double decay, float[] map, float[] bias) {
    this.dimension = bias.length;
    if (map.length != (long) dimension * dimension || dimension == 0) {
      throw new FusionException("DIMENSION_MISMATCH",
          "the user map has %d values but a bias of length %d needs its square".formatted(map.length, dimension));
    }
    if (historyLength < 1) {
      throw new FusionException("BAD_OPTION", "history length must be 1 or more but was " + historyLength);
    }
    if (!(decay >= 0) || Double.isInfinite(decay)) {
      throw new FusionException("BAD_OPTION", "decay must be finite and 0 or more but was " + decay);
    }
    this.historyLength = historyLength;
    this.decay = decay;
    this.map = map.clone();
    this.bias = bias.clone();
  }

  /** The profile that knows nothing: the unit length mean of the history. */
  public static UserProfile mean(int dimension, int historyLength) {
    float[] map = new float[dimension * dimension];
    for (int k = 0; k < dimension; k++) {
      map[k * dimension + k] = 1;
    }
    return new UserProfile(historyLength, 0, map, new float[dimension]);
  }

  /** Length d of user and item vectors. */
  public int dimension() {
    return dimension;
  }

  /** How many of the newest history entries count. */
  public int historyLength() {
    return historyLength;
  }

  /** λ: an entry one step older counts {@code exp(−λ)} times as much. */
  public double decay() {
    return decay;
  }

  /** M, a fresh row-major [d, d] array. */
  public float[] map() {
    return map.clone();
  }

  /** b, a fresh array of length d. */
  public float[] bias() {
    return bias.clone();
  }

  /** The user vector of a history of item indices, oldest first: unit length, or zeros (see the class comment). */
  public float[] vector(ItemVectors items, int[] history) {
    List<float[]> vectors = new ArrayList<>();
    for (int k = Math.max(0, history.length - historyLength); k < history.length; k++) {
      vectors.add(items.fused(history[k]));
    }
    return vector(vectors);
  }

  /** The user vector of a history of fused vectors, oldest first: unit length, or zeros (see the class comment). */
  public float[] vector(List<float[]> history) {
    double[] z = mean(history);
    scale(z, norm(z));
    double[] u = apply(z);
    for (int k = 0; k < dimension; k++) {
      u[k] += bias[k];
    }
    scale(u, norm(u));
    float[] out = new float[dimension];
    for (int k = 0; k < dimension; k++) {
      out[k] = (float) u[k];
    }
    return out;
  }

  /**
   * How much each history entry speaks for an item: the exact split of the score {@code u·target} over the history, with what the bias adds at the end.
   *
   * @param history fused vectors, oldest first
   * @param target the item's fused vector
   * @return length {@code history.size() + 1}; the sum is the score, entries beyond the history length are zero
   */
  public double[] influence(List<float[]> history, float[] target) {
    return influences(history).on(target);
  }

  /**
   * What {@link #influence} needs of a history, computed once for many items.
   *
   * @param history fused vectors, oldest first; not copied
   */
  public Influences influences(List<float[]> history) {
    return new Influences(history);
  }

  /** How much each entry of one history speaks for items. Immutable, as long as the history is. */
  public final class Influences {
    private final List<float[]> history;
    private final double length;
    private final double whole;

    private Influences(List<float[]> history) {
      this.history = history;
      double[] z = mean(history);
      this.length = norm(z);
      scale(z, length);
      double[] u = apply(z);
      for (int k = 0; k < dimension; k++) {
        u[k] += bias[k];
      }
      this.whole = norm(u);
    }

    /** Entries of the history. */
    public int size() {
      return history.size();
    }

    /** As {@link UserProfile#influence}. */
    public double[] on(float[] target) {
      double[] out = new double[history.size() + 1];
      if (whole == 0) {
        return out;
      }
      float[] pulled = pulled(target);
      out[history.size()] = InnerProducts.of(bias, target) / whole;
      for (int k = Math.max(0, history.size() - historyLength); k < history.size() && length > 0; k++) {
        out[k] = Math.exp(-decay * (history.size() - 1 - k)) * InnerProducts.of(history.get(k), pulled)
            / (length * whole);
      }
      return out;
    }

    /** {@code Mᵀ target}. */
    private float[] pulled(float[] target) {
      double[] sums = new double[dimension];
      for (int row = 0; row < dimension; row++) {
        double value = target[row];
        for (int k = 0; k < dimension; k++) {
          sums[k] += map[row * dimension + k] * value;
        }
      }
      float[] pulled = new float[dimension];
      for (int k = 0; k < dimension; k++) {
        pulled[k] = (float) sums[k];
      }
      return pulled;
    }
  }

  private double[] mean(List<float[]> history) {
    double[] sum = new double[dimension];
    int last = history.size() - 1;
    for (int k = Math.max(0, history.size() - historyLength); k <= last; k++) {
      float[] entry = history.get(k);
      if (entry.length != dimension) {
        throw new FusionException("DIMENSION_MISMATCH",
            "history vector has length %d but the profile has dimension %d".formatted(entry.length, dimension));
      }
      double weight = Math.exp(-decay * (last - k));
      for (int j = 0; j < dimension; j++) {
        sum[j] += weight * entry[j];
      }
    }
    return sum;
  }

  private double[] apply(double[] z) {
    double[] out = new double[dimension];
    for (int row = 0; row < dimension; row++) {
      double sum = 0;
      for (int k = 0; k < dimension; k++) {
        sum += map[row * dimension + k] * z[k];
      }
      out[row] = sum;
    }
    return out;
  }

  private static double norm(double[] v) {
    double sum = 0;
    for (double x : v) {
      sum += x * x;
    }
    return Math.sqrt(sum);
  }

  private static void scale(double[] v, double length) {
    if (length > 0) {
      for (int k = 0; k < v.length; k++) {
        v[k] /= length;
      }
    }
  }
}
