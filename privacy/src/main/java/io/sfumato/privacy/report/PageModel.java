package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.MechanismFacts;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.privacy.audit.UtilityFacts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows.
 *
 * @param report without what is internal, where the page is public
 * @param verdict of the whole report
 * @param internal whether figures are shown that no ε covers
 */
record PageModel(AuditReport report, Verdict verdict, boolean internal) {

  static PageModel of(AuditReport full, boolean publicOnly) {
    return new PageModel(publicOnly ? PublicEdition.of(full) : full, Verdict.of(full), !publicOnly);
  }

  String title() {
    return "Privacy audit of " + report.provenance().model();
  }

  /** When it was looked at and made, in a line. */
  String dates() {
    String trained = report.provenance().trained();
    return "Audited " + day(report.provenance().audited()) + (trained.isEmpty() ? "" : ", trained " + day(trained));
  }

  /** The day of an ISO date; all of it where it is none. */
  private static String day(String iso) {
    return iso.matches("\\d{4}-\\d{2}-\\d{2}T.*") ? iso.substring(0, 10) : iso;
  }

  /** Whether no claim was read because checks failed; there may have been one. */
  boolean unread() {
    return report.claim() == null && report.verdict() == Severity.RED;
  }

  List<Tile> tiles() {
    return Tile.of(report);
  }

  /** What a severity is called on the page. */
  static String word(Severity severity) {
    return severity.label().toUpperCase(Locale.ROOT).charAt(0) + severity.label().substring(1);
  }

  /** How many findings there are of each kind, in words. */
  String counted() {
    return Words.list(List.of(Severity.values())
        .stream()
        .map(severity -> Map.entry(severity,
            report.findings().stream().filter(finding -> finding.severity() == severity).count()))
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> entry.getValue() + " " + entry.getKey().label())
        .toList());
  }

  @Nullable
  ClaimPart claim() {
    ClaimFacts claim = report.claim();
    return claim == null ? null : new ClaimPart(claim, internal);
  }

  @Nullable
  MechanismPart mechanism() {
    MechanismFacts facts = report.mechanism();
    return facts == null ? null : new MechanismPart(facts, internal);
  }

  @Nullable
  AccountingPart accounting() {
    AccountingFacts facts = report.accounting();
    ClaimFacts claim = report.claim();
    return facts == null ? null : new AccountingPart(facts, claim == null ? Double.POSITIVE_INFINITY : claim.budget());
  }

  @Nullable
  UtilityPart utility() {
    UtilityFacts facts = report.utility();
    return facts == null ? null : new UtilityPart(facts);
  }

  EvidencePart evidence() {
    return new EvidencePart(report.evidence(), report.claim(), internal);
  }

  Table touches() {
    return new Table("Uses of people's data",
        List.of(Table.Column.text("What was made of it"), Table.Column.text("Covered"), Table.Column.text("How")),
        report.touches().stream().map(touch -> List.of(touch.what(), kind(touch.kind()), touch.how())).toList());
  }

  private static String kind(String kind) {
    return switch (kind) {
      case "charged" -> "Yes, charged to ε";
      case "post-processing" -> "Yes, made of what was charged";
      case "off" -> "Not done";
      case "uncharged" -> "No";
      default -> kind;
    };
  }

  /** What the list of uses comes to. */
  String touchesMean() {
    long uncovered = report.touches().stream().filter(touch -> touch.kind().equals("uncharged")).count();
    return uncovered == 0
        ? "Each use of people's data that is on record is charged to ε, made of what was charged, or was not made at all."
        : (uncovered == 1 ? "One use of people's data is" : uncovered + " uses of people's data are")
            + " covered by no ε: nobody has bounded what they give away.";
  }

  /** What a repetition would not give. */
  String repeatedNot() {
    MechanismFacts facts = report.mechanism();
    return facts != null && facts.generator().equals("secure")
        ? "That the same noise comes out: it is drawn anew each time and kept by nobody, since whoever knew it could take it off."
        : "That every bit comes out the same on another machine.";
  }

  /** Settings as lines: nested names are joined by points. */
  Table configuration() {
    return new Table("Settings of the training",
        List.of(Table.Column.text("Setting"), Table.Column.text("Value")),
        Settings.rows(report.provenance().configuration()));
  }

  Table origin() {
    return Settings.origin(report.provenance());
  }
}
