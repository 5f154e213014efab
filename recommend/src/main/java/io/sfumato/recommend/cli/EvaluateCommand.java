package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.evaluation.Evaluation.Pool;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a bundle beside baselines. */
@Command(name = "evaluate", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Measures a bundle on the test part of its split: every item of the pool is ranked for every user, what they had in training and validation left out.",
  "fused, text-only and image-only are the same pipeline with the collaborative channel off, and with one modality masked; ease, itemknn and popular are baselines."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato evaluate my-bundle", "  sfumato evaluate my-bundle --pool cold -k 10",
    "  sfumato evaluate my-bundle --against ease,popular --json"})
final class EvaluateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BUNDLE", description = "The directory that 'train' wrote.")
  @SuppressWarnings("NullAway.Init")
  private Path bundle;

  @Option(names = "--data", paramLabel = "DATA", description = "The folder of the data set, where it is not at the place that the bundle was trained from any more.")
  private @Nullable Path data;

  @Option(names = "-k", paramLabel = "N", defaultValue = "20", description = "Cut of the metrics. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Option(names = "--pool", paramLabel = "all|cold", defaultValue = "all", description = "Which items are ranked: all, or those of the test part without any training interaction. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String pool;

  @Option(names = "--against", paramLabel = "NAME", split = ",", description = "Which models stand beside it: fused, text-only, image-only, ease, itemknn, popular, or none. Default: all.")
  private List<String> against = List.of();

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
    if (k < 1) {
      throw new IllegalArgumentException("-k must be 1 or more but was " + k);
    }
    Pool chosen = switch (pool.toLowerCase(Locale.ROOT)) {
      case "all" -> Pool.ALL;
      case "cold" -> Pool.COLD;
      default -> throw new IllegalArgumentException("--pool must be all or cold but was '" + pool + "'");
    };
    ComparisonTable table = workbench
        .compare(new Workbench.CompareJob(bundle, null, data, k, chosen, against), progress);
    if (Bundle.open(bundle).privacy() != null) {
      streams.err()
          .println("note: metrics are computed from people's interactions without noise: " + PrivacyFacts.INTERNAL);
    }
    output.print(streams.out(), table.toMap(), table::toText);
    return 0;
  }
}
