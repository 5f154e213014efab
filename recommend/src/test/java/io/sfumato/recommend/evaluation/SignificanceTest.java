package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SignificanceTest {
  /** Of the 16 signs of (1, 2, 3, 4) two have a sum as far from zero as 10, and four one as far as 8. */
  @Test
  void theRandomisationTestCountsFlips() {
    double[] zero = new double[4];
    assertThat(Significance.paired(new double[]{1, 2, 3, 4}, zero, 100_000, 1)).isCloseTo(2.0 / 16, within(0.005));
    assertThat(Significance.paired(new double[]{-1, 2, 3, 4}, zero, 100_000, 1)).isCloseTo(4.0 / 16, within(0.005));
    assertThat(Significance.pairedGreater(new double[]{1, 2, 3, 4}, zero, 100_000, 1))
        .isCloseTo(1.0 / 16, within(0.005));
  }

  @Test
  void noDifferenceIsNoEvidence() {
    double[] same = {0.1, 0.7, 0.3};
    assertThat(Significance.paired(same, same, 1000, 1)).isEqualTo(1);
  }

  /** Where nothing differs in truth, a test at 5 % finds a difference in about 5 % of cases. */
  @Test
  void falseAlarmsAreAsRareAsPromised() {
    SplittableRandom random = new SplittableRandom(9);
    int alarms = 0;
    for (int trial = 0; trial < 400; trial++) {
      double[] a = random.doubles(40).toArray();
      double[] b = random.doubles(40).toArray();
      alarms += Significance.paired(a, b, 200, trial) <= 0.05 ? 1 : 0;
    }
    assertThat(alarms / 400.0).isBetween(0.02, 0.085); // 3 standard deviations
  }

  @Test
  void theBootstrapAgreesWithTheNormalApproximation() {
    SplittableRandom random = new SplittableRandom(2);
    double[] values = random.doubles(2000).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double half = 1.96 * Math.sqrt(1.0 / 12 / values.length);
    Interval interval = Significance.bootstrap(values, 4000, 0.95, 5);
    assertThat(interval.low()).isCloseTo(mean - half, within(0.1 * half));
    assertThat(interval.high()).isCloseTo(mean + half, within(0.1 * half));
  }

  /** All signs of a few values: each subset sum comes about as often as it should, and none that cannot be. */
  @Property(tries = 20, seed = "1")
  void signedSumsAreThoseOfRandomSigns(@ForAll long seed, @ForAll @IntRange(min = 1, max = 19) int n) {
    double[] values = new SplittableRandom(seed).doubles(n, -1, 1).toArray();
    double[] sums = new SignFlips(values).draw(4003, seed);
    double square = Arrays.stream(values).map(v -> v * v).sum();
    assertThat(Arrays.stream(sums).map(s -> s * s).average().orElseThrow()).isCloseTo(square, within(0.15 * square));
    assertThat(Arrays.stream(sums).average().orElseThrow()).isCloseTo(0, within(5 * Math.sqrt(square / 4003)));
    if (n <= 10) {
      double[] possible = new double[1 << n];
      for (int bits = 0; bits < possible.length; bits++) {
        for (int i = 0; i < n; i++) {
          possible[bits] += (bits >> i & 1) == 0 ? values[i] : -values[i];
        }
      }
      for (double sum : sums) {
        assertThat(Arrays.stream(possible).map(p -> Math.abs(p - sum)).min().orElseThrow()).isLessThan(1e-12);
      }
    }
  }

  /** Figures of the same users are resampled together: where one is a multiple of another, so is its interval. */
  @Test
  void intervalsOfSeveralFiguresComeFromTheSameDraws() {
    double[] a = new SplittableRandom(4).doubles(700).toArray();
    double[] twice = Arrays.stream(a).map(x -> 2 * x).toArray();
    double[][] columns = new double[40][];
    Arrays.fill(columns, a);
    columns[39] = twice;
    Interval[] intervals = Significance.bootstrap(columns, 300, 0.9, 1);
    assertThat(intervals[38]).isEqualTo(intervals[0]).isEqualTo(Significance.bootstrap(a, 300, 0.9, 1));
    assertThat(intervals[39].low()).isCloseTo(2 * intervals[0].low(), within(1e-6));
    assertThat(intervals[39].high()).isCloseTo(2 * intervals[0].high(), within(1e-6));
  }

  /** A constant has no spread, whoever is drawn. */
  @Test
  void everyResampleHasAllItsDraws() {
    for (int n : new int[]{1, 2, 511, 512, 513, 1500}) {
      double[] constant = new double[n];
      Arrays.fill(constant, 0.75);
      assertThat(Significance.bootstrap(constant, 50, 0.95, 1)).isEqualTo(new Interval(0.75, 0.75));
    }
  }

  @Test
  void holmByHand() {
    assertThat(Significance.holm(new double[]{0.01, 0.04, 0.03, 0.005}))
        .containsExactly(new double[]{0.03, 0.06, 0.06, 0.02}, within(1e-12));
    assertThat(Significance.holm(new double[0])).isEmpty();
  }

  @Property(tries = 200, seed = "2")
  void holmNeverLowersAValueNorChangesTheirOrder(
      @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = 0, max = 1) Double> values) {
    double[] p = values.stream().mapToDouble(Double::doubleValue).toArray();
    double[] corrected = Significance.holm(p);
    for (int i = 0; i < p.length; i++) {
      assertThat(corrected[i]).isBetween(p[i], 1.0);
      for (int j = 0; j < p.length; j++) {
        assertThat(p[i] < p[j] && corrected[i] > corrected[j]).isFalse();
      }
    }
  }

  @Test
  void whatCannotBeTestedIsRefused() {
    assertThatThrownBy(() -> Significance.paired(new double[2], new double[3], 10, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 3");
    assertThatThrownBy(() -> Significance.bootstrap(new double[0], 10, 0.95, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
