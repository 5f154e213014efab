package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.evaluation.Evaluation.Pool;
import io.sfumato.recommend.evaluation.Protocol;
import io.sfumato.recommend.evaluation.report.Findings;
import io.sfumato.recommend.evaluation.report.ReportDirectory;
import io.sfumato.recommend.training.Compared;
import io.sfumato.recommend.training.ComparisonOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a bundle beside other systems, or other systems alone. */
@Command(name = "evaluate", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Measures a bundle on the test part of its split: every item of the pool is ranked for every user, what they had in training and validation left out; nothing is sampled.",
  "Given a data folder instead, with --split, it measures baselines and the rankings of other systems without Sfumato's own."}, footerHeading = "%nSystems of --against:%n", footer = {
    "  fused, text-only, image-only   the bundle's pipeline without other people's histories: both, or one modality",
    "  popular, itemknn, ease, bpr    baselines on interactions alone",
    "  ease-content, content-ridge, text-knn, image-knn   baselines on content too",
    "  random                         an order drawn at random",
    "  run:NAME=FILE                  another system's rankings: CSV or Parquet with user_id,item_id,rank[,score]", "",
    "Baselines are fitted on training, their options chosen on validation. A bundle is tested against every other",
    "system; in a data folder it is the first run file that is.", "", "Examples:",
    "  sfumato evaluate my-bundle", "  sfumato evaluate my-bundle --report my-report --seeds 3",
    "  sfumato evaluate my-bundle --against ease,popular --pool cold -k 10 --json",
    "  sfumato evaluate my-shop --split last --against run:mine=mine.csv,ease,popular --report mine-measured"})
final class EvaluateCommand implements Callable<Integer> {
  private static final String NONE = "none";

  @Parameters(index = "0", paramLabel = "DIR", description = "The directory that 'train' wrote, or a data folder.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--against", paramLabel = "NAME", split = ",", description = "Which systems stand beside it, see below, or none. Default: fused, text-only, image-only, ease, itemknn, popular; in a data folder all baselines.")
  private List<String> against = List.of();

  @Option(names = "--report", paramLabel = "OUT", description = "Write a folder with index.html, a page of plots and pictures to look at, report.json, and per-user.parquet.")
  private @Nullable Path report;

  @Option(names = "-k", paramLabel = "N", split = ",", description = "Cuts of the metrics; tables are about 20, or the largest. Default: 5,10,20, with --protocol mmrec 5,10,20,50.")
  private List<Integer> cuts = List.of();

  @Option(names = "--pool", paramLabel = "all|cold", defaultValue = "all", description = "Which items are ranked: all, or those of the test part without any training interaction. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String pool;

  @Option(names = "--protocol", paramLabel = "full|mmrec", defaultValue = "full", description = "What is masked and who counts; mmrec does as MMRec's evaluator, for comparison with its figures. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String protocol;

  @Option(names = "--seeds", paramLabel = "N", defaultValue = "1", description = "Train what depends on a seed N times, the bundle's configuration with the next seeds, and report mean and deviation. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(names = "--auc", description = "Measure the area under the ROC curve too, which needs every score.")
  private boolean auc;

  @Option(names = "--data", paramLabel = "DATA", description = "With a bundle: the folder of the data set, where it is not at the place that the bundle was trained from any more.")
  private @Nullable Path data;

  @Option(names = "--split", paramLabel = "KIND", description = "With a data folder: how it is shared out between training and test, as for 'train'.")
  private @Nullable String split;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "With a data folder: a setting, such as text.encoder=DIR; can be repeated. 'sfumato train --settings' lists all.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataOptions dataOptions;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;
  private final Workbench workbench;

  @Inject
  EvaluateCommand(Streams streams, Progress progress, Workbench workbench) {
    this.streams = streams;
    this.progress = progress;
    this.workbench = workbench;
  }

  @Override
  public Integer call() {
    ComparisonOptions options = options();
    Path out = report;
    if (out != null) {
      ReportDirectory.requireRoom(out);
    }
    boolean folder = !Files.exists(directory.resolve("sfumato.json")) && dataOptions.fit(directory);
    Compared compared = folder ? compareBaselines(options) : compareBundle(options);
    if (out != null) {
      ReportDirectory.write(out, compared.report(), compared.result(), compared.split().dataset().catalog());
    }
    ComparisonTable table = new ComparisonTable(compared.report());
    Map<String, Object> json = table.toMap();
    if (out != null) {
      json.put("report", out.toString());
    }
    output.print(streams.out(), json, () -> text(compared, table, out));
    return 0;
  }

  private ComparisonOptions options() {
    Pool chosen = switch (pool.toLowerCase(Locale.ROOT)) {
      case "all" -> Pool.ALL;
      case "cold" -> Pool.COLD;
      default -> throw new IllegalArgumentException("--pool must be all or cold but was '" + pool + "'");
    };
    ComparisonOptions options = ComparisonOptions.defaults()
        .withPool(chosen)
        .withProtocol(Protocol.parse(protocol))
        .withSeeds(seeds)
        .withAuc(auc);
    if (!against.isEmpty()) {
      options = options.withPeers(against.equals(List.of(NONE)) ? List.of() : against);
    }
    return cuts.isEmpty() ? options : options.withCuts(cuts);
  }

  private Compared compareBundle(ComparisonOptions options) {
    if (split != null || !settings.isEmpty()) {
      throw new IllegalArgumentException(
          "%s is a bundle, which knows its split and settings; --split and --set go with a data folder"
              .formatted(directory));
    }
    Compared compared = workbench
        .compare(new Workbench.CompareJob(directory, null, data, options, report != null), progress);
    if (Bundle.open(directory).privacy() != null) {
      streams.err()
          .println("note: metrics are computed from people's interactions without noise: " + PrivacyFacts.INTERNAL);
    }
    return compared;
  }

  private Compared compareBaselines(ComparisonOptions options) {
    if (split == null) {
      throw new IllegalArgumentException(
          "%s is a data folder; say how it is shared out with --split, such as --split last".formatted(directory));
    }
    if (data != null) {
      throw new IllegalArgumentException("%s is a data folder itself; --data goes with a bundle".formatted(directory));
    }
    ConfigReader reader = ConfigReader.reference();
    settings.forEach(reader::set);
    dataOptions.apply(reader);
    SfumatoConfig config = reader.override("split", split, "--split").read();
    Split parts = Splitter.parse(config.split(), config.seed()).split(DataOptions.read(directory, config.data()));
    return workbench.compareBaselines(new Workbench.BaselineJob(parts, config, options), progress);
  }

  private static String text(Compared compared, ComparisonTable table, @Nullable Path out) {
    Findings findings = new Findings(compared.report());
    StringBuilder text = new StringBuilder(table.toText()).append('\n');
    findings.verdict().forEach(sentence -> text.append(Text.wrap(sentence)));
    if (!findings.weaknesses().isEmpty()) {
      text.append("\nWhere it is weak:\n");
      findings.weaknesses().forEach(sentence -> text.append(Text.wrap("- " + sentence)));
    }
    if (out != null) {
      text.append("\nreport  ")
          .append(out.resolve(ReportDirectory.PAGE).toAbsolutePath().normalize().toUri())
          .append('\n');
    }
    return text.toString();
  }
}
