package io.sfumato.recommend.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How sure a difference between recommenders is, from a metric's values a user. Users are what is drawn at random: every statement is about other users of the same kind, on the same
 * items, and says nothing of other seeds of training or other data. Deterministic for a seed. Thread-safe.
 */
public final class Significance {
  /** Permutations of a test unless said otherwise: the smallest p that it can give is about one in so many. */
  public static final int PERMUTATIONS = 10_000;

  private Significance() {}

  /**
   * The bootstrap interval of a mean (Efron 1979, percentiles): users are drawn with replacement.
   *
   * @param values one a user, at least one
   * @param resamples how often all are drawn, such as 2,000
   * @param level confidence, in (0, 1), such as 0.95
   */
  public static Interval bootstrap(double[] values, int resamples, double level, long seed) {
    return bootstrap(new double[][]{values}, resamples, level, seed)[0];
  }

  /**
   * The bootstrap intervals of several means over the same users, by the same draws: what is drawn once is used for all, so that many figures cost little more than one.
   *
   * @param columns {@code [figures, users]}
   * @return one interval a figure
   */
  public static Interval[] bootstrap(double[][] columns, int resamples, double level, long seed) {
    if (columns.length == 0) {
      return new Interval[0];
    }
    int users = columns[0].length;
    if (users == 0 || resamples < 1 || !(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "a bootstrap needs values, resamples and a level in (0, 1) but got %d values, %d resamples, level %s"
              .formatted(users, resamples, level));
    }
    double[][] means = new BootstrapMeans(columns.length, users, c -> columns[c]).draw(resamples, seed);
    return Arrays.stream(means).map(of -> interval(of, level)).toArray(Interval[]::new);
  }

  /** The percentiles of bootstrap means, which are sorted in place. */
  static Interval interval(double[] means, double level) {
    Arrays.sort(means);
    double tail = (1 - level) / 2;
    return new Interval(quantile(means, tail), quantile(means, 1 - tail));
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  /** By linear interpolation between neighbours. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /**
   * Two-sided paired randomisation test (Fisher 1935; Smucker, Allan and Carterette 2007): if a and b were the same, each user's difference could as well have the other sign.
   *
   * @param a a metric of one recommender, a value a user
   * @param b the same of the other, parallel
   * @return the share of sign flips, the one that was seen among them, whose mean difference is as far from zero
   */
  public static double paired(double[] a, double[] b, int permutations, long seed) {
    return flips(differences(a, b), permutations, seed, false);
  }

  /**
   * One-sided paired randomisation test of whether a is greater than b.
   *
   * @return the share of sign flips, the one that was seen among them, whose mean difference is as great
   */
  public static double pairedGreater(double[] a, double[] b, int permutations, long seed) {
    return flips(differences(a, b), permutations, seed, true);
  }

  private static double[] differences(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "a paired test needs the same users twice but got %d and %d values".formatted(a.length, b.length));
    }
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).filter(d -> d != 0).toArray();
  }

  private static double flips(double[] differences, int permutations, long seed, boolean oneSided) {
    if (permutations < 1) {
      throw new IllegalArgumentException("permutations must be at least 1 but were " + permutations);
    }
    double seen = Arrays.stream(differences).sum();
    double slack = 1e-12 * Arrays.stream(differences).map(Math::abs).sum(); // sums in another order differ in the last bits
    double[] sums = new SignFlips(differences).draw(permutations, seed);
    long asFar = 1;
    for (double sum : sums) {
      boolean far = oneSided ? sum >= seen - slack : Math.abs(sum) >= Math.abs(seen) - slack;
      asFar += far ? 1 : 0;
    }
    return (double) asFar / (permutations + 1);
  }

  /**
   * Holm's correction (1979) for several tests: with it, the chance that any of the true hypotheses is refused stays below the level.
   *
   * @param p values in [0, 1]
   * @return corrected values, parallel
   */
  public static double[] holm(double[] p) {
    int[] order = IntStream.range(0, p.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> p[i]))
        .mapToInt(Integer::intValue)
        .toArray();
    double[] corrected = new double[p.length];
    double greatest = 0;
    for (int rank = 0; rank < order.length; rank++) {
      greatest = Math.max(greatest, Math.min(1, (p.length - rank) * p[order[rank]]));
      corrected[order[rank]] = greatest;
    }
    return corrected;
  }
}
