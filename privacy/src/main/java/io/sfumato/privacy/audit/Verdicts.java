package io.sfumato.privacy.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all attacks together say of a claim. */
final class Verdicts {
  private Verdicts() {}

  /** Findings about the audit as a whole, given those that single attacks made. */
  static List<Finding> of(@Nullable AuditClaim claim, boolean selfTested, List<CanaryEvidence> canaries,
      List<MembershipEvidence> memberships, List<Finding> single) {
    List<Finding> findings = new ArrayList<>();
    boolean weak = false;
    if (canaries.isEmpty() && memberships.isEmpty()) {
      findings.add(Finding.yellow("NO_EVIDENCE",
          "Nothing was attacked: no canaries were planted and nobody was kept out of training, so the claim rests on its argument alone.",
          "Train with --canaries 1000 --holdout-users 0.1 --secret S, and audit with that secret."));
      return findings;
    }
    if (canaries.isEmpty()) {
      findings.add(Finding.yellow("NO_CANARIES",
          "No canaries were planted, so there is no lower bound on epsilon.",
          "Train with --canaries 1000 --secret S, and audit with that secret."));
    } else if (claim != null && selfTested) {
      List<CanaryEvidence> failing = canaries.stream().filter(Verdicts::fails).toList();
      weak = failing.size() == canaries.size();
      failing.forEach(one -> findings.add(weak(one, failing.size() == canaries.size())));
    } else if (claim != null) {
      weak = true;
      findings.add(Finding.yellow("NO_SELF_TEST",
          "No twin without noise was attacked, so it is not known what it means that attacks find little.",
          "Audit without --no-self-test."));
    }
    boolean red = single.stream().anyMatch(finding -> finding.severity() == Severity.RED);
    if (claim != null && !red && !weak) {
      findings.add(Finding.green("NO_EVIDENCE_AGAINST", strongest(claim, canaries, memberships)
          + " A bound below the claim proves nothing: a better attack may find more."));
    }
    return findings;
  }

  private static boolean fails(CanaryEvidence evidence) {
    CanaryEvidence.Run test = evidence.selfTest();
    return test == null || test.ceiling() == 0 || test.epsilonLower() < PrivacyAudit.STRONG_SHARE * test.ceiling();
  }

  private static Finding weak(CanaryEvidence evidence, boolean all) {
    CanaryEvidence.Run test = evidence.selfTest();
    String reached = test == null ? "was not tried"
        : String.format(Locale.ROOT,
            "finds epsilon of at least %.2f where %.2f could be found, less than %.0f %%", test.epsilonLower(),
            test.ceiling(), 100 * PrivacyAudit.STRONG_SHARE);
    return all
        ? Finding.yellow("AUDIT_TOO_WEAK",
            "%s: on a twin without noise the attack %s: that it finds nothing here means little.".formatted(
                evidence.attack(), reached),
            "Plant 300 canaries or more, but no more than the catalogue has items, or they hide one another.")
        : Finding.yellow("ATTACK_TOO_WEAK",
            "%s: on a twin without noise this attack %s; the audit rests on its other attack.".formatted(
                evidence.attack(), reached),
            "Plant 300 canaries or more, but no more than the catalogue has items, or they hide one another.");
  }

  private static String strongest(AuditClaim claim, List<CanaryEvidence> canaries,
      List<MembershipEvidence> memberships) {
    StringBuilder text = new StringBuilder("No attack refuted the claim.");
    canaries.stream()
        .max(Comparator.comparingDouble(one -> one.run().epsilonLower()))
        .ifPresent(one -> text.append(String.format(Locale.ROOT,
            " Of %d guesses on canaries %d are right (%s), which says that epsilon is at least %.2f at confidence %s; %.2f is claimed for one %s more or less, and up to %.2f could have been refuted.",
            one.run().guesses(), one.run().right(), one.attack(), one.run().epsilonLower(),
            CanaryTest.percent(one.run().confidence()), claim.epsilon(),
            claim.unit().label(), one.run().ceiling())));
    memberships.stream().max(Comparator.comparingDouble(MembershipEvidence::auc)).ifPresent(one -> {
      text.append(
          String.format(Locale.ROOT, " Who was trained on is told with an area under the curve of %.3f (%s, %s)",
              one.auc(), one.unit(), one.attack()));
      DoubleUnaryOperator highest = AllowedRoc.ofMembers(claim, one.unit());
      text.append(highest == null ? "."
          : String.format(Locale.ROOT, "; %.3f is allowed.", AllowedRoc.auc(highest, one.others())));
    });
    return text.toString();
  }
}
