package io.sfumato.privacy.report;

import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.MembershipEvidence;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of several attacks is reported first: the one that got furthest. */
final class Strongest {
  private Strongest() {}

  /** The attack with the highest lower bound on ε; among equals the one with the greater share of right guesses; null where there is none. */
  static @Nullable CanaryEvidence canaries(Evidence evidence) {
    return evidence.canaries()
        .stream()
        .max(Comparator.comparingDouble((CanaryEvidence attack) -> attack.run().epsilonLower())
            .thenComparingDouble(attack -> Guessing.right(attack.run())))
        .orElse(null);
  }

  /** The attack whose area is surest to be large, of those on the unit that the claim protects if there are any; null where there is none. */
  static @Nullable MembershipEvidence membership(Evidence evidence, @Nullable ClaimFacts claim) {
    List<MembershipEvidence> protectedOnes = evidence.memberships()
        .stream()
        .filter(attack -> claim != null && attack.unit().equals(claim.unit().label()))
        .toList();
    return (protectedOnes.isEmpty() ? evidence.memberships() : protectedOnes).stream()
        .max(Comparator.comparingDouble(MembershipEvidence::aucLow).thenComparingDouble(MembershipEvidence::auc))
        .orElse(null);
  }

  /** Whether the claim's curve bounds attacks on this unit: those that tell a whole protected unit from none, canaries among them. */
  static boolean bounded(Evidence evidence, @Nullable ClaimFacts claim, String unit) {
    return claim != null && !evidence.allowed().isEmpty()
        && (unit.equals("canary") || (claim.unit() == PrivacyUnit.USER && unit.equals(PrivacyUnit.USER.label())));
  }

  /** The area that the claim allows attacks on this unit; null where its curve does not bound them. */
  static @Nullable Double allowedAuc(Evidence evidence, @Nullable ClaimFacts claim, String unit) {
    return bounded(evidence, claim, unit) && evidence.allowedAuc() < 1 ? evidence.allowedAuc() : null;
  }
}
