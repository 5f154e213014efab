package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.MembershipEvidence;
import io.sfumato.recommend.bench.AuditBench;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tests the audit on trainings whose noise is known. */
@Command(name = "audit", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Whether audits find what they should: three trainings on the built-in shop with the same canaries, without noise, with that of epsilon = 1, and with a tenth of it behind the ledger's back, each attacked in the same ways.",
  "Exit code 1 where the first goes unnoticed, the second is accused, or the third is not."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato bench audit", "  sfumato bench audit --demo-customers 2000 --demo-items 300 --canaries 150 --json"})
final class BenchAuditCommand implements Callable<Integer> {
  @Option(names = "--demo-customers", paramLabel = "N", defaultValue = "20000", description = "Customers of the built-in shop. Default: ${DEFAULT-VALUE}.")
  private int customers;

  @Option(names = "--demo-items", paramLabel = "N", defaultValue = "2000", description = "Products of the built-in shop. Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(names = "--canaries", paramLabel = "N", defaultValue = "1000", description = "Canaries that are planted. Default: ${DEFAULT-VALUE}.")
  private int canaries;

  @Option(names = "--shadows", paramLabel = "N", defaultValue = "16", description = "Shadow models of each audit, 0 for none. Default: ${DEFAULT-VALUE}.")
  private int shadows;

  @Option(names = "--confidence", paramLabel = "P", defaultValue = "0.999", description = "Of the bounds of each audit. Default: ${DEFAULT-VALUE}.")
  private double confidence;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ConfigOptions config;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  BenchAuditCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    var settled = config.reader().read();
    AuditBench.Result result = AuditBench.run(
        new AuditBench.Options(customers, items, canaries, shadows, confidence, settled.seed()), settled, progress);
    output.print(streams.out(), json(result), () -> text(result));
    return result.passed() ? 0 : Failures.FAILED;
  }

  private static Map<String, Object> json(AuditBench.Result result) {
    List<Object> runs = new ArrayList<>();
    for (AuditBench.Run run : result.runs()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("noise", run.name());
      one.put("train_seconds", run.trainSeconds());
      one.put("audit_seconds", run.auditSeconds());
      one.put("allowed_auc", run.allowedAuc());
      one.put("canaries", run.evidence().evidence().canaries().stream().map(BenchAuditCommand::json).toList());
      one.put("membership", run.evidence().evidence().memberships().stream().map(BenchAuditCommand::json).toList());
      one.put("findings", run.evidence()
          .findings()
          .stream()
          .map(finding -> Map.of("severity", finding.severity().label(), "code", finding.code()))
          .toList());
      runs.add(one);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("passed", result.passed());
    map.put("seconds", result.seconds());
    map.put("checks", result.checks().stream().map(check -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("what", check.what());
      one.put("found", check.found());
      one.put("passed", check.passed());
      return one;
    }).toList());
    map.put("runs", runs);
    return map;
  }

  private static Map<String, Object> json(CanaryEvidence evidence) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("attack", evidence.attack());
    map.put("guesses", evidence.run().guesses());
    map.put("right", evidence.run().right());
    map.put("epsilon_lower", evidence.run().epsilonLower());
    map.put("epsilon_lower_gaussian", evidence.run().epsilonLowerGaussian());
    map.put("ceiling", evidence.run().ceiling());
    return map;
  }

  private static Map<String, Object> json(MembershipEvidence evidence) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("attack", evidence.attack());
    map.put("unit", evidence.unit());
    map.put("auc", evidence.auc());
    map.put("auc_low", evidence.aucLow());
    return map;
  }

  private static String text(AuditBench.Result result) {
    List<List<String>> rows = new ArrayList<>();
    for (AuditBench.Run run : result.runs()) {
      for (CanaryEvidence one : run.evidence().evidence().canaries()) {
        rows.add(List.of(run.name(), one.attack(), "%d of %d".formatted(one.run().right(), one.run().guesses()),
            Text.metric(one.run().epsilonLower()), Text.metric(one.run().ceiling()), ""));
      }
      for (MembershipEvidence one : run.evidence().evidence().memberships()) {
        rows.add(List.of(run.name(), one.attack() + ", " + one.unit(), "", "", "",
            "%s (%s)".formatted(Text.metric(one.auc()), Text.metric(run.allowedAuc()))));
      }
    }
    return Text.table(List.of("noise", "attack", " right", " epsilon at least", " ceiling", " area (allowed)"), rows)
        + "\n" + Text.table(List.of("", "bar", "found"),
            result.checks()
                .stream()
                .map(check -> List.of(check.passed() ? "met" : "MISSED", check.what(), check.found()))
                .toList())
        + "\n" + (result.passed() ? "All bars are met" : "NOT ALL BARS ARE MET") + ", in "
        + Text.seconds(result.seconds()) + ".\n";
  }
}
