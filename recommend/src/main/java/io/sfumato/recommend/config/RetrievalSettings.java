package io.sfumato.recommend.config;

import io.sfumato.recommend.retrieval.IndexOptions;
import io.sfumato.recommend.retrieval.VectorStorage;
import java.util.Arrays;
import java.util.List;

/**
 * How candidates are found.
 *
 * @param links neighbours of an item in the HNSW graph (M), 2 to 512
 * @param buildBreadth neighbours kept while the graph is built, at least {@code links}
 * @param breadth neighbours kept while it is searched; 0 for a number that grows with the catalogue
 * @param exactBelow where at most so many items are allowed, all are compared
 * @param format how the graph sees vectors: {@code float32}, {@code int8}, {@code int4} or {@code bbq}
 */
public record RetrievalSettings(int links, int buildBreadth, int breadth, int exactBelow,
    String format) {

  private static final List<String> FORMATS = Arrays.stream(VectorStorage.values()).map(VectorStorage::id).toList();

  public RetrievalSettings {
    Check.within("retrieval.links", links, 2, 512);
    Check.within("retrieval.build-breadth", buildBreadth, links, 3200);
    Check.within("retrieval.breadth", breadth, 0, 100_000);
    Check.within("retrieval.exact-below", exactBelow, 0, Integer.MAX_VALUE);
    Check.oneOf("retrieval.format", format, FORMATS);
  }

  /** What the index is built and searched with. */
  public IndexOptions index() {
    return new IndexOptions(exactBelow, breadth, links, buildBreadth, VectorStorage.parse(format));
  }
}
