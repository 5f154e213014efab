package io.sfumato.privacy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.privacy.audit.AuditProvenance;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.Finding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTextTest {

  @Test
  void saysVerdictClaimBoundsAndFindings() {
    String text = AuditText.of(MadeAudits.full());
    assertThat(text).startsWith("Privacy audit of demo shop <spring & summer>\n")
        .contains("YELLOW      The claim holds as far as it was checked, with reservations",
            "claim       ε = 1.09 at δ = 10⁻⁶",
            "canaries    gradient-space: 243 of 400 guesses right, so ε ≥ 0.12 (99.9 %)",
            "membership  LiRA, by user: AUC 0.521",
            "missing     LiRA on records", "YELLOW      UNSIGNED: ", "            To do: train with --sign KEY")
        .endsWith("\n");
    assertThat(text.lines()).allMatch(line -> line.length() <= 100).noneMatch(line -> line.endsWith(" "));
  }

  @Test
  void saysWhatThereIsNot() {
    assertThat(AuditText.of(MadeAudits.unclaimed())).contains("This model promises no privacy", "claim       none",
        "evidence    none");
  }

  /** Names come from data and must not drive the terminal. */
  @Test
  void controlCharactersAreGone() {
    AuditReport plain = MadeAudits.unclaimed();
    var report = new AuditReport(null, null, null, List.of(), null, plain.evidence(),
        new AuditProvenance("a\u001b[2Jb\nc", "", "", Map.of(), Map.of(), "", List.of()),
        List.of(Finding.red("CODE", "x\u0007\r\u2028y", "")));
    assertThat(AuditText.of(report)).startsWith("Privacy audit of a [2Jb c\n").contains("CODE: x y");
  }

  @Test
  void aBundleThatWasChangedIsNotCalledOneWithoutAPromise() {
    AuditReport made = MadeAudits.unclaimed();
    AuditReport changed = new AuditReport(null, null, null, List.of(), null, made.evidence(), made.provenance(),
        List.of(Finding.red("LEDGER_BROKEN", "ledger entry 2 was changed after it was written", "restore it")));
    assertThat(AuditText.of(changed)).contains("cannot be relied on", "LEDGER_BROKEN")
        .doesNotContain("promises no privacy");
  }
}
