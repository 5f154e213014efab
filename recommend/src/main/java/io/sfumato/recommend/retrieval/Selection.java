package io.sfumato.recommend.retrieval;

import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which documents of a view a request may get.
 *
 * @param bits one bitset a segment, null where every document of it is allowed; to be read only, since requests may share them
 * @param counts how many documents of each segment are allowed
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package alone, never compared
record Selection(@Nullable FixedBitSet[] bits, int[] counts) {
  int size() {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Whether every document of every segment is allowed. */
  boolean isEverything() {
    for (FixedBitSet some : bits) {
      if (some != null) {
        return false;
      }
    }
    return true;
  }

  boolean allows(int segment, int doc) {
    FixedBitSet some = bits[segment];
    return some == null || some.get(doc);
  }
}
