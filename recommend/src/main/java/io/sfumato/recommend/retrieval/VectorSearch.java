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
 * <p>What a walk costs is the number of vectors that it visits: about {@code 1000 + 0.4 · links · breadth / share}, where only a share of the items is allowed and that has nothing to do with what they are like,
 * since it goes on until it has found {@code breadth} allowed ones. Such a walk also sees more of the surroundings, and needs to keep fewer. Comparing is cheaper where fewer than 2.5 times as many items are
 * allowed.
 *
 * <p>Where a filter does go with the vectors, a query may lie far from all that is allowed, and a walk would see nearly everything before it came there. So the surroundings of the query are looked at first,
 * without the filter: where much less is allowed among them than in all, the walk begins at the nearest of some allowed items instead, and steps on allowed ones alone (ACORN), keeping a quarter more. The same
 * happens where a walk has visited twice what was to be expected.
 */
final class VectorSearch {
  /** Lucene's filtered walk (ACORN) loses recall where what is allowed lies scattered: only where it does not. */
  private static final KnnSearchStrategy THROUGH_ALL = new KnnSearchStrategy.Hnsw(0);
  private static final KnnSearchStrategy THROUGH_ALLOWED = new KnnSearchStrategy.Hnsw(100);
  private static final double VISITS = 1000;
  private static final double VISITS_A_LINK = 0.4;
  /** A visit of a walk costs so many comparisons in a row. */
  private static final double VISIT_COST = 2.5;
  /** Of the breadth without a filter, what remains behind a very narrow one. */
  private static final double LEAST_BREADTH = 0.3;
  /** Among allowed documents alone, a walk must keep so much more than without a filter. */
  private static final double AMONG_ALLOWED = 1.25;
  private static final double WIDE = 0.9;
  private static final int SURROUNDINGS = 100;
  private static final int SAMPLE = 2000;
  private static final int SEEDS = 16;

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
      double share = count / (double) leaf.reader().maxDoc();
      int breadth = breadth(limit, share, leaf.reader());
      double visits = VISITS + VISITS_A_LINK * options.links() * breadth / share;
      if (count <= Math.max(options.exactBelow(), limit)
          || (options.exactBelow() > 0 && count <= VISIT_COST * visits)) {
        DocIdSetIterator docs = bits == null ? null : new BitSetIterator(bits, count);
        compare(leaf.reader(), view.items(leaf), query, docs, top);
      } else {
        offer(leaf.reader(), view.items(leaf), query,
            walk(leaf.reader(), query, breadth, options.breadthOf(leaf.reader().maxDoc()), bits, count, visits), top);
      }
    }
    return top.drain();
  }

  private int breadth(int limit, double share, LeafReader leaf) {
    double wanted = options.breadthOf(leaf.maxDoc()) * (LEAST_BREADTH + (1 - LEAST_BREADTH) * share);
    return Math.min(Math.max((int) wanted, limit + limit / 4), leaf.maxDoc());
  }

  /** Walks the graph for the nearest documents that are allowed. */
  private static ScoreDoc[] walk(LeafReader leaf, float[] query, int breadth, int unfiltered,
      @Nullable FixedBitSet bits, int count, double visits) throws IOException {
    if (bits == null) {
      return walk(leaf, query, new TopKnnCollector(breadth, Integer.MAX_VALUE, THROUGH_ALL),
          AcceptDocs.fromLiveDocs(null, leaf.maxDoc()));
    }
    AcceptDocs accepted = new AcceptedBits(bits, count);
    double share = count / (double) leaf.maxDoc();
    if (share > WIDE || isAllowedAround(leaf, query, bits, share)) {
      TopKnnCollector collector = new TopKnnCollector(breadth, (int) Math.min(Integer.MAX_VALUE, 2 * visits),
          THROUGH_ALL);
      ScoreDoc[] found = walk(leaf, query, collector, accepted);
      if (!collector.earlyTerminated()) {
        return found;
      }
    }
    int wider = (int) Math.min(leaf.maxDoc(), AMONG_ALLOWED * Math.max(breadth, unfiltered));
    int[] seeds = seeds(leaf, query, bits, count);
    KnnSearchStrategy strategy = new KnnSearchStrategy.Seeded(new SortedDocs(seeds), seeds.length, THROUGH_ALLOWED);
    return walk(leaf, query, new TopKnnCollector(wider, Integer.MAX_VALUE, strategy), accepted);
  }

  private static ScoreDoc[] walk(LeafReader leaf, float[] query, TopKnnCollector collector, AcceptDocs accepted)
      throws IOException {
    leaf.searchNearestVectors(ItemDocuments.VECTOR, query, collector, accepted);
    return collector.topDocs().scoreDocs;
  }

  /** Whether at least half the share of all that is allowed is allowed near the query too. */
  private static boolean isAllowedAround(LeafReader leaf, float[] query, FixedBitSet bits, double share)
      throws IOException {
    int allowed = 0;
    ScoreDoc[] around = walk(leaf, query, new TopKnnCollector(SURROUNDINGS, Integer.MAX_VALUE, THROUGH_ALL),
        AcceptDocs.fromLiveDocs(null, leaf.maxDoc()));
    for (ScoreDoc near : around) {
      if (bits.get(near.doc)) {
        allowed++;
      }
    }
    return allowed >= share / 2 * around.length;
  }

  /** The nearest of some allowed documents from all over the segment, ascending. */
  private static int[] seeds(LeafReader leaf, float[] query, FixedBitSet bits, int count) throws IOException {
    int[] sample = new int[SAMPLE];
    int size = 0;
    int every = Math.max(1, count / SAMPLE);
    int seen = 0;
    DocIdSetIterator docs = new BitSetIterator(bits, count);
    for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS && size < SAMPLE; doc = docs.nextDoc()) {
      if (seen++ % every == 0) {
        sample[size++] = doc;
      }
    }
    TopItems nearest = new TopItems(SEEDS);
    compare(leaf, null, query, new SortedDocs(Arrays.copyOf(sample, size)), nearest);
    int[] seeds = nearest.drain().items();
    Arrays.sort(seeds);
    return seeds;
  }

  /** Offers what a walk found, scored with the full vectors. */
  private static void offer(LeafReader leaf, int[] items, float[] query, ScoreDoc[] found, TopItems top)
      throws IOException {
    if (VectorFormat.approximate(leaf.getFieldInfos().fieldInfo(ItemDocuments.VECTOR))) {
      int[] docs = new int[found.length];
      for (int i = 0; i < docs.length; i++) {
        docs[i] = found[i].doc;
      }
      Arrays.sort(docs);
      compare(leaf, items, query, new SortedDocs(docs), top);
      return;
    }
    for (ScoreDoc hit : found) {
      top.offer(items[hit.doc], product(hit.score));
    }
  }

  /** Offers the full-precision products of some documents, ascending; of all where none are named. Offers documents where there are no items. */
  private static void compare(LeafReader leaf, int @Nullable [] items, float[] query, @Nullable DocIdSetIterator docs,
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
        int doc = buffer.docs[i];
        top.offer(items == null ? doc : items[doc], product(buffer.features[i]));
      }
    }
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
