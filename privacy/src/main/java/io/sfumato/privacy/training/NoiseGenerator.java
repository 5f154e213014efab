package io.sfumato.privacy.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.privacy.accounting.NoiseSource;

/**
 * Gaussian noise for a release. For one thread.
 *
 * <p>
 * Bits are AES-256 in counter mode, two 53-bit uniforms make two normals by Box and Muller in float64. A sum and its
 * noise are added in float64 and rounded to a multiple of the grid {@code g = deviation·2⁻¹⁶}, because the low bits of
 * a float64 sum of value and noise tell the value (Mironov 2012). The grid depends on nothing but the deviation, so
 * which numbers can come out does not depend on the data; what is done to a multiple of g afterwards, such as rounding
 * it to float32, is a function of that multiple alone and reveals no more than it.
 *
 * <p>
 * Three remainders, with their sizes. A sum so large that float64 is coarser than the grid would bring its own low
 * bits: sums are first clamped to ±2³⁶ deviations, which moves no two sums apart. 53 bits end the normal at 8.57
 * deviations: where two data sets' sums differ by Δ, the values that only one of them can reach have a probability
 * below 5·10⁻¹⁷·‖Δ‖₁/deviation, under 10⁻¹² a step for 10⁸ coordinates at σ = 1. And the float32 sums that come in were
 * rounded when they were added up, which can make the true sensitivity some 10⁻⁷ of the sum larger than the declared.
 */
public sealed interface NoiseGenerator permits GaussianNoise {
  /** Exponent of the grid: its step is the deviation times two to the minus this. */
  int GRID_BITS = 16;

  /** Whether the key is unknown to everybody. */
  NoiseSource source();

  /** How it is made, for reports. */
  String mode();

  /**
   * Adds N(0, deviation²) to every number and rounds to the grid; pure Java, starts no engine.
   *
   * @param sums finite; overwritten
   * @param deviation positive and finite, or 0 for no noise and no grid
   */
  void add(double[] sums, double deviation);

  /**
   * Sums with noise, rounded to the grid in float64, then to float32.
   *
   * @param scope owner of the result
   * @param sums float32 of any shape; stays as it is
   * @param deviation positive and finite, or 0 for a copy
   */
  NDArray addTo(Scope scope, NDArray sums, double deviation);

  /** As {@link #addTo}, overwriting {@code sums}. Needs a few MiB of memory, however many sums there are. */
  void addInto(Scope scope, NDArray sums, double deviation);

  /**
   * The default: a fresh key of 256 bits from {@link java.security.SecureRandom} that is never shown, one normal a
   * number. A machine restored twice from one snapshot would repeat its noise: make the generator after restoring.
   */
  static NoiseGenerator secure() {
    return GaussianNoise.secure(1);
  }

  /**
   * The stricter mode: each number gets the sum of several normals, scaled, which makes finding the uniforms behind a
   * released number exponentially harder (Holohan and Braghin 2021), and takes as many times longer.
   *
   * @param normals 1 to 64; 4, the paper's n = 2, is usual
   */
  static NoiseGenerator secure(int normals) {
    return GaussianNoise.secure(normals);
  }

  /** Noise that can be had again from its seed: for tests. It protects nobody, and the ledger says so. */
  static NoiseGenerator seeded(long seed) {
    return GaussianNoise.seeded(seed);
  }
}
