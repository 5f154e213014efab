package io.sfumato.recommend.retrieval;

/** Keeps the k best of a stream of scored items: a heap with the worst of them on top. Equal scores are ordered by ascending index, so that answers do not depend on the order of the stream. Not thread-safe. */
public final class TopItems {
  private final int[] items;
  private final float[] scores;
  private int size;

  /** @param k how many to keep, 0 or more */
  public TopItems(int k) {
    items = new int[k];
    scores = new float[k];
  }

  /** The score that a new item must exceed, or reach with a lower index, to be kept: negative infinity while there is room. */
  public float threshold() {
    return size < items.length ? Float.NEGATIVE_INFINITY : items.length == 0 ? Float.POSITIVE_INFINITY : scores[0];
  }

  /** Whether an item would be kept now. */
  public boolean wouldKeep(int item, float score) {
    return size < items.length ? !Float.isNaN(score) : size > 0 && score >= scores[0] && !worse(score, item, 0);
  }

  /** Offers an item; each may be offered once. A score that is not a number is never kept. */
  public void offer(int item, float score) {
    if (Float.isNaN(score)) {
      return;
    }
    if (size < items.length) {
      int at = size++;
      while (at > 0 && worse(score, item, (at - 1) >> 1)) {
        int parent = (at - 1) >> 1;
        items[at] = items[parent];
        scores[at] = scores[parent];
        at = parent;
      }
      items[at] = item;
      scores[at] = score;
    } else if (size > 0 && !worse(score, item, 0)) {
      sink(item, score);
    }
  }

  /** What was kept, the best first; this object is empty afterwards. */
  public Hits drain() {
    int count = size;
    int[] outItems = new int[count];
    float[] outScores = new float[count];
    for (int rank = count - 1; rank >= 0; rank--) {
      outItems[rank] = items[0];
      outScores[rank] = scores[0];
      size--;
      if (size > 0) {
        sink(items[size], scores[size]);
      }
    }
    return new Hits(outItems, outScores);
  }

  /** Puts an item in the place of the top one and lets it sink to its place. */
  private void sink(int item, float score) {
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && worse(scores[child + 1], items[child + 1], child)) {
        child++;
      }
      if (!(scores[child] < score || (scores[child] == score && items[child] > item))) {
        break;
      }
      items[at] = items[child];
      scores[at] = scores[child];
      at = child;
    }
    items[at] = item;
    scores[at] = score;
  }

  private boolean worse(float score, int item, int than) {
    return score < scores[than] || (score == scores[than] && item > items[than]);
  }
}
