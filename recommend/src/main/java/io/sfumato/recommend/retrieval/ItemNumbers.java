package io.sfumato.recommend.retrieval;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;

/** Which catalogue index each document has, read once a segment, and which document of the bundle's segments each item has. Thread-safe. */
final class ItemNumbers {
  private final Map<IndexReader.CacheKey, SegmentItems> bySegment = new ConcurrentHashMap<>();
  private final int[] docs;

  /** Reads the numbers of the bundle's own segments. */
  ItemNumbers(IndexReader base) throws IOException {
    int[] found = new int[base.maxDoc()];
    Arrays.fill(found, -1);
    for (LeafReaderContext leaf : base.leaves()) {
      int[] items = of(leaf.reader()).items();
      for (int doc = 0; doc < items.length; doc++) {
        int item = items[doc];
        if (item < 0 || item >= found.length) {
          throw new IOException("document %d has the item number %d, which is not one of %d items".formatted(doc, item,
              found.length));
        }
        if (found[item] >= 0) {
          throw new IOException("two documents have the item number " + item);
        }
        found[item] = leaf.docBase + doc;
      }
    }
    docs = found;
  }

  /** The document of an item in the bundle's segments, or -1. */
  int docOf(int item) {
    return item >= 0 && item < docs.length ? docs[item] : -1;
  }

  /** The items of a segment. */
  SegmentItems of(LeafReader leaf) throws IOException {
    IndexReader.CacheHelper helper = leaf.getCoreCacheHelper();
    if (helper == null) {
      return read(leaf);
    }
    SegmentItems known = bySegment.get(helper.getKey());
    if (known == null) {
      known = read(leaf);
      if (bySegment.putIfAbsent(helper.getKey(), known) == null) {
        helper.addClosedListener(bySegment::remove);
      }
    }
    return known;
  }

  /** Bytes on the heap. */
  long bytes() {
    long bytes = (long) Integer.BYTES * docs.length;
    for (SegmentItems items : bySegment.values()) {
      bytes += items.bytes();
    }
    return bytes;
  }

  private static SegmentItems read(LeafReader leaf) throws IOException {
    int[] items = new int[leaf.maxDoc()];
    Arrays.fill(items, -1);
    NumericDocValues values = leaf.getNumericDocValues(ItemDocuments.ITEM);
    if (values != null) {
      for (int doc = values.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = values.nextDoc()) {
        long item = values.longValue();
        if (item != (int) item) {
          throw new IOException("document %d has the item number %d".formatted(doc, item));
        }
        items[doc] = (int) item;
      }
    }
    return new SegmentItems(items);
  }
}
