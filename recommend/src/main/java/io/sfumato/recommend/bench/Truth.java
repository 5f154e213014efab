package io.sfumato.recommend.bench;

import io.sfumato.recommend.retrieval.TopItems;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The exact nearest items of made queries, by comparing all, on all cores. */
final class Truth {
  private final MadeVectors vectors;
  private final long[] marks;

  /** @param marks a bit for each filter that an item passes */
  Truth(MadeVectors vectors, long[] marks) {
    this.vectors = vectors;
    this.marks = marks;
  }

  /**
   * For the first queries, one after the other: the nearest items, the best first, of all and behind each filter.
   *
   * @param excluded of each query, ascending
   * @param filters how many bits count
   * @return {@code [query][0]} without a filter, {@code [query][1 + f]} behind filter f
   */
  int[][][] nearest(int[][] excluded, int filters, int limit) {
    int[][][] nearest = new int[excluded.length][][];
    IntStream.range(0, excluded.length).parallel().forEach(q -> nearest[q] = one(q, excluded[q], filters, limit));
    return nearest;
  }

  private int[][] one(int query, int[] excluded, int filters, int limit) {
    float[] wanted = vectors.query(query);
    TopItems[] tops = new TopItems[filters + 1];
    Arrays.setAll(tops, f -> new TopItems(limit));
    for (int item = 0; item < vectors.items(); item++) {
      float score = product(wanted, vectors.table(), item * MadeVectors.DIMENSION);
      boolean known = false;
      for (int f = 0; f <= filters; f++) {
        if ((f == 0 || (marks[item] >>> (f - 1) & 1) != 0) && score >= tops[f].threshold()) {
          if (!known && Arrays.binarySearch(excluded, item) >= 0) {
            break;
          }
          known = true;
          tops[f].offer(item, score);
        }
      }
    }
    int[][] nearest = new int[filters + 1][];
    for (int f = 0; f <= filters; f++) {
      nearest[f] = tops[f].drain().items();
    }
    return nearest;
  }

  /** Four sums at a time. */
  private static float product(float[] a, float[] table, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int d = 0; d < a.length; d += 4) {
      s0 += a[d] * table[at + d];
      s1 += a[d + 1] * table[at + d + 1];
      s2 += a[d + 2] * table[at + d + 2];
      s3 += a[d + 3] * table[at + d + 3];
    }
    return s0 + s1 + s2 + s3;
  }

  /** The share of the best of the truth that was found. */
  static double recall(int[] found, int[] truth, int best) {
    int[] sorted = found.clone();
    Arrays.sort(sorted);
    int count = Math.min(best, truth.length);
    int hits = 0;
    for (int i = 0; i < count; i++) {
      if (Arrays.binarySearch(sorted, truth[i]) >= 0) {
        hits++;
      }
    }
    return count == 0 ? 1 : hits / (double) count;
  }
}
