package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.privacy.accounting.SigningKeys;
import io.sfumato.recommend.audit.BundleExport;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.PrivacyClaim;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a copy of a bundle that may leave the machine. */
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Writes a copy of a bundle without its people: no histories, no feedback, no exact figures, not where the data were read from. What is left is what the claim covers.",
  "Refused where the claim does not hold, or where there is none. The copy opens and verifies like any bundle and serves those who are new, or bring their history."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato export my-bundle --release --out to-publish",
    "  sfumato export my-bundle --release --out to-publish --sign release-key.pem",
    "  sfumato recommend to-publish --history sku-1,sku-2 -k 10"})
final class ExportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BUNDLE", description = "The directory that 'train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--release", description = "Leave out all that is about people: the one kind of export that there is, to be asked for by name.")
  private boolean release;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the copy will stand; must not exist yet, or be empty.")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Option(names = "--sign", paramLabel = "KEY", description = "Sign the copy with this key, as 'privacy keygen' writes it.")
  private @Nullable Path sign;

  @Option(names = "--force-non-private", description = "Export also a bundle that was trained without differential privacy, whose model may tell of single people.")
  private boolean force;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private final Streams streams;

  @Inject
  ExportCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    if (!release) {
      throw new ParameterException(spec.commandLine(), "say what is to be exported: --release, all but people");
    }
    boolean lost = BundleExport.release(directory, out, force, sign == null ? null : SigningKeys.readPrivate(sign));
    Bundle exported = Bundle.open(out);
    PrivacyClaim claim = exported.privacy();
    long bytes = exported.files().values().stream().mapToLong(Long::longValue).sum();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bundle", out.toString());
    json.put("files", exported.files().size());
    json.put("bytes", bytes);
    json.put("private", claim != null);
    json.put("signed", sign != null);
    json.put("signature_lost", lost);
    output.print(streams.out(), json,
        () -> "Exported to %s: %s, %s.\n".formatted(out, Sfumato.plural(exported.files().size(), "file"),
            Text.bytes(bytes))
            + (claim == null
                ? "It claims no privacy: what it learned may tell of single people.\n"
                : "Its claim: " + claim.sentence() + ".\n")
            + (lost ? "The signature did not come along: sign the copy with 'privacy sign'.\n" : ""));
    return 0;
  }
}
