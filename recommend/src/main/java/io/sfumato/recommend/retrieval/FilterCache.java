package io.sfumato.recommend.retrieval;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.FixedBitSet;

/**
 * Which documents of a segment pass a clause of a filter, deleted ones too: shops ask for the same few clauses again and again. Those not asked for longest make room; small segments are not kept. Thread-safe.
 */
final class FilterCache {
  private static final int LEAST_DOCS = 4096;

  private final long capacity;
  private final Map<Key, FixedBitSet> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Key(IndexReader.CacheKey segment, Filter.Clause clause) {}

  /** @param capacity bytes that bitsets may take in all */
  FilterCache(long capacity) {
    this.capacity = capacity;
  }

  /** To be read only. */
  FixedBitSet matching(LeafReaderContext leaf, Filter.Clause clause, IndexSearcher searcher) throws IOException {
    IndexReader.CacheHelper helper = leaf.reader().getCoreCacheHelper();
    if (helper == null || leaf.reader().maxDoc() < LEAST_DOCS) {
      return find(leaf, clause, searcher);
    }
    Key key = new Key(helper.getKey(), clause);
    synchronized (this) {
      FixedBitSet known = kept.get(key);
      if (known != null) {
        return known;
      }
    }
    FixedBitSet found = find(leaf, clause, searcher);
    if (add(key, found)) {
      helper.addClosedListener(this::forget);
    }
    return found;
  }

  /** Bytes that are kept now. */
  synchronized long bytes() {
    return bytes;
  }

  private static FixedBitSet find(LeafReaderContext leaf, Filter.Clause clause, IndexSearcher searcher)
      throws IOException {
    Weight weight = searcher.createWeight(searcher.rewrite(ItemDocuments.query(clause)), ScoreMode.COMPLETE_NO_SCORES,
        1);
    FixedBitSet bits = new FixedBitSet(leaf.reader().maxDoc());
    Scorer scorer = weight.scorer(leaf);
    if (scorer != null) {
      bits.or(scorer.iterator());
    }
    return bits;
  }

  /** Whether this is the segment's first. */
  private synchronized boolean add(Key key, FixedBitSet found) {
    boolean first = kept.keySet().stream().noneMatch(other -> other.segment.equals(key.segment));
    if (found.ramBytesUsed() <= capacity && kept.putIfAbsent(key, found) == null) {
      bytes += found.ramBytesUsed();
      Iterator<FixedBitSet> eldest = kept.values().iterator();
      while (bytes > capacity) {
        bytes -= eldest.next().ramBytesUsed();
        eldest.remove();
      }
    }
    return first;
  }

  private synchronized void forget(IndexReader.CacheKey segment) {
    kept.entrySet().removeIf(entry -> {
      boolean gone = entry.getKey().segment.equals(segment);
      if (gone) {
        bytes -= entry.getValue().ramBytesUsed();
      }
      return gone;
    });
  }
}
