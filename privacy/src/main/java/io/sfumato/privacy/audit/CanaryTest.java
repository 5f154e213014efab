package io.sfumato.privacy.audit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the guesses of one attack are held against a claim: by the bound on ε, and by the test of the claim's whole curve. What either could find is known from the number of guesses alone, before any coin is looked at.
 *
 * @param claim null where nothing is claimed
 * @param delta δ of the bounds
 * @param confidence of either of this attack's tests
 * @param guesses how many there will be
 * @param ceiling what the bound would be were all guesses right
 * @param refutable whether the curve would be refuted were all guesses right
 */
record CanaryTest(@Nullable AuditClaim claim, double delta, double confidence, Guesses guesses, double ceiling,
    boolean refutable) {

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

    /** Whether a curve is refuted by {@code right} of the guesses being right. */
    boolean refute(AuditClaim claim, int right, double confidence) {
      return CurveOneRunBound.refutes(canaries, count, right, claim.curve(), confidence);
    }
  }

  /** What so many guesses could find. */
  static CanaryTest of(@Nullable AuditClaim claim, double delta, double confidence, Guesses guesses) {
    return new CanaryTest(claim, delta, confidence, guesses,
        OneRunBound.ceiling(guesses.canaries(), guesses.count(), delta, confidence),
        claim != null && guesses.refute(claim, guesses.count(), confidence));
  }

  /** What the tests can and cannot tell, in one or two sentences. */
  String limits() {
    String limits = String.format(Locale.ROOT,
        "%d guesses of %d canaries: this audit could not have refuted a claim above epsilon = %.2f (delta %.1e, confidence %s).",
        guesses.count(), guesses.canaries(), ceiling, delta, percent(confidence));
    if (claim == null || claim.epsilon() < ceiling) {
      return limits;
    }
    return limits + (refutable
        ? " The claim is above that, so that all rests on the test of its whole curve (one-run f-DP test)."
        : " The claim is above that, and all guesses right would not refute its whole curve either (one-run f-DP test).");
  }

  /** The bounds, now that the coins are known. */
  CanaryEvidence.Run run(int right) {
    return guesses.bound(right, delta, confidence);
  }

  /** What follows for the claim. */
  List<Finding> findings(CanaryEvidence evidence) {
    if (claim == null) {
      return List.of();
    }
    CanaryEvidence.Run run = evidence.run();
    String right = "%s: %d of %d guesses are right".formatted(evidence.attack(), run.right(), run.guesses());
    if (run.epsilonLower() > claim.epsilon()) {
      return List.of(refuted(String.format(Locale.ROOT,
          "%s, so epsilon is at least %.2f at delta %.1e (confidence %s), but %.2f is claimed for one %s more or less.",
          right,
          run.epsilonLower(), delta, percent(confidence), claim.epsilon(), claim.unit().label())));
    }
    if (guesses.refute(claim, run.right(), confidence)) {
      return List.of(refuted(String.format(Locale.ROOT,
          "%s, more than the curve of a claim of epsilon %.2f at delta %.1e allows (one-run f-DP test, confidence %s).",
          right, claim.epsilon(), claim.delta(), percent(confidence))));
    }
    return refutable || claim.epsilon() < ceiling ? List.of()
        : List.of(Finding.yellow("CLAIM_ABOVE_CEILING", String.format(Locale.ROOT,
            "%s: %d guesses of %d canaries could not refute a claim of epsilon %.2f, not even were all of them right.",
            evidence.attack(), guesses.count(), guesses.canaries(), claim.epsilon()),
            "Plant more canaries, or add up several runs."));
  }

  private static Finding refuted(String what) {
    return Finding.red("CLAIM_REFUTED", what,
        "Do not rely on the claim: less noise was added than the ledger states, or people count for more than it assumes. Find out which, and train again.");
  }

  /** Such as 99.9 %. */
  static String percent(double confidence) {
    return new BigDecimal(confidence * 100).round(new MathContext(6)).stripTrailingZeros().toPlainString() + " %";
  }
}
