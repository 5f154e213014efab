package io.sfumato.recommend.evaluation;

/**
 * Selects the k best of the scores of a user, which may come in pieces, lower items first. Ties go to the lower item index; NaN and negative infinity are left out. Reused from user to user by one thread.
 */
final class TopK {
  private final int[] items;
  private final float[] scores;
  private int size;

  TopK(int k) {
    this.items = new int[k];
    this.scores = new float[k];
  }

  /** Selects from the scores of all items; afterwards {@link #item} and {@link #size} hold the list, best first. */
  void select(float[] all) {
    clear();
    offer(all, 0, all.length, 0);
    sort();
  }

  /** Forgets what was offered. */
  void clear() {
    size = 0;
  }

  /**
   * Offers the scores of the items from {@code firstItem} on, which stand in [from, to). Nearly all are below the worst of the list, so that one comparison of whole vectors is all they cost.
   */
  void offer(float[] values, int from, int to, int firstItem) {
    int at = from;
    while (true) { // an equal score of a higher index loses
      at = Kernel.BEST.firstAbove(values, at, to, size == items.length ? scores[0] : Float.NEGATIVE_INFINITY);
      if (at == to) {
        return;
      }
      push(firstItem + at - from, values[at]);
      at++;
    }
  }

  int size() {
    return size;
  }

  /** The item at a rank, from 0. */
  int item(int rank) {
    return items[rank];
  }

  /** A min-heap whose root is the worst: the lowest score, of those the highest index. */
  private void push(int item, float score) {
    int at;
    if (size < items.length) {
      at = size++;
      while (at > 0 && worse(score, item, scores[(at - 1) / 2], items[(at - 1) / 2])) {
        move((at - 1) / 2, at);
        at = (at - 1) / 2;
      }
      set(at, item, score);
    } else {
      sink(item, score, size);
    }
  }

  private void sink(int item, float score, int end) {
    int at = 0;
    while (2 * at + 1 < end) {
      int child = 2 * at + 1;
      if (child + 1 < end && worse(scores[child + 1], items[child + 1], scores[child], items[child])) {
        child++;
      }
      if (!worse(scores[child], items[child], score, item)) {
        break;
      }
      move(child, at);
      at = child;
    }
    set(at, item, score);
  }

  /** Puts the best first, once all is offered. Heap sort: the root, the worst of what is left, goes to the end each time. */
  void sort() {
    for (int end = size - 1; end > 0; end--) {
      int item = items[end];
      float score = scores[end];
      move(0, end);
      sink(item, score, end);
    }
  }

  private void move(int from, int to) {
    items[to] = items[from];
    scores[to] = scores[from];
  }

  private void set(int at, int item, float score) {
    items[at] = item;
    scores[at] = score;
  }

  private static boolean worse(float score, int item, float otherScore, int otherItem) {
    return score < otherScore || (score == otherScore && item > otherItem);
  }
}
