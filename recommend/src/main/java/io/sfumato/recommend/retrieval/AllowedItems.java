package io.sfumato.recommend.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** What a view and its bitsets allow. */
final class AllowedItems implements Allowed {
  private final IndexView view;
  private final FixedBitSet @Nullable [] bits;
  private final VectorSearch vectors;

  /** @param bits one a segment, null for every document */
  AllowedItems(IndexView view, FixedBitSet @Nullable [] bits, VectorSearch vectors) {
    this.view = view;
    this.bits = bits;
    this.vectors = vectors;
  }

  @Override
  public int size() {
    return bits == null ? view.reader.maxDoc() : Arrays.stream(bits).mapToInt(FixedBitSet::cardinality).sum();
  }

  @Override
  public boolean contains(int item) {
    int[] items = items();
    return Arrays.binarySearch(items, item) >= 0;
  }

  @Override
  public int[] items() {
    try {
      int[] out = new int[view.reader.maxDoc()];
      int count = 0;
      for (LeafReaderContext leaf : view.leaves()) {
        int[] items = view.items(leaf);
        for (int doc = 0; doc < items.length; doc++) {
          if (bits == null || bits[leaf.ord].get(doc)) {
            out[count++] = items[doc];
          }
        }
      }
      int[] items = Arrays.copyOf(out, count);
      Arrays.sort(items);
      return items;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Hits nearest(float[] query, int limit) {
    try {
      return ItemIndex.isZero(query) ? Hits.NONE : vectors.nearest(view, query, limit, bits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
