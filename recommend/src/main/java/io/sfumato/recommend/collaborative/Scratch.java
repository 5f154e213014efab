package io.sfumato.recommend.collaborative;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * What a request adds up, in memory that is kept for the next ones: sums of the items that it touches, some thousand of a million, in a table that fits the processor's cache; and which items it asks for, by a bit an
 * item. Empty when borrowed and to be left so. Of one thread at a time. Where something was thrown on the way it is not handed back, since nobody knows then what it holds.
 */
final class Scratch {
  private static final int FIRST = 1 << 12;
  private static final long KEY = 0xFFFFFFFF_00000000L;
  private static final ArrayBlockingQueue<Scratch> KEPT = new ArrayBlockingQueue<>(
      2 * Runtime.getRuntime().availableProcessors());

  /** An open-addressed table, at most half full: item + 1 above, the bits of its sum below; 0 where nothing is. */
  private long[] table = new long[FIRST];
  /** The slots that are taken, in the order in which they were. */
  private int[] touched = new int[FIRST / 2];
  private int size;
  private final Places places = new Places();
  @SuppressWarnings("UnusedVariable") // see keep
  private int kept;

  private Scratch() {}

  static Scratch borrow() {
    Scratch scratch = KEPT.poll();
    return scratch == null ? new Scratch() : scratch;
  }

  /** Adds to the sum of an item. */
  void add(int item, float amount) {
    long key = (item + 1L) << Integer.SIZE;
    int slot = slot(key, table);
    long found = table[slot];
    if (found == 0) {
      if (size == touched.length) {
        grow();
        slot = slot(key, table);
      }
      touched[size++] = slot;
      found = key;
    }
    float sum = Float.intBitsToFloat((int) found) + amount;
    table[slot] = key | Integer.toUnsignedLong(Float.floatToRawIntBits(sum));
  }

  /** Where a key is, or would be. */
  private static int slot(long key, long[] table) {
    int mask = table.length - 1;
    int slot = ((int) (key >>> Integer.SIZE) * 0x9E3779B9) >>> Integer.numberOfLeadingZeros(mask);
    while (table[slot] != 0 && (table[slot] & KEY) != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] larger = new long[2 * table.length];
    int[] slots = new int[2 * touched.length];
    for (int t = 0; t < size; t++) {
      long entry = table[touched[t]];
      slots[t] = slot(entry & KEY, larger);
      larger[slots[t]] = entry;
    }
    table = larger;
    touched = slots;
  }

  /** Tells all sums that are not 0, each once, in the order in which the items came, and forgets them. */
  void drain(ItemModel.Proposals to) {
    for (int t = 0; t < size; t++) {
      long entry = table[touched[t]];
      table[touched[t]] = 0;
      float sum = Float.intBitsToFloat((int) entry);
      if (sum != 0) {
        to.offer((int) (entry >>> Integer.SIZE) - 1, sum);
      }
    }
    size = 0;
  }

  /** Holds what was read for the sake of reading, so that the compiler cannot leave the reads out. */
  void keep(int read) {
    kept ^= read;
  }

  /** The places of some items in a list, to be cleared before another list is asked for. */
  Places places(int[] items, int bound) {
    places.set(items, bound);
    return places;
  }

  /** Keeps it for the next who borrows; all of it must be empty again. */
  void handBack() {
    KEPT.offer(this);
  }

  /** Which items are in a list, and where. */
  static final class Places {
    private long[] marks = new long[0];
    private int[] places = new int[0];
    private int[] items = new int[0];
    private int bound;

    private Places() {}

    /** Items from {@code bound} on are left out. */
    private void set(int[] list, int upTo) {
      items = list;
      bound = upTo;
      if (places.length < bound) {
        places = new int[bound];
        marks = Arrays.copyOf(marks, (bound + Long.SIZE - 1) / Long.SIZE);
      }
      for (int i = 0; i < items.length; i++) {
        if (items[i] < bound) {
          places[items[i]] = i;
          marks[items[i] >> 6] |= 1L << items[i];
        }
      }
    }

    boolean has(int item) {
      return (marks[item >> 6] & (1L << item)) != 0;
    }

    /** Where an item is that the list {@linkplain #has has}. */
    int of(int item) {
      return places[item];
    }

    void clear() {
      for (int item : items) {
        if (item < bound) {
          marks[item >> 6] = 0;
        }
      }
      items = new int[0];
    }
  }
}
