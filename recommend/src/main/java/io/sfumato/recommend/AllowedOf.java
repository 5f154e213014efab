package io.sfumato.recommend;

import io.sfumato.recommend.retrieval.Allowed;
import io.sfumato.recommend.retrieval.Hits;
import io.sfumato.recommend.retrieval.TopItems;
import java.util.BitSet;

/** Some items of a space, as training and evaluation allow them: without an index, all vectors being compared. */
final class AllowedOf implements Allowed {
  private final ItemSpace items;
  private final BitSet allowed;

  AllowedOf(ItemSpace items, BitSet allowed) {
    this.items = items;
    this.allowed = allowed;
  }

  @Override
  public int size() {
    return allowed.cardinality();
  }

  @Override
  public boolean contains(int item) {
    return allowed.get(item);
  }

  @Override
  public int[] items() {
    return allowed.stream().toArray();
  }

  @Override
  public Hits nearest(float[] query, int limit) {
    if (isZero(query)) {
      return Hits.NONE;
    }
    TopItems top = new TopItems(limit);
    for (int item = allowed.nextSetBit(0); item >= 0; item = allowed.nextSetBit(item + 1)) {
      if (hasVector(items, item)) {
        top.offer(item, items.dot(query, item));
      }
    }
    return top.drain();
  }

  /** Whether an item has any modality. */
  static boolean hasVector(ItemSpace items, int item) {
    int modalities = items.modalities().size();
    for (int m = 0; m < modalities; m++) {
      if (items.present(m, item)) {
        return true;
      }
    }
    return false;
  }

  static boolean isZero(float[] vector) {
    for (float value : vector) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
