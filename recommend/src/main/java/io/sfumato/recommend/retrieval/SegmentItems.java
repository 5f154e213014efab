package io.sfumato.recommend.retrieval;

import java.util.Arrays;

/** The catalogue indices of a segment's documents, and back. Immutable but for the way back, which is made when it is first asked for; thread-safe. */
final class SegmentItems {
  private static final int EMPTY = -1;

  private final int[] items;
  private volatile int[] table = new int[0];

  /** @param items the index of each document, -1 for none; taken over */
  SegmentItems(int[] items) {
    this.items = items;
  }

  /** The index of each document, to be read only. */
  int[] items() {
    return items;
  }

  /** The last document of an item, or -1: of several, all but the last are deleted. */
  int docOf(int item) {
    int[] slots = table;
    if (slots.length == 0) {
      slots = hash();
      table = slots;
    }
    int mask = slots.length - 1;
    for (int at = mix(item) & mask;; at = (at + 1) & mask) {
      int doc = slots[at];
      if (doc == EMPTY || items[doc] == item) {
        return doc;
      }
    }
  }

  long bytes() {
    return (long) Integer.BYTES * (items.length + table.length);
  }

  private int[] hash() {
    int[] slots = new int[Integer.highestOneBit(Math.max(1, items.length)) * 4];
    Arrays.fill(slots, EMPTY);
    int mask = slots.length - 1;
    for (int doc = 0; doc < items.length; doc++) {
      int at = mix(items[doc]) & mask;
      while (slots[at] != EMPTY && items[slots[at]] != items[doc]) {
        at = (at + 1) & mask;
      }
      slots[at] = doc;
    }
    return slots;
  }

  private static int mix(int item) {
    int mixed = item * 0x9E3779B9;
    return mixed ^ (mixed >>> 16);
  }
}
