package io.sfumato.privacy.accounting;

import java.util.regex.Pattern;

/**
 * Something that was computed from private data with noise and has left, or may leave, the machine.
 *
 * @param phase noise multiplier, sampling rate and steps
 * @param sensitivity D, how far adding or removing one unit moves what a step sums up, in the units of that sum; the noise has
 *        standard deviation σ·D
 * @param what what was released, for people: {@code "model weights"}, {@code "popularity counts"}
 * @param weightsSha256 lower-case hex SHA-256 of the released bytes; empty when nothing was kept to hash
 * @param noise where the noise came from
 */
public record Release(Phase phase, double sensitivity, String what, String weightsSha256, NoiseSource noise) {

  private static final String SEAL = "the model's files as they were written; nothing more is released";
  private static final Pattern SHA256 = Pattern.compile("|[0-9a-f]{64}");

  /** Checks; a sampling rate of 1 becomes the full-batch mechanism that it is. */
  public Release {
    phase = new Phase(Mechanism.of(phase.mechanism().sigma(), phase.mechanism().samplingRate()), phase.steps());
    if (!(sensitivity > 0) || Double.isInfinite(sensitivity)) {
      throw new IllegalArgumentException("sensitivity must be positive and finite but was " + sensitivity);
    }
    if (what.isBlank()) {
      throw new IllegalArgumentException("a release must say what was released");
    }
    if (!SHA256.matcher(weightsSha256).matches()) {
      throw new IllegalArgumentException(
          "hash must be 64 lower-case hex digits or empty but was \"" + weightsSha256 + "\"");
    }
  }

  /**
   * An entry that releases nothing more and costs nothing: it commits to the files that were made of the releases before it, so that none of them can be exchanged without breaking the ledger.
   *
   * @param filesSha256 hash of the files, by name and content
   */
  public static Release seal(String filesSha256) {
    return new Release(Phase.of(1, 1, 0), 1, SEAL, filesSha256, NoiseSource.SECURE);
  }

  /** Whether this is a {@link #seal}. */
  public boolean seals() {
    return phase.steps() == 0 && what.equals(SEAL);
  }

  /** The same release, of which other bytes are kept. */
  public Release withWeights(String sha256) {
    return new Release(phase, sensitivity, what, sha256, noise);
  }

  /** Standard deviation of the noise that was added. */
  public double noiseDeviation() {
    return phase.mechanism().sigma() * sensitivity;
  }
}
