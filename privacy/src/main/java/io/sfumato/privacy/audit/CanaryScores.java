package io.sfumato.privacy.audit;

/**
 * What one attack makes of each planted canary. The arrays are handed over, not copied.
 *
 * @param attack {@code black-box} or {@code gradient-space}
 * @param method how it scores, in one sentence
 * @param scores the higher, the more likely in; finite
 * @param in the coin of each canary
 */
@SuppressWarnings("ArrayRecordComponent")
public record CanaryScores(String attack, String method, double[] scores, boolean[] in) {
  public CanaryScores {
    if (scores.length != in.length) {
      throw new IllegalArgumentException(
          "every canary needs a score and a coin, but there are %d and %d".formatted(scores.length, in.length));
    }
  }
}
