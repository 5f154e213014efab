package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.read.DatasetReader;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.fusion.pairs.PairConfig;
import io.sfumato.recommend.bench.PairBench;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what tuning encoders on pairs brings. */
@Command(name = "pairs", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "How well texts find their images, and images their texts, among 1,000 pairs that were held out by a hash of the item's id,",
  "after joint tuning of the encoders on the others: frozen (projections alone; a network from scratch learns all the same), lora (of the text encoder, and of a native image encoder), full.",
  "A TorchScript model that learns sees 128 pixels a side unless --image-size says otherwise."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato bench pairs fashion                                    a small image encoder from scratch",
    "  sfumato bench pairs fashion --image-encoder squeezenet --tuning full --json"})
final class BenchPairsCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATA", description = "The folder of the data set: items with title or text, and images.")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  @Option(names = "--tuning", paramLabel = "WAY", split = ",", defaultValue = "all", description = "frozen, lora, full, or all. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private List<String> tuning;

  @Option(names = "--test", paramLabel = "N", defaultValue = "1000", description = "Pairs to measure with. Default: ${DEFAULT-VALUE}.")
  private int test;

  @Option(names = "--valid", paramLabel = "N", defaultValue = "500", description = "Pairs, of the others, that say when to stop. Default: ${DEFAULT-VALUE}.")
  private int valid;

  @Option(names = "--on-validation", description = "Measure on the validation pairs instead of the test pairs: for choosing settings.")
  private boolean onValidation;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private PairOptions options;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  BenchPairsCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    List<Item> items = DatasetReader.folder(data).itemsOnly().read().catalog().items();
    PairBench bench = new PairBench(items, test, valid, new VectorCache(SfumatoConfig.defaults().cacheDirectory()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("train", bench.split().train().size());
    json.put("valid", bench.split().valid().size());
    json.put("test", bench.split().test().size());
    List<List<String>> rows = new ArrayList<>();
    for (String way : PairOptions.ways(tuning)) {
      PairConfig config = options.config(way);
      PairBench.Run run = bench.run(options::text, () -> options.benchImage(config), options.freshImage(), config,
          onValidation, progress);
      json.put(way, run.toMap());
      rows.add(List.of(way, config.text().toString(), config.image().toString(), share(run.test().textToImage().at1()),
          share(run.test().textToImage().at10()), share(run.test().imageToText().at1()),
          share(run.test().imageToText().at10()), Text.seconds(run.seconds())));
    }
    output.print(streams.out(), json, () -> Text.table(List.of("tuning", "text", "image", " text→image R@1", " R@10",
        " image→text R@1", " R@10 ", " time"), rows));
    return 0;
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * value);
  }
}
