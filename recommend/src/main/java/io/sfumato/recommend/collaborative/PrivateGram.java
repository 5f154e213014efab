package io.sfumato.recommend.collaborative;

import io.sfumato.privacy.accounting.Release;

/**
 * A released item-item matrix. All that is computed from it is free: the noise is in it already. Immutable.
 */
public final class PrivateGram {
  private final float[] gram;
  private final int items;
  private final double deviation;
  private final Release release;

  PrivateGram(float[] gram, int items, double deviation, Release release) {
    this.gram = gram;
    this.items = items;
    this.deviation = deviation;
    this.release = release;
  }

  /** The number of items n. */
  public int items() {
    return items;
  }

  /** The standard deviation of the noise of each entry. */
  public double deviation() {
    return deviation;
  }

  /** What was spent on it. */
  public Release release() {
    return release;
  }

  /** The matrix as it was released, symmetric, row-major [n, n]; fresh. */
  public float[] toArray() {
    return gram.clone();
  }

  /** An entry as it was released. */
  public float get(int row, int column) {
    return gram[row * items + column];
  }

  /**
   * What of it stands out of the noise.
   *
   * @param most the most eigenvectors that are kept
   * @param seed of the search
   */
  public LeadingDirections leading(int most, long seed) {
    return deviation == 0 ? LeadingDirections.exact(gram.clone(), items)
        : LeadingDirections.of(gram, items, deviation, most, seed);
  }
}
