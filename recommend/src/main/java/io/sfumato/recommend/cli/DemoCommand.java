package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.demo.Taste;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.page.DemoPage;
import io.sfumato.recommend.training.ComparisonOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole way on the built-in shop. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "The whole way on the built-in shop: draws products and writes their texts, simulates customers, trains, evaluates, recommends for one customer, and writes a page to look at.",
  "Trains for " + DemoCommand.EPOCHS
      + " epochs unless --epochs says otherwise. Nothing is downloaded. The customers are simulated: it shows that the parts work together, not how good it is on real people."}, footerHeading = "%nExamples:%n", footer = {
        "  sfumato demo", "  sfumato demo --taste image --out image-shop       customers who go by pictures alone",
        "  sfumato demo --items 400 --customers 600 --epochs 3   a quick look"})
final class DemoCommand implements Callable<Integer> {
  private static final int SHOWN = 9;
  static final int EPOCHS = 16; // enough for the shop, and minutes on two cores
  private static final int PURCHASES = 8;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "sfumato-demo", description = "Where the bundle and the page are written. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  @Option(names = "--taste", paramLabel = "both|text|image", defaultValue = "both", description = "What the customers go by. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String taste;

  @Option(names = "--items", paramLabel = "N", defaultValue = "2000", description = "Products of the shop. Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(names = "--customers", paramLabel = "N", defaultValue = "2500", description = "Customers of the shop. Default: ${DEFAULT-VALUE}.")
  private int customers;

  @Option(names = "--customer", paramLabel = "ID", description = "Whom to recommend to. Default: the first with eight purchases or more.")
  private @Nullable String customer;

  @Option(names = "-k", paramLabel = "N", defaultValue = "20", description = "Cut of the metrics. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ConfigOptions config;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;
  private final Workbench workbench;

  @Inject
  DemoCommand(Streams streams, Progress progress, Workbench workbench) {
    this.streams = streams;
    this.progress = progress;
    this.workbench = workbench;
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    SfumatoConfig settled = config.reader(ConfigReader.reference()
        .override("training.epochs", EPOCHS, "the demo")
        .override("training.validate-every", EPOCHS / 4, "the demo")).read();
    DemoShop shop = DemoShop.builder()
        .items(items)
        .customers(customers)
        .taste(Taste.parse(taste))
        .seed(settled.seed())
        .build();
    streams.err().println(shop.description());
    Split split = Splitter.parse(settled.split(), settled.seed()).split(shop.dataset());
    String person = person(split);
    Path directory = out.resolve("bundle");
    workbench.train(new Workbench.TrainJob(split, "the built-in shop", settled, directory, null, true, null), progress);
    ComparisonOptions options = ComparisonOptions.defaults().withCuts(List.of(k));
    EvaluationReport compared = workbench
        .compare(new Workbench.CompareJob(directory, split, null, options, false), progress)
        .report();
    ComparisonTable table = new ComparisonTable(compared);
    Map<String, Object> results = Bundle.open(directory).provenance().results();
    List<Recommendation> found;
    Path page = out.resolve("index.html");
    try (Recommender recommender = Recommender.open(directory)) {
      found = recommender.recommend(Request.forUser(person).k(SHOWN).excludeSeen());
      DemoPage.of(shop, recommender, person, found, k, table.users(), table.models(), results).write(page);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Object> json = table.toMap();
    json.put("results", results);
    json.put("bundle", directory.toString());
    json.put("page", page.toString());
    json.put("seconds", Math.round(seconds * 10) / 10.0);
    output.print(streams.out(), json, () -> text(shop, table, results, person, found, page, directory, seconds));
    return 0;
  }

  private String text(DemoShop shop, ComparisonTable table, Map<String, Object> results, String person,
      List<Recommendation> found, Path page, Path directory, double seconds) {
    return """
      %s
      %s
      %s
      For customer %s:

      %s
      page    %s
      bundle  %s
      took    %s

      Next: look at the page in a browser, then
        sfumato recommend %s --user %s -k 5
        sfumato search %s "wool hat for hiking"
        sfumato inspect %s
      """.formatted(shop.description(), "\n" + table.toText(), Described.results(results), person,
        Described.table(found), page.toAbsolutePath().normalize().toUri(), directory, Text.seconds(seconds), directory,
        person, directory, directory);
  }

  private String person(Split split) {
    Interactions known = split.train();
    if (customer != null) {
      if (known.userIndex(customer) < 0) {
        throw new RecommendException("UNKNOWN_USER", "the shop has no customer '%s'; they are called like %s"
            .formatted(customer, known.userId(0)));
      }
      return customer;
    }
    int longest = IntStream.range(0, known.userCount())
        .boxed()
        .max((a, b) -> Integer.compare(known.itemsOf(a).length, known.itemsOf(b).length))
        .orElseThrow();
    return known.userId(IntStream.range(0, known.userCount())
        .filter(user -> known.itemsOf(user).length >= PURCHASES)
        .findFirst()
        .orElse(longest));
  }
}
