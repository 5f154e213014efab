package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.MembershipEvidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An audit on a screen of text: verdict, claim, bounds, what is missing, findings. */
public final class AuditText {
  private static final int WIDTH = 100;
  private static final int NAME = 12;

  private final List<String> lines = new ArrayList<>();

  private AuditText() {}

  /** The summary: lines of at most {@value #WIDTH} characters where words allow, each ended by a line feed; no colours. */
  public static String of(AuditReport report) {
    var text = new AuditText();
    Verdict verdict = Verdict.of(report);
    text.lines.add("Privacy audit of " + oneLine(report.provenance().model()));
    text.lines.add("");
    text.entry(verdict.severity().label().toUpperCase(Locale.ROOT), verdict.title());
    verdict.plain().forEach(said -> text.entry("", said.text()));
    text.lines.add("");
    text.claim(report);
    text.evidence(report.evidence(), report.claim());
    text.lines.add("");
    for (Finding finding : report.findings()) {
      text.entry(finding.severity().label().toUpperCase(Locale.ROOT), finding.code() + ": " + finding.what());
      if (!finding.remedy().isEmpty()) {
        text.entry("", "To do: " + finding.remedy());
      }
    }
    return String.join("\n", text.lines).stripTrailing() + "\n";
  }

  private void claim(AuditReport report) {
    ClaimFacts claim = report.claim();
    if (claim == null) {
      entry("claim", "none");
      return;
    }
    entry("claim", "ε = %s at δ = %s (%s), one %s, %s".formatted(Words.figure(claim.epsilon()),
        Words.figure(claim.delta()), Words.oneIn(claim.delta()), Words.unit(claim.unit()),
        Words.relation(claim.neighbouring())));
    AccountingFacts accounting = report.accounting();
    if (accounting != null) {
      entry("ledger",
          "%s, %s: ε = %s by privacy loss distributions, %s by Rényi divergences".formatted(
              accounting.check().intact() ? "intact" : "BROKEN", accounting.check().signed() ? "signed" : "unsigned",
              Words.figure(accounting.spend().pldEpsilon()), Words.figure(accounting.spend().rdp().epsilon())));
    }
  }

  private void evidence(Evidence evidence, @Nullable ClaimFacts claim) {
    for (CanaryEvidence attack : evidence.canaries()) {
      CanaryEvidence.Run run = attack.run();
      entry("canaries", "%s: %s of %s guesses right, so ε ≥ %s (%s); could have shown %s at most%s".formatted(
          attack.attack(), Words.count(run.right()), Words.count(run.guesses()), Words.figure(run.epsilonLower()),
          Words.percent(run.confidence()), Words.figure(run.ceiling()), twin(attack)));
    }
    for (MembershipEvidence attack : evidence.memberships()) {
      Double allowed = Strongest.allowedAuc(evidence, claim, attack.unit());
      entry("membership",
          "%s, by %s: AUC %s, %s to %s (%s each way)%s".formatted(attack.attack(), attack.unit(),
              Words.share(attack.auc()), Words.share(attack.aucLow()), Words.share(attack.aucHigh()),
              Words.percent(attack.confidence()),
              allowed == null ? "" : "; the claim allows " + Words.share(allowed)));
    }
    if (evidence.canaries().isEmpty() && evidence.memberships().isEmpty()) {
      entry("evidence", "none");
    }
    for (String missing : evidence.missing()) {
      entry("missing", missing);
    }
  }

  private static String twin(CanaryEvidence attack) {
    CanaryEvidence.Run twin = attack.selfTest();
    return twin == null ? "; no self-test"
        : "; without noise %s of %s right, ε ≥ %s".formatted(Words.count(twin.right()), Words.count(twin.guesses()),
            Words.figure(twin.epsilonLower()));
  }

  /** A name in its column and text beside it, wrapped at blanks. */
  private void entry(String name, String text) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + NAME + "s", name));
    boolean empty = true;
    for (String word : oneLine(text).split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(NAME));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
  }

  /** Names come from data: what would move the cursor or break a line becomes a blank. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }
}
