package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.accounting.SigningKeys;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.privacy.report.AuditJson;
import io.sfumato.privacy.report.AuditPage;
import io.sfumato.privacy.report.AuditText;
import io.sfumato.recommend.audit.AuditOptions;
import io.sfumato.recommend.audit.AuditReports;
import io.sfumato.recommend.config.SfumatoConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Audits a bundle's promise. */
@Command(name = "audit", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "What a bundle promises its people, why it holds, what an attacker could find out, and what is outside of the promise: a page for people and audit.json for machines.",
  "Without --data and --secret nothing is attacked, and the report says so. Exit code 1 where something is found that the promise does not survive."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato train shop --out bundle --epsilon 8 --canaries 1000 --holdout-users 0.1 --secret audit-secret.json",
    "  sfumato privacy audit bundle --data shop --secret audit-secret.json --report audit",
    "  sfumato privacy audit bundle --data shop --secret audit-secret.json --report public-audit --public",
    "  sfumato privacy audit bundle --report audit                 the promise alone, in seconds"})
final class PrivacyAuditCommand implements Callable<Integer> {
  /** The page. */
  private static final String PAGE = "audit.html";
  /** The same for machines. */
  private static final String JSON = "audit.json";

  @Parameters(index = "0", paramLabel = "DIR", description = "The bundle.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--data", paramLabel = "DATA", description = "The folder that the bundle was trained from, unchanged.")
  private @Nullable Path data;

  @Option(names = "--secret", paramLabel = "FILE", description = "What 'train --secret' wrote with the bundle: who was kept out, which canaries were in.")
  private @Nullable Path secret;

  @Option(names = "--report", paramLabel = "OUT", required = true, description = "Directory for audit.html and audit.json; made where it is not there.")
  @SuppressWarnings("NullAway.Init")
  private Path report;

  @Option(names = "--public", description = "Leave out what is internal, not private: counts of people, batch sizes, utility, measured noise, membership, the hash of the data.")
  private boolean publicOnly;

  @Option(names = "--shadows", paramLabel = "N", defaultValue = "64", description = "Shadow models of the likelihood-ratio attack, 0 for none. Default: ${DEFAULT-VALUE}.")
  private int shadows;

  @Option(names = "--self-test", negatable = true, defaultValue = "true", fallbackValue = "true", description = "Whether a twin is trained without noise, to see what the audit is worth. Default: it is.")
  private boolean selfTest;

  @Option(names = "--runs", paramLabel = "N", defaultValue = "1", description = "Trainings whose guesses add up, this one among them: larger claims can be refuted then. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(names = "--utility", description = "Train twins without noise and without privacy, to tell what privacy cost; takes a while.")
  private boolean utility;

  @Option(names = "--confidence", paramLabel = "P", defaultValue = "0.999", description = "Of all bounds together, in (0.5, 1). Default: ${DEFAULT-VALUE}.")
  private double confidence;

  @Option(names = "--trusted-key", paramLabel = "PEM", description = "The public key that the bundle must be signed with.")
  private @Nullable Path trustedKey;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of twins and shadow models. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  PrivacyAuditCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    AuditOptions options = new AuditOptions(confidence, shadows, selfTest, runs, seed, utility,
        trustedKey == null ? null : SigningKeys.readPublic(trustedKey));
    requireDirectory();
    AuditReport found = new AuditReports(directory, options, progress, streams.err()::println).run(reading(), secret);
    write(found);
    output.print(streams.out(), json(found),
        () -> AuditText.of(found) + "\nReport: " + report.resolve(PAGE) + "\n        " + report.resolve(JSON) + "\n");
    return found.verdict() == Severity.RED ? Failures.FAILED : 0;
  }

  private @Nullable Function<SfumatoConfig, Split> reading() {
    if (utility && data == null) {
      throw new IllegalArgumentException("--utility trains twins and needs the data; give --data DATA");
    }
    Path folder = data;
    return folder == null ? null
        : config -> Splitter.parse(config.split(), config.seed()).split(DataOptions.read(folder, config.data()));
  }

  /** Before anything is computed that could then not be written. */
  private void requireDirectory() {
    if (Files.exists(report) && !Files.isDirectory(report)) {
      throw new IllegalArgumentException(
          "--report %s is a file; give a directory for %s and %s".formatted(report, PAGE, JSON));
    }
    if (report.toAbsolutePath().normalize().startsWith(directory.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(
          "--report %s lies in the bundle, which must stay as it was written; give a directory outside"
              .formatted(report));
    }
  }

  private void write(AuditReport found) {
    try {
      Files.createDirectories(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    AuditJson.write(found, report.resolve(JSON), publicOnly);
    AuditPage.write(found, report.resolve(PAGE), publicOnly);
  }

  private Map<String, Object> json(AuditReport found) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("verdict", found.verdict().label());
    map.put("findings", found.findings().stream().map(finding -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("severity", finding.severity().label());
      one.put("code", finding.code());
      one.put("what", finding.what());
      return one;
    }).toList());
    map.put("json", report.resolve(JSON).toString());
    map.put("page", report.resolve(PAGE).toString());
    return map;
  }
}
