package io.sfumato.recommend.retrieval;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * What the index held at one moment: the segments of the bundle, which never change, those of later updates, and which documents of the bundle the updates replaced.
 * Immutable; lives as long as {@link #reader} is referenced.
 */
final class IndexView {
  final IndexReader reader;
  final @Nullable DirectoryReader live;
  final IndexSearcher searcher;
  private final ItemNumbers numbers;
  private final FilterCache filters;
  private final int baseDocs;
  private final List<LeafReaderContext> leaves;
  private final SegmentItems[] items;
  /** First document of each segment of the bundle; as many as there are such segments, which come first. */
  private final int[] baseStarts;
  private final Selection alive;

  /** How many updates it knows. */
  final long changes;

  /**
   * Takes over one reference of the reader.
   *
   * @param dead documents of the bundle's segments that were replaced or removed, as long as these have documents; not changed afterwards
   */
  IndexView(IndexReader reader, @Nullable DirectoryReader live, ItemNumbers numbers, FilterCache filters,
      FixedBitSet dead, long changes) throws IOException {
    this.reader = reader;
    this.live = live;
    this.numbers = numbers;
    this.filters = filters;
    this.changes = changes;
    this.baseDocs = dead.length();
    this.searcher = new IndexSearcher(reader);
    this.searcher.setQueryCache(null);
    this.leaves = reader.leaves();
    this.items = new SegmentItems[leaves.size()];
    FixedBitSet[] bits = new FixedBitSet[leaves.size()];
    int[] counts = new int[leaves.size()];
    boolean anyDead = !dead.scanIsEmpty();
    for (LeafReaderContext leaf : leaves) {
      items[leaf.ord] = numbers.of(leaf.reader());
      FixedBitSet some = isBase(leaf) ? (anyDead ? without(dead, leaf) : null) : living(leaf);
      bits[leaf.ord] = some;
      counts[leaf.ord] = some == null ? leaf.reader().maxDoc() : some.cardinality();
    }
    this.alive = new Selection(bits, counts);
    this.baseStarts = leaves.stream().filter(this::isBase).mapToInt(leaf -> leaf.docBase).toArray();
  }

  private static FixedBitSet without(FixedBitSet dead, LeafReaderContext leaf) {
    int size = leaf.reader().maxDoc();
    FixedBitSet gone = new FixedBitSet(size);
    FixedBitSet.orRange(dead, leaf.docBase, gone, 0, size);
    FixedBitSet alive = new FixedBitSet(size);
    alive.set(0, size);
    alive.andNot(gone);
    return alive;
  }

  private static @Nullable FixedBitSet living(LeafReaderContext leaf) {
    Bits liveDocs = leaf.reader().getLiveDocs();
    return liveDocs == null ? null : FixedBitSet.copyOf(liveDocs);
  }

  List<LeafReaderContext> leaves() {
    return leaves;
  }

  /** Whether a segment is the bundle's. */
  boolean isBase(LeafReaderContext leaf) {
    return leaf.docBase < baseDocs;
  }

  /** The catalogue index of each document of a segment, to be read only. */
  int[] items(LeafReaderContext leaf) {
    return items[leaf.ord].items();
  }

  /** The catalogue index of a document of the whole view. */
  int item(int doc) {
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    return items(leaf)[doc - leaf.docBase];
  }

  /** How many items can be found. */
  int size() {
    return alive.size();
  }

  /** Whether a selection of this view has an item. */
  boolean contains(Selection selection, int item) {
    int doc = numbers.docOf(item);
    int ord = baseStarts.length;
    if (doc >= 0) { // on arrays alone: this is asked some thousand times a request
      int base = ord - 1;
      while (baseStarts[base] > doc) {
        base--;
      }
      if (selection.allows(base, doc - baseStarts[base])) {
        return true;
      }
    }
    for (; ord < items.length; ord++) {
      int there = items[ord].docOf(item);
      if (there >= 0 && selection.allows(ord, there)) {
        return true;
      }
    }
    return false;
  }

  private static int within(LeafReaderContext leaf, int doc) {
    int there = doc - leaf.docBase;
    return doc >= 0 && there < leaf.reader().maxDoc() ? there : -1;
  }

  /** The documents that are neither replaced, removed nor excluded, and pass the filter. Works on whole words of the bitsets, and costs as much as there are documents divided by 64. */
  Selection allowed(Filter filter, int[] excluded) throws IOException {
    if (filter.isEmpty() && excluded.length == 0) {
      return alive;
    }
    FixedBitSet[] bits = new FixedBitSet[leaves.size()];
    int[] counts = new int[leaves.size()];
    for (LeafReaderContext leaf : leaves) {
      FixedBitSet passing = passing(leaf, filter);
      FixedBitSet living = alive.bits()[leaf.ord];
      int size = leaf.reader().maxDoc();
      FixedBitSet some;
      int count;
      if (passing != null) {
        if (living != null) {
          passing.and(living);
        }
        some = passing;
        count = passing.cardinality();
      } else if (!excludes(leaf, excluded)) {
        bits[leaf.ord] = living;
        counts[leaf.ord] = alive.counts()[leaf.ord];
        continue;
      } else if (living != null) {
        some = living.clone();
        count = alive.counts()[leaf.ord];
      } else {
        some = new FixedBitSet(size);
        some.set(0, size);
        count = size;
      }
      bits[leaf.ord] = some;
      counts[leaf.ord] = count - exclude(leaf, some, excluded);
    }
    return new Selection(bits, counts);
  }

  /** A bitset of the caller's own; null for every document. */
  private @Nullable FixedBitSet passing(LeafReaderContext leaf, Filter filter) throws IOException {
    FixedBitSet all = null;
    for (Filter.Clause clause : filter.clauses()) {
      FixedBitSet some = filters.matching(leaf, clause, searcher);
      if (all == null) {
        all = some.clone();
      } else {
        all.and(some);
      }
    }
    return all;
  }

  private boolean excludes(LeafReaderContext leaf, int[] excluded) {
    for (int item : excluded) {
      if (document(leaf, item) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Clears what is excluded, and tells how many that were. */
  private int exclude(LeafReaderContext leaf, FixedBitSet bits, int[] excluded) {
    int cleared = 0;
    for (int item : excluded) {
      int doc = document(leaf, item);
      if (doc >= 0 && bits.getAndClear(doc)) {
        cleared++;
      }
    }
    return cleared;
  }

  private int document(LeafReaderContext leaf, int item) {
    return isBase(leaf) ? within(leaf, numbers.docOf(item)) : items[leaf.ord].docOf(item);
  }
}
