package io.sfumato.recommend.training;

import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.privacy.training.ReleasedTensors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a private training released, and what it did with the interactions besides.
 *
 * @param ledger everything released of these people, this training last
 * @param budget that the ledger stays within
 * @param maxPerUser the most training items of a person that counted
 * @param uses every use that a training may make of interactions, and whether it was charged, came out of what was charged, or was off
 * @param internal what was measured on the people, not private: it stays out of {@code model/} and {@code sfumato.json}
 * @param falsified whether the noise was not what the ledger says, for the audit of an audit
 * @param released what this training's entries of the ledger commit to
 */
public record PrivateOutcome(PrivacyLedger ledger, PrivacyBudget budget, int maxPerUser, List<DataUse> uses,
    Map<String, Object> internal, boolean falsified, List<ReleasedTensors> released) {
  public PrivateOutcome {
    uses = List.copyOf(uses);
    released = List.copyOf(released);
    internal = Collections.unmodifiableMap(new LinkedHashMap<>(internal));
  }

  /** What is promised. */
  public PrivacyClaim claim() {
    return PrivacyClaim.of(ledger, budget, maxPerUser);
  }
}
