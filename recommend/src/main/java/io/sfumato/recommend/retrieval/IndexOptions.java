package io.sfumato.recommend.retrieval;

import java.util.Objects;

/**
 * How an index is built and searched.
 *
 * @param exactBelow where at most this many items of a segment are allowed, all are compared instead of walking the graph
 * @param breadth the least number of neighbours that the graph search keeps: more is slower and finds more
 * @param links neighbours of an item in the graph (M)
 * @param buildBreadth neighbours kept while the graph is built
 * @param storage how the graph sees vectors
 */
public record IndexOptions(int exactBelow, int breadth, int links, int buildBreadth, VectorStorage storage) {
  public IndexOptions {
    if (exactBelow < 0) {
      throw new IllegalArgumentException("exactBelow must be 0 or more but was " + exactBelow);
    }
    if (breadth < 1 || links < 2 || links > 512 || buildBreadth < links || buildBreadth > 3200) {
      throw new IllegalArgumentException(
          "breadth %d must be 1 or more, links %d in [2, 512] and buildBreadth %d in [links, 3200]"
              .formatted(breadth, links, buildBreadth));
    }
    Objects.requireNonNull(storage, "storage");
  }

  /** Exact up to 20,000 items; M 16, breadth 100 while building, 800 while searching; float32. */
  public static IndexOptions defaults() {
    return new IndexOptions(20_000, 800, 16, 100, VectorStorage.FLOAT32);
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
