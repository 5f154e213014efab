package io.sfumato.privacy.audit;

/**
 * How well a model knows each unit. The arrays are handed over, not copied.
 *
 * @param unit {@code user} or {@code record}
 * @param scores minus the loss: the higher, the better known; finite
 * @param in who was trained on
 */
@SuppressWarnings("ArrayRecordComponent")
public record MembershipScores(String unit, double[] scores, boolean[] in) {
  public MembershipScores {
    if (scores.length != in.length) {
      throw new IllegalArgumentException(
          "every unit needs a score and a membership, but there are %d and %d".formatted(scores.length, in.length));
    }
  }
}
