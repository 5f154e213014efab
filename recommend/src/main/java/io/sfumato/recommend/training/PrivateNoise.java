package io.sfumato.recommend.training;

import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.recommend.collaborative.PrivateStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the noise of a private training: all of it, unless its result is for comparison or for the audit of an audit and cannot be written.
 *
 * <p>For one training.
 */
final class PrivateNoise {
  private final NoiseGenerator generator;
  private final double scale;
  private final boolean falsified;
  private final @Nullable PlantedData planted;
  private @Nullable TranscriptNotes notes;

  /**
   * @param seed of seeded noise; null for secure
   * @param scale what it is multiplied by
   * @param falsified whether the ledger states all of it nevertheless
   * @param planted canaries that are watched; null for none
   */
  PrivateNoise(@Nullable Long seed, double scale, boolean falsified, @Nullable PlantedData planted) {
    this.generator = seed == null ? NoiseGenerator.secure() : NoiseGenerator.seeded(seed);
    this.scale = scale;
    this.falsified = falsified;
    this.planted = planted == null || planted.canaries().isEmpty() ? null : planted;
  }

  /** All the noise, and no canaries. */
  static PrivateNoise honest(@Nullable Long seed) {
    return new PrivateNoise(seed, 1, false, null);
  }

  NoiseGenerator generator() {
    return generator;
  }

  double scale() {
    return scale;
  }

  /** Whether the ledger may not be believed. */
  boolean falsified() {
    return falsified;
  }

  /** Whether the ledger states noise; without, it states an infinite ε. */
  boolean stated() {
    return scale > 0 || falsified;
  }

  /** The noise multiplier that is really used where this one was planned. */
  double scaled(double sigma) {
    return sigma * scale;
  }

  /** What the ledger is told of a release. */
  Release told(Release release, double planned) {
    return falsified
        ? new Release(Phase.of(planned, 1, 1), release.sensitivity(), release.what(), release.weightsSha256(),
            release.noise())
        : release;
  }

  PrivateStatistics.Counts told(PrivateStatistics.Counts counts, double planned) {
    return new PrivateStatistics.Counts(counts.counts(), told(counts.release(), planned));
  }

  /** Where canaries are noted, begun anew; null where there are none. */
  @Nullable
  TranscriptNotes notes(NoisePlan plan) {
    notes = planted == null ? null : new TranscriptNotes(planted, plan);
    return notes;
  }

  /** What was noted so far; null where there are no canaries. */
  @Nullable
  TranscriptNotes notes() {
    return notes;
  }
}
