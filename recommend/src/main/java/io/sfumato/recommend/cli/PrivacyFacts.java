package io.sfumato.recommend.cli;

import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.PrivacyClaim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What commands say of a private bundle's promise, and of what it was spent on. */
final class PrivacyFacts {
  /** Stands beside whatever was computed from people's interactions without noise. */
  static final String INTERNAL = "internal, not private";

  private PrivacyFacts() {}

  /** The promise and what was charged, for JSON; empty for a bundle that is not private. */
  static Map<String, Object> json(Bundle bundle) {
    Map<String, Object> map = new LinkedHashMap<>();
    PrivacyClaim claim = bundle.privacy();
    PrivacyLedger ledger = bundle.ledger();
    if (claim != null && ledger != null) {
      map.put("epsilon", claim.epsilon());
      map.put("budget", claim.budget());
      map.put("delta", claim.delta());
      map.put("unit", claim.unit().label());
      map.put("neighbouring", relation(claim));
      map.put("max_per_user", claim.maxPerUser());
      map.put("noise", claim.noise());
      map.put("ledger_head", claim.ledgerHead());
      map.put("charged", ledger.entries()
          .stream()
          .map(LedgerEntry::release)
          .filter(release -> !release.seals())
          .map(PrivacyFacts::json)
          .toList());
    }
    return map;
  }

  private static Map<String, Object> json(Release release) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("what", release.what());
    map.put("sigma", release.phase().mechanism().sigma());
    map.put("q", release.phase().mechanism().samplingRate());
    map.put("steps", release.phase().steps());
    map.put("sensitivity", release.sensitivity());
    return map;
  }

  /** The same in lines of name and value; none for a bundle that is not private. */
  static List<List<String>> lines(Bundle bundle) {
    PrivacyClaim claim = bundle.privacy();
    PrivacyLedger ledger = bundle.ledger();
    List<List<String>> lines = new ArrayList<>();
    if (claim != null && ledger != null) {
      lines.add(List.of("privacy", claim.sentence()));
      lines.add(List.of("unit", "%s, %s; %s noise".formatted(claim.unit().label(), relation(claim), claim.noise())));
      for (LedgerEntry entry : ledger.entries()) {
        Release release = entry.release();
        if (release.seals()) {
          continue;
        }
        lines.add(List.of("charged", String.format(Locale.ROOT, "%s: sigma %.4f, q %s, %s", release.what(),
            release.phase().mechanism().sigma(), release.phase().mechanism().samplingRate(),
            Sfumato.plural(release.phase().steps(), "step"))));
      }
      lines.add(List.of("covers",
          "model/ and sfumato.json; not people/. What a person is shown tells of that person's own history (joint DP)"));
    }
    return lines;
  }

  private static String relation(PrivacyClaim claim) {
    return claim.unit() == PrivacyUnit.USER
        ? claim.neighbouring() == Neighbouring.ADD_REMOVE ? "one person more or less" : "one person exchanged"
        : "one interaction more or less";
  }
}
