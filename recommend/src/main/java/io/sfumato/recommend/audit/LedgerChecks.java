package io.sfumato.recommend.audit;

import io.sfumato.privacy.accounting.LedgerCheck;
import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.recommend.bundle.PrivacyClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether a ledger is whole, ends where the claim says, and adds up to no more than is claimed. */
final class LedgerChecks {
  /** Numbers are written in decimal and read again. */
  private static final double ROUNDING = 1e-9;

  /** More steps than any training takes, fewer than accounting takes long for. */
  private static final long MOST_STEPS = 1_000_000_000L;

  private static final String RESTORE = "restore the bundle from a copy, or train again";

  private LedgerChecks() {}

  static List<Finding> of(PrivacyLedger ledger, PrivacyClaim claim) {
    List<Finding> findings = new ArrayList<>();
    LedgerCheck check = ledger.verifyHead(claim.ledgerHead());
    if (!check.intact()) {
      findings.add(Finding.red("LEDGER_BROKEN", check.message(), RESTORE));
    } else {
      findings.add(Finding.green("LEDGER_WHOLE", "the ledger's %d entries follow each other, up to the head %s"
          .formatted(ledger.entries().size(), ledger.head())));
    }
    for (LedgerEntry entry : ledger.entries()) {
      if (entry.release().phase().steps() == 0 && !entry.release().seals()) {
        findings.add(Finding.red("RELEASE_UNCHARGED",
            "ledger entry %d releases '%s' in no steps at all, which costs nothing".formatted(entry.index(),
                entry.release().what()),
            RESTORE));
      }
    }
    seeded(ledger, claim, findings);
    claim(ledger, claim, findings);
    sensitivities(ledger, claim, findings);
    return findings;
  }

  private static void seeded(PrivacyLedger ledger, PrivacyClaim claim, List<Finding> findings) {
    if (ledger.seeded() || !claim.holds()) {
      findings.add(Finding.red("NOISE_SEEDED",
          "noise came from a seed, and whoever knows it takes the noise off again: no epsilon holds",
          "train with privacy.noise secure"));
    } else {
      findings.add(Finding.green("NOISE_SECURE",
          "the ledger says of every release that its noise came from a cryptographic generator"));
    }
  }

  private static void claim(PrivacyLedger ledger, PrivacyClaim claim, List<Finding> findings) {
    if (claim.unit() != ledger.unit()) {
      findings.add(Finding.red("CLAIM_UNIT", "sfumato.json claims that each %s is hidden, the ledger hides each %s"
          .formatted(claim.unit().label(), ledger.unit().label()), RESTORE));
    }
    if (claim.unit() == PrivacyUnit.RECORD && claim.neighbouring() != Neighbouring.REPLACE) {
      findings.add(Finding.red("CLAIM_RELATION",
          "one interaction more or less exchanges what a group of interactions contributes: epsilon must be that of replacing, but is claimed for adding and removing",
          RESTORE));
    }
    if (!(claim.delta() > 0 && claim.delta() < 1)) {
      findings
          .add(Finding.red("CLAIM_DELTA", "delta must be in (0, 1) but is claimed to be " + claim.delta(), RESTORE));
      return;
    }
    long steps = 0;
    for (Phase phase : ledger.phases()) {
      steps = phase.steps() > MOST_STEPS - steps ? Long.MAX_VALUE : steps + phase.steps();
      if (steps == Long.MAX_VALUE) {
        findings.add(Finding.red("CLAIM_BELOW_LEDGER",
            "the ledger holds more than %d steps, which no claim covers".formatted(MOST_STEPS), RESTORE));
        return;
      }
    }
    double spent;
    try {
      spent = PldAccountant.create().withNeighbouring(claim.neighbouring()).epsilon(ledger.phases(), claim.delta());
    } catch (IllegalStateException | IllegalArgumentException | ArithmeticException e) {
      findings.add(Finding.red("CLAIM_BELOW_LEDGER",
          "no epsilon can be computed of the ledger's phases: " + e.getMessage(), RESTORE));
      return;
    }
    String figures = String.format(Locale.ROOT, "epsilon %.6g is claimed at delta %.3g, the ledger adds up to %.6g",
        claim.epsilon(), claim.delta(), spent);
    if (!(spent <= claim.epsilon() * (1 + ROUNDING))) {
      findings.add(Finding.red("CLAIM_BELOW_LEDGER", figures, RESTORE));
    } else if (!(claim.epsilon() <= claim.budget() * (1 + ROUNDING))) {
      findings.add(Finding.red("CLAIM_OVER_BUDGET",
          figures + "; the budget was %s".formatted(claim.budget()), "train again within the budget"));
    } else {
      findings.add(Finding.green("CLAIM_ADDS_UP", figures));
    }
  }

  /** D of the released statistics is told by the unit and by how many items of a person count. */
  private static void sensitivities(PrivacyLedger ledger, PrivacyClaim claim, List<Finding> findings) {
    for (LedgerEntry entry : ledger.entries()) {
      Release release = entry.release();
      if (!release.what().startsWith("popularity counts") && !release.what().startsWith("item-item matrix (unit")) {
        continue;
      }
      int most = itemsOfUser(release.what());
      boolean counts = release.what().startsWith("popularity counts");
      double right = ledger.unit() == PrivacyUnit.RECORD ? Math.sqrt(2) / 2 : counts ? Math.sqrt(most) : 1;
      if (most > 0 && !(release.sensitivity() >= right * (1 - ROUNDING))) {
        findings.add(Finding.red("SENSITIVITY_TOO_SMALL", String.format(Locale.ROOT,
            "ledger entry %d, %s, is accounted with sensitivity %.6g, but one %s moves it by %.6g", entry.index(),
            release.what(), release.sensitivity(), ledger.unit().label(), right), RESTORE));
      }
      if (most > claim.maxPerUser() && entry.index() == lastOf(ledger, release.what())) {
        findings.add(Finding.red("CLAIM_BOUND",
            "sfumato.json claims that %d items of a person count, the ledger says %d".formatted(claim.maxPerUser(),
                most),
            RESTORE));
      }
    }
  }

  /** The charged entries after the last but one commitment to a model's files. */
  static List<LedgerEntry> lastTraining(PrivacyLedger ledger) {
    List<LedgerEntry> entries = new ArrayList<>();
    List<LedgerEntry> all = ledger.entries();
    for (int i = all.size() - 1; i >= 0; i--) {
      if (!all.get(i).release().seals()) {
        entries.addFirst(all.get(i));
      } else if (i < all.size() - 1) {
        break;
      }
    }
    return entries;
  }

  private static int lastOf(PrivacyLedger ledger, String what) {
    int last = -1;
    for (LedgerEntry entry : ledger.entries()) {
      last = entry.release().what().equals(what) ? entry.index() : last;
    }
    return last;
  }

  /** The number in "(… at most 32 items a user)"; 0 where there is none. */
  private static int itemsOfUser(String what) {
    int at = what.indexOf("at most ");
    if (at < 0) {
      return 0;
    }
    int number = 0;
    for (int i = at + 8; i < what.length() && Character.isDigit(what.charAt(i)) && number < 1_000_000; i++) {
      number = 10 * number + (what.charAt(i) - '0');
    }
    return number;
  }
}
