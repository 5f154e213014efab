package io.sfumato.recommend.collaborative;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Arrays over the whole catalogue for one request, all zeros when borrowed and to be left so: a request touches some thousand places of a million, and clears these alone. A few are kept for the next requests, of
 * whatever model; they grow to the largest catalogue. Of one thread at a time. Where something was thrown on the way it is not handed back, since nobody knows then what it holds.
 */
final class Scratch {
  private static final int FIRST = 1024;
  private static final ArrayBlockingQueue<Scratch> KEPT = new ArrayBlockingQueue<>(
      2 * Runtime.getRuntime().availableProcessors());

  private float[] sums = new float[0];
  private int[] places = new int[0];
  private int[] touched = new int[FIRST];
  private int size;

  private Scratch() {}

  static Scratch borrow(int items) {
    Scratch scratch = KEPT.poll();
    if (scratch == null) {
      scratch = new Scratch();
    }
    if (scratch.sums.length < items) {
      scratch.sums = new float[items];
      scratch.places = new int[items];
    }
    return scratch;
  }

  /** A number an item; whoever changes one sets it to 0 again. */
  int[] places() {
    return places;
  }

  /** Adds to the sum of an item. */
  void add(int item, float amount) {
    if (sums[item] == 0) {
      if (size == touched.length) {
        touched = Arrays.copyOf(touched, 2 * size);
      }
      touched[size++] = item;
    }
    sums[item] += amount;
  }

  /** Tells all sums that are not 0, each once, and forgets them. */
  void drain(ItemModel.Proposals to) {
    for (int t = 0; t < size; t++) {
      int item = touched[t];
      float sum = sums[item];
      sums[item] = 0;
      if (sum != 0) { // also where it was touched twice, having been 0 in between
        to.offer(item, sum);
      }
    }
    size = 0;
  }

  /** Keeps it for the next who borrows; all of it must be zero again. */
  void handBack() {
    KEPT.offer(this);
  }
}
