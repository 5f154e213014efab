package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Split;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * What one thread ranks with: a block of users by a range of items. Ranges come in the order of the items, each is scored, masked and offered to the users' selections, and its scores are forgotten: {@code USERS × ITEMS} of them are held for a
 * {@link BlockScorer}, those of one user for another scorer.
 */
final class RankingTile {
  /** Users of a block. */
  static final int USERS = 16 * Kernel.USERS;
  private static final int ITEMS = 1024;

  private final Scorer scorer;
  private final Split split;
  private final boolean maskValidation;
  private final Audience audience;
  private final BitSet pool;
  private final BitSet outside;
  private final RankedLists lists;
  private final int items;
  private final int range;
  private final float[] scores;
  private final TopK[] tops;
  private final int[][] masks;
  private final AucCount[] aucs;

  RankingTile(Scorer scorer, Evaluation evaluation, Audience audience, BitSet pool, RankedLists lists, int width) {
    this.scorer = scorer;
    this.split = evaluation.split();
    this.maskValidation = evaluation.part() == Evaluation.Part.TEST && evaluation.protocol() == Protocol.FULL;
    this.audience = audience;
    this.pool = pool;
    this.lists = lists;
    this.items = split.train().itemCount();
    this.outside = (BitSet) pool.clone();
    outside.flip(0, items);
    int users = scorer instanceof BlockScorer ? USERS : 1;
    this.range = scorer instanceof BlockScorer ? Math.min(ITEMS, items) : items;
    this.scores = new float[users * range];
    this.tops = IntStream.range(0, users).mapToObj(u -> new TopK(width)).toArray(TopK[]::new);
    this.masks = new int[users][];
    this.aucs = new AucCount[lists.hasAuc() ? users : 0];
  }

  /** Ranks for the users at some positions of the audience, at most as many as the block has. */
  void rank(int from, int to) {
    int users = to - from;
    for (int u = 0; u < users; u++) {
      tops[u].clear();
      masks[u] = masked(audience.users()[from + u]);
    }
    for (int first = 0; first < items; first += range) {
      int end = Math.min(items, first + range);
      score(from, to, first, end);
      for (int u = 0; u < users; u++) {
        int row = u * (end - first);
        exclude(row, first, end, masks[u], Float.NEGATIVE_INFINITY);
        excludeOutside(row, first, end, Float.NEGATIVE_INFINITY);
        tops[u].offer(scores, row, row + end - first, first);
        if (aucs.length > 0) {
          aucs[u] = first == 0 ? new AucCount(audience.relevant()[from + u]) : aucs[u];
          aucs[u].collect(scores, row, first, end);
        }
      }
    }
    for (int u = 0; u < users; u++) {
      tops[u].sort();
      lists.set(from + u, tops[u]);
    }
    if (aucs.length > 0) {
      count(from, to);
    }
  }

  /** The second pass, which compares the others with the relevant items; the scores of a single range are still there. */
  private void count(int from, int to) {
    for (int first = 0; first < items; first += range) {
      int end = Math.min(items, first + range);
      if (items > range) {
        score(from, to, first, end);
      }
      for (int u = 0; u < to - from; u++) {
        int row = u * (end - first);
        for (int i = row; i < row + end - first; i++) {
          scores[i] = Float.isNaN(scores[i]) ? Float.NEGATIVE_INFINITY : scores[i];
        }
        exclude(row, first, end, masks[u], Float.NaN);
        exclude(row, first, end, audience.relevant()[from + u], Float.NaN);
        excludeOutside(row, first, end, Float.NaN);
        aucs[u].count(scores, row, row + end - first);
      }
    }
    for (int u = 0; u < to - from; u++) {
      int[] relevant = audience.relevant()[from + u];
      long others = pool.cardinality() - relevant.length
          - IntStream.of(masks[u]).filter(i -> pool.get(i) && Arrays.binarySearch(relevant, i) < 0).count();
      lists.setAucs(from + u, aucs[u].values(others));
    }
  }

  private void score(int from, int to, int first, int end) {
    if (scorer instanceof BlockScorer block) {
      block.score(audience.users(), from, to, first, end, scores);
    } else {
      scorer.score(audience.users()[from], pool, scores);
    }
  }

  /** What is left out of a user's ranking: item indices, ascending. */
  private int[] masked(int user) {
    IntStream known = IntStream.of(split.train().itemsOf(user));
    return (maskValidation ? IntStream.concat(known, IntStream.of(split.valid().itemsOf(user))) : known).sorted()
        .distinct()
        .toArray();
  }

  private void exclude(int row, int first, int end, int[] sorted, float value) {
    int at = Arrays.binarySearch(sorted, first);
    for (int i = at < 0 ? -at - 1 : at; i < sorted.length && sorted[i] < end; i++) {
      scores[row + sorted[i] - first] = value;
    }
  }

  private void excludeOutside(int row, int first, int end, float value) {
    for (int i = outside.nextSetBit(first); i >= 0 && i < end; i = outside.nextSetBit(i + 1)) {
      scores[row + i - first] = value;
    }
  }
}
