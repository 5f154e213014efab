package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;

/**
 * What ε means for one who guesses who was in the data, where a fair coin decided: the scale on which people without statistics can
 * hold a claim and an attack against each other.
 */
final class Guessing {
  private Guessing() {}

  /**
   * Share of guesses that can be right under (ε, δ): {@code (e^ε + δ)/(1 + e^ε)}, the accuracy of the best test between neighbours at even odds (Kairouz, Oh and Viswanath
   * 2015, Theorem 2.1, with both errors equal).
   *
   * @return in [½, 1]
   */
  static double rightAtMost(double epsilon, double delta) {
    double odds = Math.exp(-epsilon);
    return Math.min(1, (1 + delta * odds) / (1 + odds));
  }

  /** ε for one unit more or less, which is what canaries on coins test; the claim's own where that is not stated. */
  static double testable(ClaimFacts claim) {
    Double addRemove = claim.addRemoveEpsilon();
    return addRemove == null ? claim.epsilon() : addRemove;
  }

  /** Share of the guesses that were right. */
  static double right(CanaryEvidence.Run run) {
    return run.guesses() == 0 ? 0.5 : (double) run.right() / run.guesses();
  }

  /** {@code 73 of 100}, {@code more than 99 of 100}. */
  static String ofHundred(double share) {
    double hundred = 100 * share;
    return share >= 0.995 && share < 1 ? "more than 99 of 100" : Math.round(hundred) + " of 100";
  }
}
