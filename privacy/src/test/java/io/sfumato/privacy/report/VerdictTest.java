package io.sfumato.privacy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static AuditReport with(Evidence evidence, Finding... findings) {
    AuditReport full = MadeAudits.full();
    return new AuditReport(full.claim(), full.mechanism(), full.accounting(), full.touches(), null, evidence,
        full.provenance(), List.of(findings));
  }

  private static Evidence bound(double lower, double ceiling) {
    var run = new CanaryEvidence.Run(1000, 400, 240, MadeAudits.DELTA, .999, lower, lower, ceiling);
    return new Evidence(List.of(new CanaryEvidence("black-box", "somehow", run, null)), List.of(), List.of(), 0.6,
        List.of());
  }

  @Test
  void greenTakesAClaimAnAttackAndNoComplaint() {
    Verdict verdict = Verdict.of(with(bound(0.1, 4), Finding.green("NO_EVIDENCE_AGAINST", "fine")));
    assertThat(verdict.severity()).isEqualTo(Severity.GREEN);
    assertThat(verdict.title()).isEqualTo("The claim holds as far as it was checked");
    assertThat(verdict.paragraph()).contains("right in no more than about 75 of 100 guesses", "was right 240 times",
        "a blind guesser would expect 200", "None of this contradicts the promise", "proves nothing");
  }

  /** Should nobody have made a finding of it, the figures still refute. */
  @Test
  void figuresRefuteByThemselves() {
    Verdict verdict = Verdict.of(with(bound(3, 4)));
    assertThat(verdict.severity()).isEqualTo(Severity.RED);
    assertThat(verdict.title()).isEqualTo("The claim is refuted");
    assertThat(verdict.paragraph()).contains("Do not release").doesNotContain("None of this contradicts");
  }

  @Test
  void noEvidenceIsNeverGreen() {
    var nothing = new Evidence(List.of(), List.of(), List.of(), 0.6, List.of());
    Verdict verdict = Verdict.of(with(nothing));
    assertThat(verdict.severity()).isEqualTo(Severity.YELLOW);
    assertThat(verdict.title()).contains("nobody has tested it");
    assertThat(Verdict.of(MadeAudits.unclaimed()).severity()).isEqualTo(Severity.YELLOW);
  }

  @Test
  void otherRedFindingsMakeTheClaimUnreliable() {
    Verdict verdict = Verdict.of(with(bound(0, 4), Finding.red("LEDGER_BROKEN", "entry 1 was changed", "")));
    assertThat(verdict.title()).isEqualTo("The claim cannot be relied on");
    assertThat(verdict.paragraph()).contains("as if it promised nothing");
  }

  /** A damaged bundle tells no claim, which is not to say that it never made one. */
  @Test
  void aModelThatCannotBeReadIsNotSaidToPromiseNothing() {
    AuditReport none = MadeAudits.unclaimed();
    var broken = new AuditReport(null, null, null, List.of(), null, none.evidence(), none.provenance(),
        List.of(Finding.red("FILES_CHANGED", "model/ledger.json is not what was written", "restore it")));
    assertThat(Verdict.of(broken).title()).isEqualTo("What this model promises cannot be relied on");
    assertThat(AuditPage.html(broken, false))
        .contains("No claim could be read", "model/ledger.json is not what was written.")
        .doesNotContain("without a privacy budget", "There is no ledger");
  }

  @Test
  void aWeakAuditSaysSo() {
    Verdict verdict = Verdict.of(with(bound(0, 4), Finding.yellow("AUDIT_TOO_WEAK", "saw nothing", "")));
    assertThat(verdict.title()).contains("too weak");
    assertThat(verdict.paragraph()).contains("that it failed means nothing");
  }

  @Test
  void aClaimAboveTheCeilingIsNotCalledTested() {
    assertThat(Verdict.of(with(bound(0, 0.5))).paragraph()).contains("Its bound reaches no further than ε = 0.5",
        "as a whole curve instead");
    assertThat(Verdict.of(with(bound(0, 0.5), Finding.yellow("CLAIM_ABOVE_CEILING", "out of reach", ""))).paragraph())
        .contains("could not have refuted a promise as weak as this one");
  }

  /** At even odds the best guess is right with probability e^ε/(1 + e^ε): 0.7311 at ε = 1. */
  @Test
  void epsilonInGuesses() {
    assertThat(Guessing.rightAtMost(0, 0)).isEqualTo(0.5);
    assertThat(Guessing.rightAtMost(1, 0)).isEqualTo(0.7310586, within(1e-6));
    // (e + 0.1)/(1 + e)
    assertThat(Guessing.rightAtMost(1, 0.1)).isEqualTo(0.7579527, within(1e-6));
    assertThat(Guessing.rightAtMost(1000, 1e-6)).isEqualTo(1);
    assertThat(Guessing.ofHundred(0.731)).isEqualTo("73 of 100");
    assertThat(Guessing.ofHundred(0.9996)).isEqualTo("more than 99 of 100");
  }
}
