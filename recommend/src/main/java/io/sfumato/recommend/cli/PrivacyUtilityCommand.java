package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.PrivateUtility;
import java.nio.file.Path;
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
import picocli.CommandLine.Parameters;

/** Measures what privacy costs. */
@Command(name = "utility", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "What privacy costs: NDCG of the private recommender beside private popularity of the same epsilon, clipping without noise, and the same recommender without privacy.",
  "The built-in shop unless DATA says otherwise. The figures are computed on people's interactions without noise: internal, not private."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato privacy utility --epsilon 8 --delta 1e-5 --runs 5",
    "  sfumato privacy utility films --split file:split.csv --epsilon 8 --delta 1e-4",
    "  sfumato privacy utility --demo-customers 2000 --demo-items 300 --runs 2 --no-twins --json"})
final class PrivacyUtilityCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "DATA", description = "The folder of a data set. Default: the built-in shop.")
  private @Nullable Path data;

  @Option(names = "--demo-customers", paramLabel = "N", defaultValue = "20000", description = "Customers of the built-in shop. Default: ${DEFAULT-VALUE}.")
  private int customers;

  @Option(names = "--demo-items", paramLabel = "N", defaultValue = "2000", description = "Products of the built-in shop. Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "Draws of noise that are averaged. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(names = "--twins", negatable = true, defaultValue = "true", fallbackValue = "true", description = "Whether clipping without noise and the recommender without privacy are trained too. Default: they are.")
  private boolean twins;

  @Option(names = "-k", paramLabel = "N", defaultValue = "20", description = "Cut of the metric. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Option(names = "--split", paramLabel = "SPEC", description = "coin[:0.8,0.1,0.1], last[:…], leave-one-out or file:PATH. Default: coin:0.8,0.1,0.1.")
  private @Nullable String split;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private PrivacyOptions privacy;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ConfigOptions config;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataOptions dataOptions;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  PrivacyUtilityCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    if (runs < 1 || k < 1) {
      throw new IllegalArgumentException("--runs and -k must be 1 or more but were %d and %d".formatted(runs, k));
    }
    ConfigReader reader = config.reader(ConfigReader.reference().override("privacy.epsilon", 8.0, "the utility"));
    dataOptions.apply(reader);
    privacy.apply(reader);
    ConfigOptions.override(reader, "split", split, "--split");
    SfumatoConfig settled = reader.read();
    Dataset dataset = data == null ? shop(settled) : DataOptions.read(data, settled.data());
    Split parts = Splitter.parse(settled.split(), settled.seed()).split(dataset);
    streams.err().println(Described.dataset(parts.dataset()) + " (" + PrivacyFacts.INTERNAL + ")");
    PrivateUtility.Result result = new PrivateUtility(parts, settled, k).run(runs, twins, progress);
    output.print(streams.out(), json(parts, settled, result), () -> text(parts, settled, result));
    return 0;
  }

  private Dataset shop(SfumatoConfig settled) {
    return DemoShop.builder().items(items).customers(customers).seed(settled.seed()).build().dataset();
  }

  private Map<String, Object> json(Split parts, SfumatoConfig settled, PrivateUtility.Result result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("data", Described.split(parts));
    map.put("epsilon", settled.privacy().epsilon());
    map.put("delta", settled.privacy().delta());
    map.put("unit", settled.privacy().unit());
    map.put("k", k);
    map.put("users", result.users());
    map.put("runs", runs);
    Map<String, Object> models = new LinkedHashMap<>();
    result.rows().forEach((name, row) -> {
      Map<String, Object> of = new LinkedHashMap<>();
      of.put("ndcg", row.ndcg());
      of.put("low", row.interval().low());
      of.put("high", row.interval().high());
      of.put("draws", row.draws());
      of.put("seconds", row.seconds());
      models.put(name, of);
    });
    map.put("models", models);
    map.put("ratio", result.ratio());
    map.put("factor", PrivateUtility.FACTOR);
    map.put("p", result.p());
    map.put("note", PrivacyFacts.INTERNAL);
    return map;
  }

  private String text(Split parts, SfumatoConfig settled, PrivateUtility.Result result) {
    List<List<String>> rows = new ArrayList<>();
    result.rows()
        .forEach((name, row) -> rows.add(List.of(name, epsilon(name, settled), Text.metric(row.ndcg()),
            Text.metric(row.interval().low()) + "–" + Text.metric(row.interval().high()),
            row.draws().size() == 1 ? "1"
                : "%d: %s–%s".formatted(row.draws().size(), least(row.draws()), most(row.draws())),
            row.seconds() == 0 ? "" : Text.seconds(row.seconds()))));
    return "%s of the test part (%s split), unit %s, delta %s; %s:%n%n".formatted(
        Sfumato.plural(result.users(), "user"), parts.kind(), settled.privacy().unit(),
        PrivacyText.figure(settled.privacy().delta()),
        PrivacyFacts.INTERNAL)
        + Text.table(List.of("model", " epsilon", " ndcg@" + k, " 95 % over users", " draws", " training"), rows)
        + String.format(Locale.ROOT,
            "%nprivate is %.2f times private popularity; better than %s times: p = %.2g (paired, one-sided, over users)%n",
            result.ratio(), PrivateUtility.FACTOR, result.p());
  }

  private static String epsilon(String name, SfumatoConfig settled) {
    return name.equals(PrivateUtility.CLIP_ONLY) || name.equals(PrivateUtility.NON_PRIVATE) ? "∞"
        : String.valueOf(settled.privacy().epsilon());
  }

  private static String least(List<Double> draws) {
    return Text.metric(draws.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN));
  }

  private static String most(List<Double> draws) {
    return Text.metric(draws.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
  }
}
