package io.sfumato.privacy.audit;

import java.util.stream.IntStream;

/** Arrays of scores. */
final class Scores {
  private Scores() {}

  /** Those whose membership is {@code member}, in order. */
  static double[] select(double[] scores, boolean[] in, boolean member) {
    return IntStream.range(0, scores.length).filter(i -> in[i] == member).mapToDouble(i -> scores[i]).toArray();
  }

  /** Number of ascending values below a score, or not above it. */
  static int below(double[] ascending, double score, boolean orEqual) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < score || (orEqual && ascending[middle] == score)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Refuses what cannot be ranked. */
  static double[] finite(double[] scores, String whose) {
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new IllegalArgumentException(
            "%s %d has the score %s, which cannot be ranked; scores must be finite".formatted(whose, i, scores[i]));
      }
    }
    return scores;
  }
}
