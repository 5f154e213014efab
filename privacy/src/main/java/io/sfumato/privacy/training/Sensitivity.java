package io.sfumato.privacy.training;

import io.sfumato.privacy.accounting.PrivacyUnit;

/**
 * How far one unit can move the clipped sum of a step, in multiples of the clipping norm C, when it is added or
 * removed; replacing it moves the sum at most twice as far, which the accountants know. Every objective declares one,
 * with the argument in its doc comment; private training refuses {@link #NONE}.
 *
 * @param unit who is protected
 * @param clips D/C, positive; {@link Double#POSITIVE_INFINITY} where no bound holds
 */
public record Sensitivity(PrivacyUnit unit, double clips) {
  /** No bound holds: {@link PrivateStep} refuses the objective. */
  public static final Sensitivity NONE = new Sensitivity(PrivacyUnit.RECORD, Double.POSITIVE_INFINITY);

  /** Checks. */
  public Sensitivity {
    if (!(clips > 0)) {
      throw new IllegalArgumentException(
          "sensitivity must be a positive multiple of the clipping norm but was " + clips);
    }
  }

  /** One person moves the sum by at most {@code clips} times the clipping norm. */
  public static Sensitivity user(double clips) {
    return new Sensitivity(PrivacyUnit.USER, clips);
  }

  /** One record (row, pair, interaction) moves the sum by at most {@code clips} times the clipping norm. */
  public static Sensitivity record(double clips) {
    return new Sensitivity(PrivacyUnit.RECORD, clips);
  }

  /** Whether any bound is declared. */
  public boolean declared() {
    return Double.isFinite(clips);
  }
}
