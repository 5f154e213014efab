package io.sfumato.recommend.evaluation;

import java.util.Arrays;

/** Counts, for each relevant item of a user, the others of the ranking that are below it and those that tie with it. */
final class AucCount {
  private final int[] relevant;
  private final float[] relevantScores;
  private final long[] twiceBelow;
  private int collected;

  /**
   * Nothing is counted yet.
   *
   * @param relevant items, ascending
   */
  AucCount(int[] relevant) {
    this.relevant = relevant;
    this.relevantScores = new float[relevant.length];
    this.twiceBelow = new long[relevant.length];
  }

  /** Keeps the scores of the relevant items of a range that stands from {@code row} on; ranges come in order. NaN is not recommended: the lowest. */
  void collect(float[] scores, int row, int first, int end) {
    for (; collected < relevant.length && relevant[collected] < end; collected++) {
      float score = scores[row + relevant[collected] - first];
      relevantScores[collected] = Float.isNaN(score) ? Float.NEGATIVE_INFINITY : score;
    }
  }

  /** Compares the scores in [from, to), of which those that do not count are NaN, once all relevant items are collected. */
  void count(float[] scores, int from, int to) {
    for (int i = 0; i < relevant.length; i++) {
      twiceBelow[i] += Kernel.BEST.twiceBelow(scores, from, to, relevantScores[i]);
    }
  }

  /** The share of the others that each relevant item stands above, ties one half; 0.5 where there are no others. */
  float[] values(long others) {
    float[] values = new float[relevant.length];
    Arrays.fill(values, 0.5f);
    for (int i = 0; others > 0 && i < values.length; i++) {
      values[i] = (float) (twiceBelow[i] / (2.0 * others));
    }
    return values;
  }
}
