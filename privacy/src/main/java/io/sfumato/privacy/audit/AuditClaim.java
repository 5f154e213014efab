package io.sfumato.privacy.audit;

import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyProfile;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.TradeOff;
import java.util.List;

/**
 * What evidence is held against. All attacks here ask whether a unit was in or not, so ε and the curve are those of one unit more or less, whichever relation a model's claim refers to. Where records are clipped in
 * groups, one record more or less exchanges what its group contributes, and the curve is that of {@link Neighbouring#REPLACE}.
 *
 * @param epsilon ε, 0 or more; may be infinite
 * @param delta δ in (0, 1)
 * @param unit whose presence is hidden
 * @param curve the highest true positive rate at each false positive rate
 */
public record AuditClaim(double epsilon, double delta, PrivacyUnit unit, TradeOff curve) {
  /** Checks. */
  public AuditClaim {
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon must not be negative but was " + epsilon);
    }
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta must be in (0, 1) but was " + delta);
    }
  }

  /** What a ledger's phases promise at {@code delta} where one unit more or less is one contribution more or less. */
  public static AuditClaim of(List<Phase> phases, double delta, PrivacyUnit unit) {
    return of(phases, delta, unit, Neighbouring.ADD_REMOVE);
  }

  /** What a ledger's phases promise at {@code delta}; {@code unitIs} tells what one unit more or less does to the contributions that are released. */
  public static AuditClaim of(List<Phase> phases, double delta, PrivacyUnit unit, Neighbouring unitIs) {
    PrivacyProfile profile = PldAccountant.create().withNeighbouring(unitIs).compose(phases);
    return new AuditClaim(profile.epsilon(delta), delta, unit, profile.tradeOff());
  }
}
