package io.sfumato.recommend.retrieval;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocAndFloatFeatureBuffer;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * The nearest vectors of an index view, segment by segment: all compared, or along the graph; see {@link ItemIndex} for when.
 *
 * <p>What a walk costs is the number of vectors that it visits: without a filter about {@code breadth · links · 3/4}, and with one so many times more as there are items for each allowed one, since it goes on
 * until it has found {@code breadth} allowed ones. Where half as many vectors or fewer are allowed, they are compared instead. Where the filter goes with the vectors and the query lies far from what is allowed,
 * a walk would see nearly everything: it stops after a quarter as many visits as there are allowed items, and these are compared.
 */
final class VectorSearch {
  /** Lucene's filtered walk (ACORN) loses recall at middling selectivity: never. */
  private static final KnnSearchStrategy PLAIN = new KnnSearchStrategy.Hnsw(0);
  /** Vectors visited for each neighbour kept and each link, without a filter. */
  private static final double VISITS = 0.75;
  /** A visit of a walk costs so many comparisons in a row. */
  private static final double VISIT_COST = 2;

  private final IndexOptions options;

  VectorSearch(IndexOptions options) {
    this.options = options;
  }

  /** The nearest allowed items with their inner products. */
  Hits nearest(IndexView view, float[] query, int limit, Selection allowed) throws IOException {
    TopItems top = new TopItems(Math.min(limit, allowed.size()));
    for (LeafReaderContext leaf : view.leaves()) {
      FixedBitSet bits = allowed.bits()[leaf.ord];
      int count = allowed.counts()[leaf.ord];
      if (count == 0 || leaf.reader().getFloatVectorValues(ItemDocuments.VECTOR) == null) {
        continue;
      }
      if (isExact(leaf.reader(), limit, count)
          || !walk(leaf.reader(), view.items(leaf), query, limit, bits, count, top)) {
        compare(leaf.reader(), view.items(leaf), query, documents(bits, count), top);
      }
    }
    return top.drain();
  }

  private boolean isExact(LeafReader leaf, int limit, int count) {
    if (count <= Math.max(options.exactBelow(), limit)) {
      return true;
    }
    double visits = VISITS * breadth(limit, leaf) * options.links() * leaf.maxDoc() / count;
    return options.exactBelow() > 0 && count <= VISIT_COST * visits;
  }

  private int breadth(int limit, LeafReader leaf) {
    return Math.min(Math.max(options.breadth(), limit + limit / 4), leaf.maxDoc());
  }

  private static @Nullable DocIdSetIterator documents(@Nullable FixedBitSet bits, int count) {
    return bits == null ? null : new BitSetIterator(bits, count);
  }

  /** Offers the full-precision products of some documents, ascending; of all where none are named. */
  private static void compare(LeafReader leaf, int[] items, float[] query, @Nullable DocIdSetIterator docs,
      TopItems top) throws IOException {
    FloatVectorValues values = leaf.getFloatVectorValues(ItemDocuments.VECTOR);
    VectorScorer scorer = values.rescorer(query);
    if (scorer == null) {
      return;
    }
    VectorScorer.Bulk bulk = scorer.bulk(docs);
    DocAndFloatFeatureBuffer buffer = new DocAndFloatFeatureBuffer();
    while (true) {
      bulk.nextDocsAndScores(DocIdSetIterator.NO_MORE_DOCS, null, buffer);
      if (buffer.size == 0) {
        return;
      }
      for (int i = 0; i < buffer.size; i++) {
        top.offer(items[buffer.docs[i]], product(buffer.features[i]));
      }
    }
  }

  /** Walks the graph; false where it saw too much without finding enough, and offered nothing. */
  private boolean walk(LeafReader leaf, int[] items, float[] query, int limit, @Nullable FixedBitSet bits, int count,
      TopItems top) throws IOException {
    int breadth = breadth(limit, leaf);
    long enough = bits == null || options.exactBelow() == 0 ? Integer.MAX_VALUE : Math.max(20L * breadth, count / 4);
    TopKnnCollector collector = new TopKnnCollector(breadth, (int) enough, PLAIN);
    AcceptDocs accepted = bits == null
        ? AcceptDocs.fromLiveDocs(null, leaf.maxDoc())
        : new AcceptedBits(bits, count);
    leaf.searchNearestVectors(ItemDocuments.VECTOR, query, collector, accepted);
    if (collector.earlyTerminated()) {
      return false;
    }
    ScoreDoc[] found = collector.topDocs().scoreDocs;
    if (VectorFormat.approximate(leaf.getFieldInfos().fieldInfo(ItemDocuments.VECTOR))) {
      int[] docs = new int[found.length];
      for (int i = 0; i < docs.length; i++) {
        docs[i] = found[i].doc;
      }
      Arrays.sort(docs);
      compare(leaf, items, query, new SortedDocs(docs), top);
      return true;
    }
    for (ScoreDoc hit : found) {
      top.offer(items[hit.doc], product(hit.score));
    }
    return true;
  }

  /** The inner product behind Lucene's score {@code (1 + u·v) / 2}. */
  private static float product(float luceneScore) {
    return 2 * luceneScore - 1;
  }

  /** A bitset as it is, deletions included already: nothing is copied. */
  private static final class AcceptedBits extends AcceptDocs {
    private final FixedBitSet bits;
    private final int count;

    AcceptedBits(FixedBitSet bits, int count) {
      this.bits = bits;
      this.count = count;
    }

    @Override
    public Bits bits() {
      return bits;
    }

    @Override
    public DocIdSetIterator iterator() {
      return new BitSetIterator(bits, count);
    }

    @Override
    public int cost() {
      return count;
    }
  }

  /** Some documents, ascending. */
  private static final class SortedDocs extends DocIdSetIterator {
    private final int[] docs;
    private int at = -1;

    SortedDocs(int[] docs) {
      this.docs = docs;
    }

    @Override
    public int docID() {
      return at < 0 ? -1 : at < docs.length ? docs[at] : NO_MORE_DOCS;
    }

    @Override
    public int nextDoc() {
      at++;
      return docID();
    }

    @Override
    public int advance(int target) throws IOException {
      return slowAdvance(target);
    }

    @Override
    public long cost() {
      return docs.length;
    }
  }
}
