package io.sfumato.privacy.training;

import java.util.Arrays;
import java.util.Locale;

/**
 * Area under the ROC curve of scores of members and others, with its standard error by placements (DeLong, DeLong and
 * Clarke-Pearson 1988).
 *
 * @param value P(member's score &gt; other's score), ties half
 * @param standardError of {@code value}
 */
record Auc(double value, double standardError) {
  /** One-sided 99.9 % quantile of the normal. */
  private static final double Z = 3.090232;

  static Auc of(double[] members, double[] others) {
    double[] memberPlacements = placements(members, others);
    double[] otherPlacements = placements(others, members);
    double auc = Arrays.stream(memberPlacements).average().orElseThrow();
    return new Auc(auc,
        Math.sqrt(variance(memberPlacements) / members.length + variance(otherPlacements) / others.length));
  }

  /** Share of {@code against} below each score, ties half. */
  private static double[] placements(double[] scores, double[] against) {
    double[] sorted = against.clone();
    Arrays.sort(sorted);
    return Arrays.stream(scores)
        .map(score -> (rank(sorted, score, false) + rank(sorted, score, true)) / (2.0 * sorted.length))
        .toArray();
  }

  /** Number of values below the score, or not above it. */
  private static int rank(double[] sorted, double score, boolean orEqual) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) / 2;
      if (sorted[middle] < score || (orEqual && sorted[middle] == score)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum() / (values.length - 1);
  }

  /** Lower 99.9 % confidence limit. */
  double lower() {
    return value - Z * standardError;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "AUC %.4f, lower 99.9 %% limit %.4f", value, lower());
  }
}
