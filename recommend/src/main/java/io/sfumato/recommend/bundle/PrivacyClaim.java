package io.sfumato.recommend.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.Locale;

/**
 * What a bundle promises the people whose interactions it was trained on: that {@code model/} and {@code sfumato.json} are (ε, δ)-differentially private for the unit. The promise
 * does not cover {@code people/}, which holds who took what, nor what one person is shown: recommendations from a person's own history tell of that history, and are private towards
 * all others only (joint differential privacy, Kearns et al. 2014). The catalogue is public.
 *
 * @param epsilon ε that everything in the ledger has spent together, by privacy loss distributions
 * @param budget ε that it may not pass
 * @param delta δ
 * @param unit what is hidden
 * @param neighbouring the relation that ε refers to
 * @param maxPerUser the most training items of a person that counted
 * @param noise {@code secure}, or {@code seeded}, in which case nobody is protected
 * @param ledgerHead hash of the ledger's last entry
 */
public record PrivacyClaim(double epsilon, double budget, double delta, PrivacyUnit unit, Neighbouring neighbouring,
    int maxPerUser, String noise, String ledgerHead) {

  /** What a ledger's releases have spent of a budget. */
  public static PrivacyClaim of(PrivacyLedger ledger, PrivacyBudget budget, int maxPerUser) {
    return new PrivacyClaim(budget.spent(ledger.phases()), budget.epsilon(), budget.delta(), ledger.unit(),
        budget.neighbouring(), maxPerUser, ledger.seeded() ? "seeded" : "secure", ledger.head());
  }

  /** The same of a ledger that goes on with entries that cost nothing. */
  PrivacyClaim withHead(String head) {
    return new PrivacyClaim(epsilon, budget, delta, unit, neighbouring, maxPerUser, noise, head);
  }

  /** Whether somebody is protected: the noise of every release was secret. */
  public boolean holds() {
    return noise.equals("secure");
  }

  /** In one sentence. */
  public String sentence() {
    return holds()
        ? String.format(Locale.ROOT, "epsilon %.4f of %s at delta %.1e for each %s", epsilon, plain(budget), delta,
            unit == PrivacyUnit.USER ? "person" : "interaction")
        : "none: the noise was seeded, for a test; nobody is protected";
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  void write(ObjectNode node) {
    node.put("epsilon", epsilon)
        .put("budget", budget)
        .put("delta", delta)
        .put("unit", unit.label())
        .put("neighbouring", label(neighbouring))
        .put("max_per_user", maxPerUser)
        .put("noise", noise)
        .put("ledger_head", ledgerHead);
  }

  static PrivacyClaim read(JsonNode node) {
    return new PrivacyClaim(node.path("epsilon").asDouble(), node.path("budget").asDouble(),
        node.path("delta").asDouble(), PrivacyUnit.of(node.path("unit").asText()),
        node.path("neighbouring").asText().equals(label(Neighbouring.REPLACE)) ? Neighbouring.REPLACE
            : Neighbouring.ADD_REMOVE,
        node.path("max_per_user").asInt(), node.path("noise").asText(), node.path("ledger_head").asText());
  }

  private static String label(Neighbouring neighbouring) {
    return neighbouring == Neighbouring.REPLACE ? "replace" : "add-remove";
  }
}
