package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.privacy.accounting.SigningKeys;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.recommend.audit.BundleChecks;
import io.sfumato.recommend.audit.BundleSigning;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs a bundle. */
@Command(name = "sign", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Signs the ledger of a bundle and its sfumato.json, which holds the hashes of all files that the claim covers: whoever changes one of them then needs the key.",
  "What is signed is checked first; what does not hold is not signed."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato privacy sign my-bundle --key release-key.pem"})
final class PrivacySignCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BUNDLE", description = "The directory that 'train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--key", required = true, paramLabel = "KEY", description = "The private key, as 'privacy keygen' writes it.")
  @SuppressWarnings("NullAway.Init")
  private Path key;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  PrivacySignCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    KeyPair keys = SigningKeys.readPrivate(key);
    BundleSigning.sign(directory, keys);
    String fingerprint = SigningKeys.fingerprint(keys.getPublic());
    List<Finding> left = BundleChecks.of(directory, keys.getPublic())
        .stream()
        .filter(finding -> finding.severity() != Severity.GREEN)
        .toList();
    output.print(streams.out(),
        Map.of("bundle", directory.toString(), "fingerprint", fingerprint, "findings",
            left.stream().map(FindingText::json).toList()),
        () -> "Signed " + directory + " with the key " + fingerprint + ".\n" + FindingText.lines(left));
    return 0;
  }
}
