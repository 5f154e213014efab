package io.sfumato.privacy.audit;

import org.apache.commons.statistics.distribution.BetaDistribution;

/** Exact confidence limits of a probability (Clopper and Pearson 1934), and what two of them say of ε. Their coverage is the confidence or more, for any number of trials. */
public final class ClopperPearson {
  private ClopperPearson() {}

  /** One-sided lower limit. */
  public static double lower(int successes, int trials, double confidence) {
    check(successes, trials);
    double significance = OneRunBound.significance(confidence);
    return successes == 0 ? 0
        : BetaDistribution.of(successes, trials - successes + 1.0).inverseCumulativeProbability(significance);
  }

  /** One-sided upper limit. */
  public static double upper(int successes, int trials, double confidence) {
    check(successes, trials);
    double significance = OneRunBound.significance(confidence);
    return successes == trials ? 1
        : BetaDistribution.of(successes + 1.0, trials - successes).inverseSurvivalProbability(significance);
  }

  /** Both limits, each missed with half of the probability that {@code confidence} leaves. */
  public static Interval interval(int successes, int trials, double confidence) {
    double each = (1 + confidence) / 2;
    return new Interval(lower(successes, trials, each), upper(successes, trials, each));
  }

  /**
   * Lower bound on ε of an attack that tells independent releases with a unit from those without, at a threshold fixed beforehand: {@code tpr ≤ e^ε·fpr + δ} holds, and so does the same of the rates of guessing
   * "out".
   *
   * @param truePositives releases with the unit that were told
   * @param with releases with the unit, 1 or more
   * @param falsePositives releases without it that were taken for ones with it
   * @param without releases without it, 1 or more
   * @param delta δ in [0, 1]
   * @param confidence of the bound; either rate has half of what is left
   * @return 0 or more
   */
  public static double epsilonLower(int truePositives, int with, int falsePositives, int without, double delta,
      double confidence) {
    OneRunBound.checkDelta(delta);
    double each = (1 + confidence) / 2;
    double tpr = lower(truePositives, with, each);
    double fpr = upper(falsePositives, without, each);
    double in = (tpr - delta) / fpr;
    double out = (1 - fpr - delta) / (1 - tpr);
    return Math.log(Math.max(1, Math.max(in, out)));
  }

  private static void check(int successes, int trials) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          "there must be a trial, and no more successes than trials, but there were %d and %d".formatted(trials,
              successes));
    }
  }

  /** A confidence interval. */
  public record Interval(double low, double high) {}
}
