package io.sfumato.privacy.training;

import io.sfumato.privacy.accounting.NoiseSource;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws the units of a step: each by a coin of its own, so that the size of a batch is binomial and may be 0. This, and
 * not chunks of a shuffled list, is the sampling that the accountants' amplification holds for, as long as nobody
 * learns who was drawn. For one thread.
 *
 * <p>
 * A coin is {@code u < rate} with u of 53 bits, so its probability is the rate rounded up to a multiple of 2⁻⁵³. Coins
 * take under 10 ns each.
 */
public final class PoissonSampler {
  private final int population;
  private final double rate;
  private final RandomGenerator random;
  private final NoiseSource source;

  /**
   * A sampler on given randomness, for tests and seeded runs. Whoever knows the seed knows the batches: no
   * amplification holds against him.
   *
   * @param population number of units, 0 or more
   * @param rate probability q of each unit in each step, in (0, 1]
   */
  public PoissonSampler(int population, double rate, RandomGenerator random) {
    this(population, rate, random, NoiseSource.SEEDED);
  }

  private PoissonSampler(int population, double rate, RandomGenerator random, NoiseSource source) {
    if (population < 0) {
      throw new IllegalArgumentException("population must not be negative but was " + population);
    }
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("sampling rate must be in (0, 1] but was " + rate);
    }
    this.population = population;
    this.rate = rate;
    this.random = random;
    this.source = source;
  }

  /** A sampler whose coins nobody can know: AES-256 in counter mode, keyed by the operating system. */
  public static PoissonSampler secure(int population, double rate) {
    return new PoissonSampler(population, rate, KeyStream.secure(), NoiseSource.SECURE);
  }

  /** Where the coins come from. */
  public NoiseSource source() {
    return source;
  }

  /** Probability of each unit in each step. */
  public double rate() {
    return rate;
  }

  /** The units of the next step, ascending, in [0, population). */
  public int[] next() {
    int[] drawn = new int[Math.min(population, 16 + (int) (population * rate * 1.2))];
    int count = 0;
    for (int unit = 0; unit < population; unit++) {
      if (random.nextDouble() < rate) {
        if (count == drawn.length) {
          drawn = Arrays.copyOf(drawn, Math.min(population, 16 + 2 * count));
        }
        drawn[count++] = unit;
      }
    }
    return count == drawn.length ? drawn : Arrays.copyOf(drawn, count);
  }
}
