package io.sfumato.recommend.audit;

import io.sfumato.privacy.accounting.LedgerSignature;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.SigningKeys;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.recommend.bundle.UncheckedBundle;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a bundle is signed, and by whom. The signature is that of {@code sfumato.json}, which holds the hashes of all files, the ledger's among them. */
final class SignatureChecks {
  private static final String SIGN = "sign it with 'sfumato privacy sign', and give whoever audits it the public key";

  private SignatureChecks() {}

  /** @param ledger as it was read; null where there is none */
  static List<Finding> of(UncheckedBundle bundle, @Nullable PrivacyLedger ledger, @Nullable PublicKey trusted) {
    List<Finding> findings = new ArrayList<>();
    LedgerSignature signature = bundle.signature();
    if (ledger != null && ledger.signature().isPresent() && ledger.verify().intact() && trusted != null
        && !ledger.verify(trusted).intact()) {
      findings.add(Finding.red("SIGNED_BY_ANOTHER", "the ledger is signed by another key than the trusted one",
          "ask whoever trained the model which key it was signed with"));
    }
    if (signature == null) {
      findings.add(trusted == null
          ? Finding.yellow("UNSIGNED", "unsigned: detects accidents, not adversaries", SIGN)
          : Finding.red("NOT_SIGNED", "the bundle is not signed, but a trusted key was given", SIGN));
    } else if (!bundle.signed()) {
      findings
          .add(Finding.red("SIGNATURE_BROKEN", "the signature is not one of this sfumato.json: it was changed since",
              "restore the bundle from a copy"));
    } else if (trusted == null) {
      findings.add(Finding.yellow("SIGNER_UNKNOWN",
          "signed, by the key " + SigningKeys.fingerprint(signature.publicKey())
              + "; without a trusted key this tells no more than an unsigned bundle: detects accidents, not adversaries",
          "give the public key of whom you trust with --trusted-key"));
    } else if (!signature.by(trusted)) {
      findings.add(Finding.red("SIGNED_BY_ANOTHER",
          "signed by the key " + SigningKeys.fingerprint(signature.publicKey()) + ", which is not the trusted one",
          "ask whoever trained the model which key it was signed with"));
    } else {
      findings.add(Finding.green("SIGNED",
          "signed by the trusted key " + SigningKeys.fingerprint(signature.publicKey())));
    }
    return findings;
  }
}
