package io.sfumato.privacy.audit;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * How a promise is kept.
 *
 * @param releases every noisy release, in the order of the ledger
 * @param clipping how a unit's gradient is bounded, with its norm
 * @param denominator the constant that sums of gradients are divided by; null where it is not known
 * @param sampler how units are drawn for a step, such as {@code Poisson}
 * @param generator where the noise comes from: {@code secure} or {@code seeded}
 * @param validator what was checked of layers and parameters before the first step
 * @param batchSizes how many steps had how many units: internal, not private; empty where it was not kept
 */
public record MechanismFacts(List<NoisyRelease> releases, String clipping, @Nullable Double denominator,
    String sampler, String generator, String validator, SortedMap<Integer, Long> batchSizes) {
  public MechanismFacts {
    releases = List.copyOf(releases);
    batchSizes = Collections.unmodifiableSortedMap(new TreeMap<>(batchSizes));
  }

  /**
   * One line of the ledger, and why it is right.
   *
   * @param what was released
   * @param sigma noise multiplier σ
   * @param samplingRate q in (0, 1]
   * @param steps how often
   * @param sensitivity D
   * @param why D is what it is, in one sentence
   * @param noiseDeviation standard deviation σ·D of the noise that the ledger states
   * @param measuredDeviation the same as found in what was released, with the data at hand; null where it was not measured
   */
  public record NoisyRelease(String what, double sigma, double samplingRate, long steps, double sensitivity,
      String why, double noiseDeviation, @Nullable Double measuredDeviation) {}
}
