package io.sfumato.recommend.audit;

import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.recommend.bundle.BundleEditor;
import java.nio.file.Path;
import java.security.KeyPair;

/** Signs bundles: the head of the ledger, and {@code sfumato.json}, which holds the hashes of all files that the claim covers. */
public final class BundleSigning {
  private BundleSigning() {}

  /**
   * Signs a bundle, in place; a signature that is there is replaced.
   *
   * @throws PrivacyException {@code NOT_SIGNED} where its claim does not hold
   * @throws io.sfumato.recommend.bundle.BundleException as {@link io.sfumato.recommend.bundle.Bundle#open}, and {@code IN_USE} where something else writes to it
   */
  public static void sign(Path directory, KeyPair keys) {
    requireNothingRed(directory, "NOT_SIGNED", "is not signed");
    try (BundleEditor editor = BundleEditor.of(directory)) {
      editor.commit(keys);
    }
  }

  /** Refuses a bundle of which something is red, but for a signature that is to be replaced. */
  static void requireNothingRed(Path directory, String code, String refusal) {
    for (Finding finding : BundleChecks.of(directory, null)) {
      if (finding.severity() == Severity.RED && !finding.code().equals("SIGNATURE_BROKEN")) {
        throw new PrivacyException(code,
            "the bundle %s %s: %s; %s".formatted(directory, refusal, finding.what(), finding.remedy()));
      }
    }
  }
}
