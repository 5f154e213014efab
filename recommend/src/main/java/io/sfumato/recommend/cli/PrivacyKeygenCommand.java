package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.privacy.accounting.SigningKeys;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a pair of keys to sign bundles with. */
@Command(name = "keygen", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Makes an Ed25519 key to sign bundles with, and beside it, in KEY.pub, the public key that whoever audits them needs.",
  "PEM files (PKCS#8 and X.509), as openssl makes and reads them. The private one is readable by its owner alone; keep it away from the bundles."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato privacy keygen --out release-key.pem",
    "  sfumato privacy audit my-bundle --trusted-key release-key.pem.pub --report audit"})
final class PrivacyKeygenCommand implements Callable<Integer> {
  @Option(names = "--out", required = true, paramLabel = "KEY", description = "Where the private key is written; nothing is overwritten.")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  PrivacyKeygenCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Path open = SigningKeys.generate(out);
    String fingerprint = SigningKeys.fingerprint(SigningKeys.readPublic(open));
    output.print(streams.out(),
        Map.of("private_key", out.toString(), "public_key", open.toString(), "fingerprint", fingerprint),
        () -> "Private key " + out + ", public key " + open + ", fingerprint " + fingerprint + ".\n");
    return 0;
  }
}
