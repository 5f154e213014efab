package io.sfumato.recommend.audit;

import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.recommend.bundle.UncheckedBundle;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a bundle claims against what is in it, without its data: whether files, ledger and claim are those that belong together, whether every release is at hand and has the hash that the ledger
 * commits to, and whether what is known of the training is what was accounted. Reads a bundle that {@link Bundle#open} would refuse.
 *
 * <p>The ledger is a chain of hashes; its entries commit to what they released, the last of each training to all files that were made of it, and {@code sfumato.json} to the last entry. Whoever changes
 * one of these and seals the rest anew is found out, unless all of the chain is computed anew. Against that there is the signature, and, without one, only what a forger forgot.
 */
public final class BundleChecks {
  private BundleChecks() {}

  /**
   * Checks a bundle.
   *
   * @param directory of a bundle, whole or not
   * @param trusted the key that it must be signed with; null where none is known
   * @return what was found, in the order of the checks; a red one means that the claim cannot be relied on
   * @throws io.sfumato.recommend.bundle.BundleException where there is no bundle, or one whose {@code sfumato.json} cannot even be read
   */
  public static List<Finding> of(Path directory, @Nullable PublicKey trusted) {
    UncheckedBundle bundle = UncheckedBundle.read(directory);
    List<Finding> findings = new ArrayList<>(files(bundle));
    PrivacyClaim claim = bundle.privacy();
    if (claim == null) {
      if (bundle.has(Bundle.LEDGER)) {
        findings.add(Finding.red("CLAIM_MISSING",
            "there is a ledger of private releases, but sfumato.json claims nothing of them",
            "restore the bundle from a copy"));
      } else {
        findings.add(Finding.yellow("NO_CLAIM", "the bundle claims no privacy: it was trained without a budget",
            "train with --epsilon"));
      }
      findings.addAll(SignatureChecks.of(bundle, null, trusted));
      return List.copyOf(findings);
    }
    PrivacyLedger ledger = ledger(bundle, findings);
    if (ledger != null) {
      findings.addAll(LedgerChecks.of(ledger, claim));
      findings.addAll(ReleaseChecks.of(bundle, ledger, claim));
      findings.addAll(TrainingChecks.of(bundle, ledger, claim));
    }
    findings.addAll(SignatureChecks.of(bundle, ledger, trusted));
    return List.copyOf(findings);
  }

  private static List<Finding> files(UncheckedBundle bundle) {
    List<Finding> findings = new ArrayList<>();
    if (!bundle.sealed()) {
      findings.add(Finding.red("MANIFEST_CHANGED", "sfumato.json was changed after it was written",
          "restore the bundle from a copy"));
    }
    List<String> faults = bundle.faults();
    if (!faults.isEmpty()) {
      int told = Math.min(5, faults.size());
      findings.add(Finding.red("FILES_CHANGED",
          String.join("; ", faults.subList(0, told))
              + (faults.size() > told ? "; and %d more".formatted(faults.size() - told) : ""),
          "restore the bundle from a copy"));
    } else if (bundle.sealed()) {
      findings.add(Finding.green("FILES_WHOLE", "every file has the size and the hash that sfumato.json lists"));
    }
    return findings;
  }

  private static @Nullable PrivacyLedger ledger(UncheckedBundle bundle, List<Finding> findings) {
    if (!bundle.has(Bundle.LEDGER)) {
      findings.add(Finding.red("LEDGER_MISSING", "privacy is claimed, but there is no " + Bundle.LEDGER,
          "restore the bundle from a copy"));
      return null;
    }
    try {
      return PrivacyLedger.loadUnverified(bundle.path(Bundle.LEDGER));
    } catch (PrivacyException e) {
      findings.add(Finding.red("LEDGER_UNREADABLE", String.valueOf(e.getMessage()), "restore the bundle from a copy"));
      return null;
    }
  }
}
