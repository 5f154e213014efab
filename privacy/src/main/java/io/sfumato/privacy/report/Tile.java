package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.MembershipEvidence;
import java.util.ArrayList;
import java.util.List;

/**
 * A figure that stands out at the top, for those who know what it is.
 *
 * @param value as text
 * @param name what it is
 * @param note beside it
 */
record Tile(String value, String name, String note) {

  /** Claim, bound, area and ledger, as far as a report has them. */
  static List<Tile> of(AuditReport report) {
    List<Tile> tiles = new ArrayList<>();
    ClaimFacts claim = report.claim();
    if (claim != null) {
      tiles.add(new Tile("ε = " + Words.figure(claim.epsilon()), "is claimed",
          "at δ = %s, one %s, %s".formatted(Words.figure(claim.delta()), Words.unit(claim.unit()),
              Words.relation(claim.neighbouring()))));
    }
    CanaryEvidence canaries = Strongest.canaries(report.evidence());
    if (canaries != null) {
      tiles.add(new Tile("ε ≥ " + Words.figure(canaries.run().epsilonLower()), "was proved by the strongest attack",
          "at %s; it could have proved %s".formatted(Words.percent(canaries.run().confidence()),
              Words.figure(canaries.run().ceiling()))));
    }
    MembershipEvidence membership = Strongest.membership(report.evidence(), claim);
    if (membership != null) {
      Double allowed = Strongest.allowedAuc(report.evidence(), claim, membership.unit());
      tiles.add(new Tile("AUC " + Words.figure(membership.auc()), "of the best attack on real data",
          "chance 0.5" + (allowed == null ? "" : ", the claim allows " + Words.share(allowed))));
    }
    AccountingFacts accounting = report.accounting();
    if (accounting != null) {
      tiles.add(new Tile(accounting.check().intact() ? "Whole" : "Broken", "is the ledger",
          accounting.check().signed() ? "and signed" : "and unsigned: detects accidents, not adversaries"));
    }
    return tiles;
  }
}
