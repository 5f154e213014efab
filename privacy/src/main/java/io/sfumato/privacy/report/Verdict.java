package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Severity;
import java.util.List;
import java.util.Set;

/**
 * A report in one heading and a few sentences for people without statistics, made from its figures alone.
 *
 * @param severity red where the claim is refuted or cannot be relied on; green only where there is a claim, it was attacked, and no finding is worse
 * @param title the heading
 * @param plain in the order in which they are read
 */
record Verdict(Severity severity, String title, List<Said> plain) {

  /** The finding that an attack could not even see what is not protected. */
  static final String TOO_WEAK = "AUDIT_TOO_WEAK";

  private static final Set<String> REFUTING = Set.of("CLAIM_REFUTED", "AUC_ABOVE_CLAIM");

  Verdict {
    plain = List.copyOf(plain);
  }

  /**
   * A paragraph.
   *
   * @param about what it is about, in two words or so
   * @param text its sentences
   */
  record Said(String about, String text) {
    Said(String about, List<String> sentences) {
      this(about, String.join(" ", sentences));
    }
  }

  static Verdict of(AuditReport report) {
    ClaimFacts claim = report.claim();
    if (claim == null && report.verdict() == Severity.RED) {
      return new Verdict(Severity.RED, "What this model promises cannot be relied on", PlainWords.broken());
    }
    if (claim == null) {
      return new Verdict(report.verdict() == Severity.GREEN ? Severity.YELLOW : report.verdict(),
          "This model promises no privacy", PlainWords.unclaimed(report));
    }
    boolean refuted = refuted(report, claim);
    boolean untested = report.evidence().canaries().isEmpty() && report.evidence().memberships().isEmpty();
    Severity severity = refuted ? Severity.RED
        : untested && report.verdict() == Severity.GREEN ? Severity.YELLOW : report.verdict();
    return new Verdict(severity, title(report, severity, refuted, untested),
        PlainWords.of(report, claim, severity, refuted));
  }

  private static String title(AuditReport report, Severity severity, boolean refuted, boolean untested) {
    if (refuted) {
      return "The claim is refuted";
    }
    if (severity == Severity.RED) {
      return "The claim cannot be relied on";
    }
    if (untested) {
      return "The claim adds up on paper, but nobody has tested it";
    }
    if (has(report, TOO_WEAK)) {
      return "The audit was too weak to test the claim";
    }
    return severity == Severity.YELLOW ? "The claim holds as far as it was checked, with reservations"
        : "The claim holds as far as it was checked";
  }

  /** Whether an attack got further than the claim allows; a bound above the claim counts, whether or not a finding was made of it. */
  private static boolean refuted(AuditReport report, ClaimFacts claim) {
    double epsilon = Guessing.testable(claim);
    return report.findings()
        .stream()
        .anyMatch(finding -> finding.severity() == Severity.RED && REFUTING.contains(finding.code()))
        || report.evidence().canaries().stream().anyMatch(attack -> attack.run().epsilonLower() > epsilon);
  }

  static boolean has(AuditReport report, String code) {
    return report.findings().stream().anyMatch(finding -> finding.code().equals(code));
  }

  /** All that is said as one paragraph. */
  String paragraph() {
    return String.join(" ", plain.stream().map(Said::text).toList());
  }
}
