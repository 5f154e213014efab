package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * What many draws look like, against the standard normal: moments, tails, neighbours. Bounds are seven standard errors wide, and counts of
 * the tails are held to their Poisson distribution, so that right noise, which has no seed, fails once in some ten billion runs.
 */
final class NormalStatistics {
  private static final double[] TAILS = {4, 5, 5.5};

  /** What the count of a tail has as its own tail at least. */
  private static final double RARE = 1e-12;

  private final long[] beyond = new long[TAILS.length];
  private long count;
  private double first;
  private double second;
  private double third;
  private double fourth;
  private double lagged;
  private long zeros;

  void add(float[] draws) {
    double before = Double.NaN;
    for (float x : draws) {
      add(x, before);
      before = x;
    }
  }

  void add(double[] draws) {
    double before = Double.NaN;
    for (double x : draws) {
      add(x, before);
      before = x;
    }
  }

  private void add(double x, double before) {
    double square = x * x;
    first += x;
    second += square;
    third += square * x;
    fourth += square * square;
    count++;
    lagged += Double.isNaN(before) ? 0 : x * before;
    zeros += x == 0 ? 1 : 0;
    if (square > 16) {
      for (int i = 0; i < TAILS.length; i++) {
        beyond[i] += Math.abs(x) > TAILS[i] ? 1 : 0;
      }
    }
  }

  /** Fails unless the draws look like a standard normal of grid 2⁻¹⁶. */
  void check() {
    double n = count;
    assertThat(first / n).as("mean").isCloseTo(0, within(7 / Math.sqrt(n)));
    assertThat(second / n).as("variance").isCloseTo(1, within(7 * Math.sqrt(2 / n)));
    assertThat(third / n).as("third moment").isCloseTo(0, within(7 * Math.sqrt(15 / n)));
    assertThat(fourth / n).as("kurtosis").isCloseTo(3, within(7 * Math.sqrt(96 / n)));
    assertThat(lagged / n).as("product of neighbours").isCloseTo(0, within(7 / Math.sqrt(n)));
    assertThat((double) zeros).as("zeros, one grid step in 2^16/0.4")
        .isCloseTo(n * 0x1p-16 / Math.sqrt(2 * Math.PI), within(6 * Math.sqrt(n * 0x1p-16) + 2));
    for (int i = 0; i < TAILS.length; i++) {
      PoissonDistribution expected = PoissonDistribution.of(n * 2 * upperTail(TAILS[i]));
      int seen = Math.toIntExact(beyond[i]);
      String what = "beyond %s of %d: %d, but %.2f are expected".formatted(TAILS[i], count, seen, expected.getMean());
      assertThat(expected.cumulativeProbability(seen)).as(what).isGreaterThan(RARE);
      assertThat(expected.survivalProbability(seen - 1)).as(what).isGreaterThan(RARE);
    }
  }

  @Override
  public String toString() {
    double n = count;
    return String.format(Locale.ROOT,
        "n %d mean %.2e variance %.6f third %.2e kurtosis %.5f neighbours %.2e beyond 4: %d of %.1f, 5: %d of %.1f, 5.5: %d of %.2f",
        count, first / n, second / n, third / n, fourth / n, lagged / n, beyond[0], n * 2 * upperTail(4), beyond[1],
        n * 2 * upperTail(5), beyond[2], n * 2 * upperTail(5.5));
  }

  /** Kolmogorov and Smirnov's distance to the standard normal times √n; above 3.5 once in twenty billion times. */
  static double kolmogorovSmirnov(double[] draws) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double cdf = 1 - upperTail(sorted[i]);
      largest = Math.max(largest,
          Math.max(cdf - (double) i / sorted.length, (double) (i + 1) / sorted.length - cdf));
    }
    return largest * Math.sqrt(sorted.length);
  }

  private static double upperTail(double x) {
    return Erfc.value(x / Math.sqrt(2)) / 2;
  }
}
