package io.sfumato.recommend.evaluation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lists of one scorer, cut at the largest k, in one array; and, where they were asked for, the AUC of each relevant item. Each place is written by one thread. */
final class RankedLists {
  private final int width;
  private final int[] items;
  private final int[] sizes;
  private final float @Nullable [][] aucs;

  /**
   * Empty lists.
   *
   * @param users the number of lists
   * @param width the most that a list can hold
   */
  RankedLists(int users, int width, boolean auc) {
    this.width = width;
    this.items = new int[Math.multiplyExact(users, width)];
    this.sizes = new int[users];
    this.aucs = auc ? new float[users][] : null;
  }

  /** Takes a list over from a selection that is sorted. */
  void set(int position, TopK top) {
    sizes[position] = top.size();
    for (int rank = 0; rank < top.size(); rank++) {
      items[position * width + rank] = top.item(rank);
    }
  }

  /** Keeps the AUC of each relevant item of a user, in the order of {@link Audience#relevant}. */
  void setAucs(int position, float[] values) {
    if (aucs == null) {
      throw new IllegalStateException("no AUC was asked for");
    }
    aucs[position] = values;
  }

  boolean hasAuc() {
    return aucs != null;
  }

  /** The AUC of each relevant item of a user. */
  float[] aucs(int position) {
    if (aucs == null) {
      throw new IllegalArgumentException("auc was not measured; ask the evaluation for it");
    }
    return aucs[position];
  }

  int size(int position) {
    return sizes[position];
  }

  int item(int position, int rank) {
    return items[position * width + rank];
  }

  int[] list(int position) {
    return Arrays.copyOfRange(items, position * width, position * width + sizes[position]);
  }

  /** The ranks, from 1 and ascending, at which items of a sorted set stand. */
  int[] hitRanks(int position, int[] sortedRelevant) {
    int[] ranks = new int[Math.min(sizes[position], sortedRelevant.length)];
    int hits = 0;
    for (int rank = 0; rank < sizes[position] && hits < ranks.length; rank++) {
      if (Arrays.binarySearch(sortedRelevant, items[position * width + rank]) >= 0) {
        ranks[hits++] = rank + 1;
      }
    }
    return Arrays.copyOf(ranks, hits);
  }
}
