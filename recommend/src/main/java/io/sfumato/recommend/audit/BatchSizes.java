package io.sfumato.recommend.audit;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Sizes of batches held against Poisson sampling: of n units that each take part by a coin of probability q, the number is binomial, with variance mean · (1 − q). A shuffled pass or batches of a fixed size
 * vary less, whatever draws people together varies more. n itself is bounded by the number of units: those with too little to learn from take part in nothing and are not counted.
 *
 * <p>A right sampler is told to be wrong once in a million trainings, by each of the two tests.
 *
 * @param counts number of steps by size
 */
record BatchSizes(SortedMap<Integer, Long> counts) {
  private static final double ERROR = 1e-6;
  /** With fewer steps, or less in them, sizes are too coarse for the test of their variance. */
  private static final int LEAST_STEPS = 20;
  private static final double LEAST_MEAN = 5;

  long steps() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  double mean() {
    double sum = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      sum += (double) entry.getKey() * entry.getValue();
    }
    return sum / steps();
  }

  /** The sample's variance; 0 for a single step. */
  double variance() {
    double mean = mean();
    double sum = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      sum += (entry.getKey() - mean) * (entry.getKey() - mean) * entry.getValue();
    }
    return steps() < 2 ? 0 : sum / (steps() - 1);
  }

  /** Whether there are enough to tell Poisson sampling from another. */
  boolean telling() {
    return steps() >= LEAST_STEPS && mean() >= LEAST_MEAN;
  }

  /**
   * What tells them from Poisson sampling; null where nothing does.
   *
   * @param q sampling rate that was accounted
   * @param units that could be drawn, 0 where it is not known
   */
  @Nullable
  String fault(double q, double units) {
    if (units > 0 && tooMany(q, units)) {
      return String.format(Locale.ROOT, "more than %.0f units at rate %s give", units, q);
    }
    double expected = mean() * (1 - q);
    if (q == 1 || !telling()) {
      return q == 1 && counts.size() > 1 ? "at rate 1 every batch must hold every unit" : null;
    }
    double freedom = steps() - 1;
    double statistic = freedom * variance() / expected;
    ChiSquaredDistribution chi = ChiSquaredDistribution.of(freedom);
    if (chi.cumulativeProbability(statistic) < ERROR) {
      return String.format(Locale.ROOT, "less varied than Poisson sampling, whose variance would be %.1f", expected);
    }
    return chi.survivalProbability(statistic) < ERROR
        ? String.format(Locale.ROOT, "more varied than Poisson sampling, whose variance would be %.1f", expected)
        : null;
  }

  /** Whether the total is beyond what a binomial of all units and steps gives. */
  private boolean tooMany(double q, double units) {
    double trials = units * steps();
    double total = mean() * steps();
    if (trials <= Integer.MAX_VALUE) {
      int drawn = (int) Math.round(total);
      return drawn > trials
          || (drawn > 0 && BinomialDistribution.of((int) trials, q).survivalProbability(drawn - 1) < ERROR);
    }
    return total > trials * q && NormalDistribution.of(trials * q, Math.sqrt(trials * q * (1 - q)) + 1)
        .survivalProbability(total) < ERROR;
  }
}
