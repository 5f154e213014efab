package io.sfumato.privacy.audit;

import java.util.Arrays;
import java.util.Locale;

/**
 * Area under the ROC curve of scores of members and others: the probability that a member's score is above another's, ties half.
 *
 * @param value the area, in [0, 1]
 * @param standardError of {@code value}, by placements (DeLong, DeLong and Clarke-Pearson 1988); 0 where the scores do not overlap, so good for large samples alone
 * @param members number of members, 1 or more
 * @param others number of others, 1 or more
 */
public record Auc(double value, double standardError, int members, int others) {

  /** The area of finite scores. */
  public static Auc of(double[] members, double[] others) {
    if (members.length == 0 || others.length == 0) {
      throw new IllegalArgumentException(
          "an area needs members and others but there were %d and %d".formatted(members.length, others.length));
    }
    double[] memberPlacements = placements(members, others);
    double[] otherPlacements = placements(others, members);
    double auc = Arrays.stream(memberPlacements).average().orElseThrow();
    double error = Math.sqrt(variance(memberPlacements) / members.length + variance(otherPlacements) / others.length);
    return new Auc(auc, error, members.length, others.length);
  }

  /** The area of scores whose membership is known. */
  public static Auc of(double[] scores, boolean[] in) {
    return of(Scores.select(scores, in, true), Scores.select(scores, in, false));
  }

  /**
   * One-sided lower confidence limit, for any number of scores and any distribution of them. That has a price: it is up to half as far again from the area as {@code area − z·standardError} is, which is wrong where
   * samples are small or hardly overlap (at 99.9 %, missed by 0.4 % of 100 against 100 scores one deviation apart, by 4 % three deviations apart, by 13 % of 20 against 200).
   *
   * @param confidence in (½, 1)
   */
  public double lower(double confidence) {
    return limit(value, confidence);
  }

  /** One-sided upper confidence limit. */
  public double upper(double confidence) {
    return 1 - limit(1 - value, confidence);
  }

  /**
   * The smallest area A that explains an area a so large: {@code min(n, m)·KL(a ‖ A) = log 1/p}. The area is a mean over ways of pairing members with others, each a mean of min(n, m) independent comparisons, so that its
   * exponential moments are no larger than theirs (Hoeffding 1963, section 5 and Theorem 1).
   */
  private double limit(double area, double confidence) {
    double room = -Math.log(OneRunBound.significance(confidence)) / Math.min(members, others);
    double low = 0;
    double high = area;
    while (high - low > 1e-12) {
      double middle = (low + high) / 2;
      if (divergence(area, middle) > room) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Kullback–Leibler divergence of one coin from another. */
  private static double divergence(double a, double b) {
    return part(a, b) + part(1 - a, 1 - b);
  }

  private static double part(double a, double b) {
    return a == 0 ? 0 : a * Math.log(a / b);
  }

  /** Share of {@code against} below each score, ties half. */
  private static double[] placements(double[] scores, double[] against) {
    double[] sorted = against.clone();
    Arrays.sort(sorted);
    return Arrays.stream(scores)
        .map(score -> (Scores.below(sorted, score, false) + Scores.below(sorted, score, true)) / (2.0 * sorted.length))
        .toArray();
  }

  private static double variance(double[] values) {
    if (values.length < 2) {
      return 0;
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum() / (values.length - 1);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "AUC %.4f of %d members and %d others", value, members, others);
  }
}
