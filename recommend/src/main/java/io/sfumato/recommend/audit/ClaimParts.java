package io.sfumato.recommend.audit;

import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyProfile;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditClaim;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.Point;
import io.sfumato.recommend.bundle.PrivacyClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a bundle promises, and what its ledger adds up to, as a report tells it. */
final class ClaimParts {
  /** Points of the curve of (ε, δ), from 0 to this many times the claimed ε. */
  private static final int CURVE_POINTS = 60;
  private static final double CURVE_REACH = 2;
  /** Points of the growth of ε within a phase of many steps. */
  private static final int GROWTH_POINTS = 12;

  private ClaimParts() {}

  /**
   * What evidence is held against. Where people are hidden that is ε of one person more or less. Where interactions are hidden, one interaction more or less exchanges what a group contributes, which is what the
   * claim's own relation accounts.
   */
  static AuditClaim claim(PrivacyLedger ledger, PrivacyClaim claim) {
    PrivacyProfile profile = profile(ledger.phases(),
        claim.unit() == PrivacyUnit.RECORD ? claim.neighbouring() : Neighbouring.ADD_REMOVE);
    return new AuditClaim(profile.epsilon(claim.delta()), claim.delta(), claim.unit(), profile.tradeOff());
  }

  private static PrivacyProfile profile(List<Phase> phases, Neighbouring neighbouring) {
    return PldAccountant.create().withNeighbouring(neighbouring).compose(phases);
  }

  static ClaimFacts facts(PrivacyLedger ledger, PrivacyClaim claim, Map<String, Object> people) {
    boolean groups = claim.unit() == PrivacyUnit.RECORD && claim.neighbouring() == Neighbouring.REPLACE;
    double delta = claim.delta();
    return new ClaimFacts(claim.epsilon(), claim.budget(), delta, claim.unit(), claim.neighbouring(),
        groups ? null : finite(profile(ledger.phases(), Neighbouring.ADD_REMOVE).epsilon(delta)),
        finite(profile(ledger.phases(), Neighbouring.REPLACE).epsilon(delta)), claim.maxPerUser(),
        people.get("users") instanceof Number users ? Long.valueOf(users.longValue()) : null,
        curve(profile(ledger.phases(), claim.neighbouring()), claim.epsilon()), released(ledger), covered(claim),
        notCovered(claim));
  }

  private static @Nullable Double finite(double epsilon) {
    return Double.isFinite(epsilon) ? epsilon : null;
  }

  private static List<Point> curve(PrivacyProfile profile, double epsilon) {
    List<Point> points = new ArrayList<>();
    double reach = Double.isFinite(epsilon) && epsilon > 0 ? CURVE_REACH * epsilon : 1;
    for (int i = 0; i <= CURVE_POINTS; i++) {
      double at = reach * i / CURVE_POINTS;
      points.add(new Point(at, profile.delta(at)));
    }
    return points;
  }

  private static List<String> released(PrivacyLedger ledger) {
    List<String> released = new ArrayList<>();
    noisy(ledger).stream().map(entry -> entry.release().what()).distinct().forEach(released::add);
    released.add(
        "item vectors, their search index, item models and the ranking: computed from the above and from the catalogue");
    return released;
  }

  private static List<String> covered(PrivacyClaim claim) {
    String of = claim.unit() == PrivacyUnit.USER
        ? "Each person whose interactions were trained on: all of them together, of which at most %d counted."
            .formatted(claim.maxPerUser())
        : "Each interaction that was trained on; not all of a person's interactions together.";
    return List.of(of,
        "Everything in model/ and sfumato.json, against whoever has all of it and knows all other people.",
        "People who come later: they were not trained on.");
  }

  private static List<String> notCovered(PrivacyClaim claim) {
    List<String> not = new ArrayList<>();
    not.add("people/: histories and the feedback log are exact; 'export --release' leaves them out.");
    not.add(
        "What one person is shown: it is computed from that person's own history, and is private towards all others only (joint differential privacy).");
    not.add("The catalogue: items, texts and pictures are taken for public, in the search index too.");
    not.add(
        "What is true of people in general: a model may tell what people like somebody take without having seen that somebody.");
    if (claim.unit() == PrivacyUnit.RECORD) {
      not.add("A person as a whole: that somebody was among the people may be told from many interactions together.");
    }
    return not;
  }

  static AccountingFacts accounting(PrivacyLedger ledger, PrivacyClaim claim) {
    return new AccountingFacts(ledger.spend(claim.delta(), claim.neighbouring()), growth(ledger, claim),
        ledger.head(), ledger.verifyHead(claim.ledgerHead()));
  }

  /** ε after so many steps of all phases; phases of one step are a corner each. */
  private static List<Point> growth(PrivacyLedger ledger, PrivacyClaim claim) {
    List<Point> points = new ArrayList<>(List.of(new Point(0, 0)));
    List<Phase> done = new ArrayList<>();
    long steps = 0;
    for (Phase phase : ledger.phases()) {
      int parts = (int) Math.min(phase.steps(), GROWTH_POINTS);
      for (int part = 1; part <= parts; part++) {
        long so = phase.steps() * part / parts;
        List<Phase> until = new ArrayList<>(done);
        until.add(new Phase(phase.mechanism(), so));
        double epsilon = profile(until, claim.neighbouring()).epsilon(claim.delta());
        if (Double.isFinite(epsilon)) {
          points.add(new Point(steps + so, epsilon));
        }
      }
      done.add(phase);
      steps += phase.steps();
    }
    return points;
  }

  /** Entries that released something with noise. */
  static List<LedgerEntry> noisy(PrivacyLedger ledger) {
    return ledger.entries().stream().filter(entry -> !entry.release().seals()).toList();
  }
}
