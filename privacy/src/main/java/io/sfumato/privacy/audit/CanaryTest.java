package io.sfumato.privacy.audit;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the guesses of one attack are held against a claim; chosen by their number alone, before any coin is looked at.
 *
 * @param claim null where nothing is claimed
 * @param delta δ of the bounds
 * @param confidence of this attack's bounds
 * @param guesses how many there will be
 * @param ceiling what the bound would be were all guesses right
 * @param curve whether the claim is above the ceiling, so that its whole curve is tested instead
 * @param refutable whether the test could refute the claim were all guesses right
 */
record CanaryTest(@Nullable AuditClaim claim, double delta, double confidence, Guesses guesses, double ceiling,
    boolean curve, boolean refutable) {

  /**
   * Numbers that are fixed beforehand.
   *
   * @param canaries m
   * @param count r
   */
  record Guesses(int canaries, int count) {

    /** The bounds that follow from {@code right} of the guesses being right. */
    CanaryEvidence.Run bound(int right, double delta, double confidence) {
      return new CanaryEvidence.Run(canaries, count, right, delta, confidence,
          OneRunBound.epsilonLower(canaries, count, right, delta, confidence),
          CurveOneRunBound.gaussianEpsilonLower(canaries, count, right, delta, confidence),
          OneRunBound.ceiling(canaries, count, delta, confidence));
    }
  }

  /** Chooses the test. */
  static CanaryTest choose(@Nullable AuditClaim claim, double delta, double confidence, Guesses guesses) {
    double ceiling = OneRunBound.ceiling(guesses.canaries(), guesses.count(), delta, confidence);
    boolean curve = claim != null && claim.epsilon() >= ceiling;
    boolean refutable = claim != null && (!curve
        || CurveOneRunBound.refutes(guesses.canaries(), guesses.count(), guesses.count(), claim.curve(), confidence));
    return new CanaryTest(claim, delta, confidence, guesses, ceiling, curve, refutable);
  }

  /** What this test can and cannot tell, in one or two sentences. */
  String limits() {
    String limits = String.format(Locale.ROOT,
        "%d guesses of %d canaries: this audit could not have refuted a claim above epsilon = %.2f at confidence %s.",
        guesses.count(), guesses.canaries(), ceiling, percent(confidence));
    if (!curve) {
      return limits;
    }
    return limits + (refutable
        ? " The claim is above that, so the guesses are held against its whole curve (one-run f-DP test)."
        : " The claim is above that, and not even its whole curve could be refuted (one-run f-DP test).");
  }

  /** The bounds, now that the coins are known. */
  CanaryEvidence.Run run(int right) {
    return guesses.bound(right, delta, confidence);
  }

  /** What follows for the claim. */
  List<Finding> findings(CanaryEvidence evidence) {
    CanaryEvidence.Run run = evidence.run();
    if (claim == null) {
      return List.of();
    }
    if (!refutable) {
      return List.of(Finding.yellow("CLAIM_ABOVE_CEILING", String.format(Locale.ROOT,
          "%s: %d guesses of %d canaries cannot refute epsilon %.2f, not even were all of them right.",
          evidence.attack(), guesses.count(), guesses.canaries(), claim.epsilon()),
          "Plant more canaries, or add up several runs."));
    }
    if (curve) {
      return CurveOneRunBound.refutes(guesses.canaries(), guesses.count(), run.right(), claim.curve(), confidence)
          ? List.of(refuted(String.format(Locale.ROOT,
              "%s: %d of %d guesses are right, more than the claim's curve (epsilon %.2f at delta %.1e) allows at confidence %s, by the one-run f-DP test.",
              evidence.attack(), run.right(), run.guesses(), claim.epsilon(), claim.delta(), percent(confidence))))
          : List.of();
    }
    return run.epsilonLower() > claim.epsilon() ? List.of(refuted(String.format(Locale.ROOT,
        "%s: %d of %d guesses are right, so epsilon is at least %.2f at delta %.1e and confidence %s, but %.2f is claimed.",
        evidence.attack(), run.right(), run.guesses(), run.epsilonLower(), delta, percent(confidence),
        claim.epsilon()))) : List.of();
  }

  private static Finding refuted(String what) {
    return Finding.red("CLAIM_REFUTED", what,
        "Do not rely on the claim: less noise was added than the ledger states, or people count for more than it assumes. Find out which, and train again.");
  }

  static String percent(double confidence) {
    return new java.math.BigDecimal(confidence * 100).round(new java.math.MathContext(6))
        .stripTrailingZeros()
        .toPlainString() + " %";
  }
}
