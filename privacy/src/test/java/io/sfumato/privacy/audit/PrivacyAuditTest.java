package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Audits of mechanisms whose privacy is known, honest and not. */
class PrivacyAuditTest {

  private static AuditEvidence audit(SimulatedSubject subject) {
    return PrivacyAudit.builder().claim(SimulatedSubject.claim()).shadows(8).build().run(subject);
  }

  private static List<String> codes(AuditEvidence audit) {
    return audit.findings().stream().map(finding -> finding.severity().label() + " " + finding.code()).toList();
  }

  @Test
  void nothingSpeaksAgainstAnHonestMechanism() {
    AuditEvidence audit = audit(SimulatedSubject.of(1));
    assertThat(codes(audit)).containsExactly("green NO_EVIDENCE_AGAINST");
    assertThat(audit.findings().getFirst().what()).contains("proves nothing", "1.33 is claimed");
    CanaryEvidence canaries = audit.evidence().canaries().getFirst();
    assertThat(canaries.run().epsilonLower()).isLessThan(SimulatedSubject.claim().epsilon());
    assertThat(canaries.run().ceiling()).isGreaterThan(3);
    CanaryEvidence.Run selfTest = Objects.requireNonNull(canaries.selfTest());
    assertThat(selfTest.epsilonLower()).isGreaterThan(3);
    assertThat(selfTest.right()).isEqualTo(700);
    MembershipEvidence ranking = Objects.requireNonNull(canaries.ranking());
    assertThat(ranking.unit()).isEqualTo("canary");
    assertThat(ranking.members() + ranking.others()).isEqualTo(1000);
    assertThat(ranking.auc()).isBetween(0.5, 0.7);
    assertThat(audit.evidence().memberships()).extracting(MembershipEvidence::attack)
        .containsExactly("loss threshold", "LiRA");
    assertThat(audit.evidence().memberships()).allSatisfy(one -> {
      assertThat(one.members() + one.others()).isEqualTo(2000);
      assertThat(one.aucLow()).isLessThan(audit.evidence().allowedAuc());
      assertThat(one.aucHigh()).isGreaterThan(one.auc());
      assertThat(one.confidence()).as("divided by two").isCloseTo(0.9995, within(1e-12));
      assertThat(one.points()).as("1,000 others or a few less or more").isNotEmpty();
    });
    assertThat(audit.evidence().allowed().getFirst().x()).isZero();
    assertThat(audit.evidence().allowed().getLast()).isEqualTo(new Point(1, 1));
    assertThat(audit.evidence().missing()).isEmpty();
  }

  @Test
  void aTenthOfTheNoiseIsRefuted() {
    AuditEvidence audit = audit(SimulatedSubject.of(0.1));
    assertThat(codes(audit)).startsWith("red CLAIM_REFUTED", "red AUC_ABOVE_CLAIM", "red AUC_ABOVE_CLAIM")
        .doesNotContain("green NO_EVIDENCE_AGAINST");
    assertThat(audit.findings().getFirst().what()).contains("but 1.33 is claimed");
    assertThat(audit.evidence().canaries().getFirst().run().epsilonLower())
        .isGreaterThan(SimulatedSubject.claim().epsilon());
  }

  /** The bound on ε stays below the claim; its curve is refuted all the same. */
  @Test
  void aFifthOfTheNoiseIsRefutedByTheCurve() {
    AuditEvidence audit = audit(SimulatedSubject.of(0.2).withPeople(0));
    assertThat(codes(audit)).first().isEqualTo("red CLAIM_REFUTED");
    assertThat(audit.findings().getFirst().what()).contains("f-DP");
    CanaryEvidence.Run run = audit.evidence().canaries().getFirst().run();
    assertThat(run.epsilonLower()).isLessThan(SimulatedSubject.claim().epsilon());
    assertThat(run.epsilonLowerGaussian()).isGreaterThan(SimulatedSubject.claim().epsilon());
  }

  @Test
  void anAttackThatSeesNothingIsTooWeak() {
    AuditEvidence audit = audit(SimulatedSubject.of(0).withPeople(0).blinded());
    assertThat(codes(audit)).containsExactly("yellow AUDIT_TOO_WEAK");
    assertThat(audit.evidence().canaries().getFirst().run().epsilonLower()).isZero();
  }

  @Test
  void withoutItsSelfTestAnAuditDoesNotKnowWhatItIsWorth() {
    SimulatedSubject subject = SimulatedSubject.of(1);
    AuditEvidence audit = PrivacyAudit.builder()
        .claim(SimulatedSubject.claim())
        .shadows(0)
        .selfTest(false)
        .build()
        .run(subject);
    assertThat(codes(audit)).containsExactly("yellow NO_SELF_TEST");
    assertThat(audit.evidence().canaries().getFirst().selfTest()).isNull();
    assertThat(audit.evidence().missing()).singleElement().asString().contains("--shadows");
    assertThat(subject.asked()).containsExactly("canaries", "memberships");
  }

  @Test
  void withoutCanariesAndOthersThereIsNoEvidence() {
    AuditEvidence audit = audit(SimulatedSubject.of(1).withCanaries(0).withPeople(0));
    assertThat(codes(audit)).containsExactly("yellow NO_EVIDENCE");
    assertThat(audit.evidence().missing()).hasSize(2)
        .allSatisfy(
            sentence -> assertThat(sentence).contains("--secret"));
    assertThat(audit.evidence().canaries()).isEmpty();
    assertThat(codes(audit(SimulatedSubject.of(1).withCanaries(0)))).startsWith("yellow NO_CANARIES");
    assertThat(codes(audit(SimulatedSubject.of(0.1).withCanaries(0)))).first().isEqualTo("red AUC_ABOVE_CLAIM");
  }

  /** The audit says what it could find before it looks at anybody's coin. */
  @Test
  void theCeilingIsToldFirst() {
    SimulatedSubject subject = SimulatedSubject.of(1);
    AuditListener listener = new AuditListener() {
      @Override
      public void start(String stage, long total) {
        subject.asked().add(stage + " 0/" + total);
      }

      @Override
      public void advance(long done, String note) {}

      @Override
      public void say(String sentence) {
        subject.asked().add(sentence);
      }
    };
    PrivacyAudit.builder().claim(SimulatedSubject.claim()).shadows(2).listener(listener).build().run(subject);
    assertThat(subject.asked()).containsExactly("canaries 0/1", "canaries",
        "gradient-space: 700 guesses of 1000 canaries: this audit could not have refuted a claim above epsilon = 3.91 (delta 1.0e-05, confidence 99.9 %).",
        "self-test: a twin without noise 0/1", "twin", "membership by loss 0/1", "memberships", "shadow models 0/2",
        "shadow", "shadow");
  }

  /** ε near 9 is above what any number of guesses can refute at this confidence by the bound; its curve can be refuted by the guesses of a few runs. */
  @Test
  void largeClaimsNeedTheCurveAndMoreCanaries() {
    AuditClaim large = AuditClaim.of(List.of(Phase.of(0.62, 1, 1)), 1e-5, PrivacyUnit.USER);
    assertThat(large.epsilon()).isBetween(7.0, 9.0);
    PrivacyAudit.Builder audit = PrivacyAudit.builder().claim(large).shadows(0);
    assertThat(codes(audit.build().run(SimulatedSubject.of(0).withCanaries(200).withPeople(0))))
        .contains("yellow CLAIM_ABOVE_CEILING");
    List<String> said = new ArrayList<>();
    AuditListener listener = new AuditListener() {
      @Override
      public void start(String stage, long total) {}

      @Override
      public void advance(long done, String note) {}

      @Override
      public void say(String sentence) {
        said.add(sentence);
      }
    };
    SimulatedSubject repeatable = SimulatedSubject.of(0).withPeople(0).repeatable();
    AuditEvidence several = audit.runs(5).listener(listener).build().run(repeatable);
    assertThat(codes(several)).containsExactly("red CLAIM_REFUTED", "red AUC_ABOVE_CLAIM");
    assertThat(said.getFirst()).contains("3500 guesses of 5000", "whole curve");
    CanaryEvidence evidence = several.evidence().canaries().getFirst();
    assertThat(evidence.run().canaries()).isEqualTo(5000);
    assertThat(evidence.method()).contains("5 runs");
    assertThat(repeatable.asked().stream().filter("again"::equals)).hasSize(4);
    audit.build().run(SimulatedSubject.of(0).withPeople(0));
    assertThat(said).contains("The subject cannot be trained again: the audit looks at 1 of 5 runs.");
  }

  /** A ledger without noise claims nothing that could be refuted, and says so instead of dividing by zero. */
  @Test
  void anInfiniteClaimCannotBeRefuted() {
    AuditClaim claim = AuditClaim.of(List.of(Phase.of(0, 1, 1)), 1e-5, PrivacyUnit.USER);
    AuditEvidence audit = PrivacyAudit.builder().claim(claim).shadows(0).build().run(SimulatedSubject.of(0));
    assertThat(codes(audit)).containsExactly("yellow CLAIM_ABOVE_CEILING", "green NO_EVIDENCE_AGAINST");
    assertThat(audit.evidence().allowedAuc()).isEqualTo(1);
  }

  @Test
  void whatClaimsNothingIsAttackedAllTheSame() {
    SimulatedSubject subject = SimulatedSubject.of(0.1);
    AuditEvidence audit = PrivacyAudit.builder().delta(1e-6).shadows(0).build().run(subject);
    assertThat(audit.findings()).noneMatch(finding -> finding.severity() == Severity.RED);
    assertThat(audit.evidence().canaries().getFirst().run().epsilonLower()).isGreaterThan(1);
    assertThat(audit.evidence().canaries().getFirst().run().delta()).isEqualTo(1e-6);
    assertThat(audit.evidence().allowed()).isEmpty();
    assertThat(audit.evidence().allowedAuc()).isEqualTo(1);
    assertThat(subject.asked()).as("there is no noise to turn off").doesNotContain("twin");
  }

  /** 200 audits of an honest mechanism at a confidence of 90 % in each of four families: in 80 something may be red. */
  @Test
  void honestMechanismsAreCalledRefutedNoMoreOftenThanStated() {
    AuditClaim claim = SimulatedSubject.claim();
    int red = 0;
    for (int trial = 0; trial < 200; trial++) {
      long seed = 1000L * trial;
      SimulatedSubject honest = SimulatedSubject.of(1).withCanaries(300).withPeople(300);
      AuditSubject other = new AuditSubject() {
        @Override
        public List<CanaryScores> canaries() {
          return honest.repeatable().canariesAgain(seed);
        }

        @Override
        public List<CanaryScores> canariesWithoutNoise(long any) {
          return honest.canariesWithoutNoise(any);
        }

        @Override
        public List<MembershipScores> memberships() {
          return honest.shadow(seed);
        }

        @Override
        public List<MembershipScores> shadow(long any) {
          return honest.shadow(any);
        }

        @Override
        public void close() {}
      };
      AuditEvidence audit = PrivacyAudit.builder()
          .claim(claim)
          .confidence(0.9)
          .shadows(0)
          .selfTest(false)
          .build()
          .run(other);
      red += audit.findings().stream().anyMatch(finding -> finding.severity() == Severity.RED) ? 1 : 0;
    }
    assertThat(red).isLessThanOrEqualTo(80);
  }

  @Test
  void refusesOptionsThatMeanNothing() {
    PrivacyAudit.Builder builder = PrivacyAudit.builder();
    assertThatThrownBy(() -> builder.confidence(1)).hasMessageContaining("confidence must be in (0.5, 1) but was 1.0");
    assertThatThrownBy(() -> builder.shadows(1)).hasMessageContaining("were 1");
    assertThatThrownBy(() -> builder.runs(0)).hasMessageContaining("were 0");
    assertThatThrownBy(() -> builder.delta(0)).hasMessageContaining("was 0.0");
    assertThatThrownBy(() -> CanaryGuesses.right(new CanaryScores("a", "", new double[]{Double.NaN}, new boolean[1])))
        .hasMessageContaining("canary 0 has the score NaN");
  }
}
