package io.sfumato.recommend.bench;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * JVector over the same vectors, as fast as it goes: vectors and graph on the heap, exact products on the way, so that nothing has to be scored anew. The only class that needs its library.
 *
 * <p>Built as its authors' examples are: 100 neighbours kept while building, overflow 1.2, alpha 1.2, with a hierarchy of layers. The links and the neighbours kept while searching are the caller's to vary.
 */
final class JVectorPeer implements AutoCloseable {
  private static final int BUILD_BREADTH = 100;
  private static final float OVERFLOW = 1.2f;
  private static final float ALPHA = 1.2f;
  private static final VectorSimilarityFunction PRODUCT = VectorSimilarityFunction.DOT_PRODUCT;

  private final VectorTypeSupport types;
  private final RandomAccessVectorValues values;
  private final ImmutableGraphIndex graph;
  private final GraphSearcher searcher;

  /** @param links the most neighbours of an item in the graph */
  JVectorPeer(MadeVectors vectors, int links) {
    types = VectorizationProvider.getInstance().getVectorTypeSupport();
    List<VectorFloat<?>> all = new ArrayList<>(vectors.items());
    for (int item = 0; item < vectors.items(); item++) {
      all.add(types.createFloatVector(vectors.item(item)));
    }
    values = new ListRandomAccessVectorValues(all, MadeVectors.DIMENSION);
    BuildScoreProvider scores = BuildScoreProvider.randomAccessScoreProvider(values, PRODUCT);
    try (GraphIndexBuilder builder = GraphIndexBuilder.builder(scores, MadeVectors.DIMENSION, List.of(links, links))
        .withBeamWidth(BUILD_BREADTH)
        .withNeighborOverflow(OVERFLOW)
        .withAlpha(ALPHA)
        .build()) {
      graph = builder.build(values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    searcher = new GraphSearcher(graph);
  }

  /**
   * The items nearest to a query.
   *
   * @param breadth neighbours kept while searching, at least {@code limit}
   */
  int[] nearest(float[] query, int limit, int breadth) {
    SearchResult found = searcher.search(
        DefaultSearchScoreProvider.exact(types.createFloatVector(query), PRODUCT, values), limit, breadth, 0, 0,
        Bits.ALL);
    SearchResult.NodeScore[] nodes = found.getNodes();
    int[] items = new int[nodes.length];
    for (int i = 0; i < items.length; i++) {
      items[i] = nodes[i].node;
    }
    return items;
  }

  @Override
  public void close() {
    try {
      searcher.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
