package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.evaluation.bench.EvaluationBench;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times a full ranking. */
@Command(name = "evaluation", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "How long it takes to rank all items for all users by the product of their vectors, and to compute every metric at 5, 10 and 20.",
  "Made data; nothing is sampled and no matrix of scores is kept. The time is that of ranking and measuring, without making the data."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato bench evaluation --json", "  sfumato bench evaluation --users 20000 --items 500000 --auc"})
final class BenchEvaluationCommand implements Callable<Integer> {
  @Option(names = "--users", paramLabel = "N", defaultValue = "100000", description = "Default: ${DEFAULT-VALUE}.")
  private int users;

  @Option(names = "--items", paramLabel = "N", defaultValue = "100000", description = "Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(names = "--dim", paramLabel = "N", defaultValue = "64", description = "Length of the vectors. Default: ${DEFAULT-VALUE}.")
  private int dim;

  @Option(names = "--known", paramLabel = "N", defaultValue = "20", description = "Training items of a user, which are left out of the ranking. Default: ${DEFAULT-VALUE}.")
  private int known;

  @Option(names = "--relevant", paramLabel = "N", defaultValue = "10", description = "Test items of a user. Default: ${DEFAULT-VALUE}.")
  private int relevant;

  @Option(names = "--threads", paramLabel = "N", description = "Default: one for each processor.")
  private @Nullable Integer threads;

  @Option(names = "--auc", description = "Compute AUC too, which looks at all scores once more.")
  private boolean auc;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the made data. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  BenchEvaluationCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    EvaluationBench.Options options = new EvaluationBench.Options(users, items, dim, known, relevant,
        threads == null ? Runtime.getRuntime().availableProcessors() : threads, auc, seed);
    int[] told = {0};
    EvaluationBench.Timing timing = EvaluationBench.run(options, (scorer, done, all) -> {
      if (told[0] == 0) { // the data is made
        progress.start("ranking", all);
      }
      progress.advance(done - told[0], null);
      told[0] = done;
    });
    progress.finish();
    output.print(streams.out(), map(options, timing), () -> text(options, timing));
    return 0;
  }

  private static Map<String, Object> map(EvaluationBench.Options options, EvaluationBench.Timing timing) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("users", options.users());
    map.put("items", options.items());
    map.put("dim", options.dim());
    map.put("known", options.known());
    map.put("relevant", options.relevant());
    map.put("threads", options.threads());
    map.put("seconds", timing.seconds());
    map.put("cpu_seconds", timing.cpuSeconds());
    timing.peakBytes().ifPresent(bytes -> map.put("peak_bytes", bytes));
    map.put("heap_bytes", timing.heapBytes());
    map.put("metrics", timing.metrics());
    return map;
  }

  private static String text(EvaluationBench.Options options, EvaluationBench.Timing timing) {
    List<List<String>> facts = new ArrayList<>();
    facts
        .add(List.of("  ranked", String.format(Locale.ROOT, "%,d users by %,d items of %d numbers, %s", options.users(),
            options.items(), options.dim(), Sfumato.plural(options.threads(), "thread"))));
    facts.add(List.of("  time", Text.seconds(timing.seconds()) + ", " + Text.seconds(timing.cpuSeconds()) + " of CPU"));
    timing.peakBytes().ifPresent(bytes -> facts.add(List.of("  memory", Text.bytes(bytes) + " at most, all in all")));
    timing.metrics()
        .forEach((name, value) -> facts.add(List.of("  " + name.replace('_', ' ') + (name.equals("auc") ? ""
            : "@20"), Text.metric(value))));
    return Text.facts(facts);
  }
}
