package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.privacy.audit.AuditEvidence;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.PrivacyAudit;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A whole audit of models that real private steps trained: an honest one, one whose noise was falsified, one without noise. */
@ExtendWith(OneThread.class)
class PrivateStepAuditTest {
  private static final LossGapAttack TRAINING = new LossGapAttack(1000, 8000, 1, 8, 1, 1e-5);

  private static AuditEvidence audit(double noiseScale, int shadows) {
    try (PlantedUsers subject = new PlantedUsers(TRAINING, noiseScale, 1)) {
      return PrivacyAudit.builder().claim(subject.claim()).shadows(shadows).build().run(subject);
    }
  }

  @Test
  void anHonestTrainingIsNotRefuted() {
    AuditEvidence audit = audit(1, 4);
    assertThat(audit.findings()).extracting(Finding::code).containsExactly("NO_EVIDENCE_AGAINST");
    CanaryEvidence canaries = audit.evidence().canaries().getFirst();
    assertThat(canaries.run().epsilonLower()).isLessThanOrEqualTo(1);
    assertThat(Objects.requireNonNull(canaries.selfTest()).epsilonLower()).as("without noise").isGreaterThan(3);
    assertThat(audit.evidence().memberships()).hasSize(2)
        .allSatisfy(
            one -> assertThat(one.aucLow()).isLessThanOrEqualTo(audit.evidence().allowedAuc()));
  }

  @Test
  void aTenthOfTheNoiseIsFound() {
    AuditEvidence audit = audit(0.1, 0);
    assertThat(audit.findings()).extracting(Finding::code).startsWith("CLAIM_REFUTED", "AUC_ABOVE_CLAIM");
    assertThat(audit.evidence().canaries().getFirst().run().epsilonLower()).isGreaterThan(1);
  }
}
