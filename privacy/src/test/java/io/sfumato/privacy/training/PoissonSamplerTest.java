package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.privacy.accounting.NoiseSource;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Batches are what independent coins give: binomial sizes, each unit as often as any other, no unit because of another.
 */
class PoissonSamplerTest {
  private static final int STEPS = 40_000;
  private static final int POPULATION = 40;
  private static final double RATE = 0.15;

  @Test
  void sizesAreBinomial() {
    PoissonSampler sampler = PoissonSampler.secure(POPULATION, RATE);
    long[] seen = new long[POPULATION + 1];
    for (int step = 0; step < STEPS; step++) {
      seen[sampler.next().length]++;
    }
    double probability = Math.pow(1 - RATE, POPULATION);
    double chiSquare = 0;
    int cells = 0;
    for (int k = 0; k <= POPULATION; k++) {
      double expected = probability * STEPS;
      if (expected >= 10) {
        chiSquare += (seen[k] - expected) * (seen[k] - expected) / expected;
        cells++;
      }
      probability *= (double) (POPULATION - k) / (k + 1) * RATE / (1 - RATE);
    }
    // Wilson and Hilferty: (χ²/k)^(1/3) is normal with mean 1 − 2/(9k) and variance 2/(9k). Seven deviations.
    double spread = 2.0 / (9 * (cells - 1));
    assertThat(Math.cbrt(chiSquare / (cells - 1))).isLessThan(1 - spread + 7 * Math.sqrt(spread));
    assertThat(seen[0]).as("empty batches happen").isPositive();
  }

  @Test
  void everyUnitIsDrawnAtTheRateAndIndependentlyOfTheOthersAndOfTheStepBefore() {
    PoissonSampler sampler = PoissonSampler.secure(POPULATION, RATE);
    long[] alone = new long[POPULATION];
    long[][] together = new long[POPULATION][POPULATION];
    long[] again = new long[POPULATION];
    boolean[] last = new boolean[POPULATION];
    for (int step = 0; step < STEPS; step++) {
      int[] units = sampler.next();
      boolean[] drawn = new boolean[POPULATION];
      for (int a : units) {
        drawn[a] = true;
        alone[a]++;
        again[a] += last[a] ? 1 : 0;
        for (int b : units) {
          together[a][b]++;
        }
      }
      last = drawn;
    }
    // Eight deviations of 780 pairs: right coins, which have no seed, fail once in some billion runs.
    double tolerance = 8 * Math.sqrt(RATE * (1 - RATE) / STEPS);
    double pairTolerance = 8 * Math.sqrt(RATE * RATE * (1 - RATE * RATE) / STEPS);
    for (int a = 0; a < POPULATION; a++) {
      assertThat((double) alone[a] / STEPS).isCloseTo(RATE, within(tolerance));
      assertThat((double) again[a] / STEPS).isCloseTo(RATE * RATE, within(1.5 * pairTolerance));
      for (int b = 0; b < a; b++) {
        assertThat((double) together[a][b] / STEPS).isCloseTo(RATE * RATE, within(pairTolerance));
      }
    }
  }

  @Test
  void noUnitsAndAllUnits() {
    assertThat(PoissonSampler.secure(0, 0.5).next()).isEmpty();
    assertThat(PoissonSampler.secure(100, 1).next()).isEqualTo(IntStream.range(0, 100).toArray());
    assertThat(PoissonSampler.secure(0, 1).next()).isEmpty();
  }

  @Test
  void unitsAscendAndSmallRatesWork() {
    PoissonSampler sampler = PoissonSampler.secure(200_000, 1e-3);
    long total = 0;
    for (int step = 0; step < 50; step++) {
      int[] units = sampler.next();
      int[] sorted = Arrays.stream(units).sorted().distinct().toArray();
      assertThat(units).isEqualTo(sorted);
      total += units.length;
    }
    assertThat(total / 50.0).isCloseTo(200, within(7 * Math.sqrt(200.0 / 50)));
  }

  @Test
  void seededBatchesRepeatAndSecureOnesDoNot() {
    assertThat(new PoissonSampler(1000, 0.1, new SplittableRandom(3)).next())
        .isEqualTo(new PoissonSampler(1000, 0.1, new SplittableRandom(3)).next());
    assertThat(PoissonSampler.secure(1000, 0.1).next()).isNotEqualTo(PoissonSampler.secure(1000, 0.1).next());
    assertThat(PoissonSampler.secure(1, 0.1).source()).isEqualTo(NoiseSource.SECURE);
    assertThat(new PoissonSampler(1, 0.1, new SplittableRandom(3)).source()).isEqualTo(NoiseSource.SEEDED);
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> PoissonSampler.secure(10, 0)).hasMessageContaining("but was 0.0");
    assertThatThrownBy(() -> PoissonSampler.secure(10, 1.1)).hasMessageContaining("but was 1.1");
    assertThatThrownBy(() -> PoissonSampler.secure(-1, 0.5)).hasMessageContaining("but was -1");
  }
}
