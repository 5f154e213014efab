package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.MembershipEvidence;
import java.util.Comparator;
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

  /** The attack whose area is surest to be large; null where there is none. */
  static @Nullable MembershipEvidence membership(Evidence evidence) {
    return evidence.memberships()
        .stream()
        .max(Comparator.comparingDouble(MembershipEvidence::aucLow).thenComparingDouble(MembershipEvidence::auc))
        .orElse(null);
  }
}
