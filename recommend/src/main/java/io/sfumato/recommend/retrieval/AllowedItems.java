package io.sfumato.recommend.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.lucene.index.LeafReaderContext;

/** What a view and a selection of its documents allow. */
final class AllowedItems implements Allowed {
  private final IndexView view;
  private final Selection selection;
  private final int size;
  private final VectorSearch vectors;

  AllowedItems(IndexView view, Selection selection, VectorSearch vectors) {
    this.view = view;
    this.selection = selection;
    this.size = selection.size();
    this.vectors = vectors;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean contains(int item) {
    return view.contains(selection, item);
  }

  @Override
  public int[] items() {
    int[] out = new int[size];
    int count = 0;
    for (LeafReaderContext leaf : view.leaves()) {
      int[] items = view.items(leaf);
      for (int doc = 0; doc < items.length; doc++) {
        if (selection.allows(leaf.ord, doc)) {
          out[count++] = items[doc];
        }
      }
    }
    Arrays.sort(out);
    return out;
  }

  @Override
  public Hits nearest(float[] query, int limit) {
    try {
      return ItemIndex.isZero(query) ? Hits.NONE : vectors.nearest(view, query, limit, selection);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
