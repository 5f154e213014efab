package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditClaim;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Point;
import io.sfumato.recommend.bundle.PrivacyClaim;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimPartsTest {
  private static PrivacyLedger ledger(PrivacyUnit unit) {
    return PrivacyLedger.empty(unit)
        .append(release(20, 1, 1, Math.sqrt(8), "popularity counts (at most 8 items a user)"))
        .append(release(1.2, 0.05, 30, 1, "model weights, interaction objective, clipping flat"));
  }

  private static Release release(double sigma, double q, long steps, double sensitivity, String what) {
    return new Release(Phase.of(sigma, q, steps), sensitivity, what, "", NoiseSource.SECURE);
  }

  private static PrivacyClaim claim(PrivacyLedger ledger, Neighbouring neighbouring) {
    return PrivacyClaim.of(ledger, new PrivacyBudget(4, 1e-5, neighbouring), 8);
  }

  @Test
  void thePartsAddUpToTheClaim() {
    PrivacyLedger ledger = ledger(PrivacyUnit.USER);
    PrivacyClaim claim = claim(ledger, Neighbouring.ADD_REMOVE);
    ClaimFacts facts = ClaimParts.facts(ledger, claim, Map.of("users", 123));
    assertThat(facts.addRemoveEpsilon()).isCloseTo(claim.epsilon(), within(1e-9));
    assertThat(facts.replaceEpsilon()).isGreaterThan(claim.epsilon());
    assertThat(facts.people()).isEqualTo(123L);
    assertThat(facts.curve()).isSortedAccordingTo(Comparator.comparingDouble(Point::x));
    assertThat(facts.curve()).isSortedAccordingTo(Comparator.comparingDouble((Point point) -> -point.y()));
    AccountingFacts accounting = ClaimParts.accounting(ledger, claim);
    assertThat(accounting.growth().getFirst()).isEqualTo(new Point(0, 0));
    assertThat(accounting.growth().getLast().x()).isEqualTo(31);
    assertThat(accounting.growth().getLast().y()).isCloseTo(claim.epsilon(), within(1e-9));
    assertThat(accounting.growth()).isSortedAccordingTo(Comparator.comparingDouble(Point::y));
    assertThat(accounting.check().intact()).isTrue();
    assertThat(ReleasedCounts.deviation(ledger)).isCloseTo(20 * Math.sqrt(8), within(1e-9));
  }

  /** An interaction more or less moves releases by twice the sensitivity that a ledger of records states, so evidence must not be held against less than that. */
  @Test
  void interactionsAreHeldAgainstTheirOwnRelation() {
    PrivacyLedger ledger = ledger(PrivacyUnit.RECORD);
    PrivacyClaim claim = claim(ledger, Neighbouring.REPLACE);
    AuditClaim held = ClaimParts.claim(ledger, claim);
    assertThat(held.epsilon()).isCloseTo(claim.epsilon(), within(1e-9));
    assertThat(held.epsilon()).isGreaterThan(ClaimParts.claim(ledger(PrivacyUnit.USER),
        claim(ledger(PrivacyUnit.USER), Neighbouring.ADD_REMOVE)).epsilon());
    assertThat(ClaimParts.facts(ledger, claim, Map.of()).addRemoveEpsilon()).isNull();
  }
}
