package io.sfumato.recommend.retrieval;

import java.util.Objects;

/**
 * How an index is built and searched.
 *
 * @param exactBelow where at most this many items of a segment are allowed, all are compared instead of walking the graph
 * @param breadth the number of neighbours that the graph search keeps: more is slower and finds more; {@link #AUTOMATIC} for {@link #breadthOf}
 * @param links neighbours of an item in the graph (M)
 * @param buildBreadth neighbours kept while the graph is built
 * @param storage how the graph sees vectors
 */
public record IndexOptions(int exactBelow, int breadth, int links, int buildBreadth, VectorStorage storage) {

  /** The breadth that grows with the number of items. */
  public static final int AUTOMATIC = 0;

  /**
   * What an automatic breadth is at a million items, and the power by which it grows. Measured for the nearest 200 of
   * made items ({@code bench serve}): about .97 of them are found at 200,000 as at a million.
   */
  private static final double BREADTH_OF_A_MILLION = 800;
  private static final double GROWTH = 0.375;
  private static final int LEAST = 250;

  public IndexOptions {
    if (exactBelow < 0) {
      throw new IllegalArgumentException("exactBelow must be 0 or more but was " + exactBelow);
    }
    if (breadth < 0 || links < 2 || links > 512 || buildBreadth < links || buildBreadth > 3200) {
      throw new IllegalArgumentException(
          "breadth %d must be 1 or more, or 0 for automatic, links %d in [2, 512] and buildBreadth %d in [links, 3200]"
              .formatted(breadth, links, buildBreadth));
    }
    Objects.requireNonNull(storage, "storage");
  }

  /** Exact up to 20,000 items; M 16, breadth 100 while building, automatic while searching; float32. */
  public static IndexOptions defaults() {
    return new IndexOptions(20_000, AUTOMATIC, 16, 100, VectorStorage.FLOAT32);
  }

  /** How many neighbours a search of a graph of so many items keeps. */
  public int breadthOf(int items) {
    return breadth != AUTOMATIC ? breadth
        : Math.max(LEAST, (int) Math.round(BREADTH_OF_A_MILLION * Math.pow(items / 1e6, GROWTH)));
  }

  /** With another {@link #exactBelow}. */
  public IndexOptions withExactBelow(int items) {
    return new IndexOptions(items, breadth, links, buildBreadth, storage);
  }

  /** With another {@link #breadth}. */
  public IndexOptions withBreadth(int neighbours) {
    return new IndexOptions(exactBelow, neighbours, links, buildBreadth, storage);
  }

  /** With another {@link #storage}. */
  public IndexOptions withStorage(VectorStorage form) {
    return new IndexOptions(exactBelow, breadth, links, buildBreadth, form);
  }
}
