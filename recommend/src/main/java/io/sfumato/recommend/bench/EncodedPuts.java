package io.sfumato.recommend.bench;

import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.ServingOptions;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.RecommenderTrainer;
import io.sfumato.recommend.training.TrainedRecommender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many items with words and a picture, and no vectors, a recommender takes a second: its own encoders of the default settings (MiniLM for texts, a small ResNet for pictures) see each of them. The recommender is that of a small demo shop,
 * trained for one epoch, since what the encoders learned costs nothing; what is put is drawn from another shop.
 *
 * <p>The interesting comparison is between {@code one_by_one} and {@code together}: items of which the encoders see {@code putAll}'s batches.
 */
public final class EncodedPuts {
  private static final int ITEMS = 300;
  private static final int CUSTOMERS = 200;
  private static final int WARM = 70; // more than a batch

  private EncodedPuts() {}

  /**
   * Trains the shop, unless it is there, and puts.
   *
   * @param count of items to put one by one, and as many again together
   * @param work keeps the trained shop for the next run
   * @return {@code one_by_one} and {@code together}: items a second, and CPU milliseconds of the process an item
   */
  public static Map<String, Object> run(int count, long seed, Path work, ServingOptions options, Progress progress) {
    if (count < 1) {
      throw new IllegalArgumentException("at least 1 item must be put but " + count + " were asked for");
    }
    Path shop = work.resolve("demo-%d-%d".formatted(ITEMS, seed));
    if (!Files.exists(shop)) {
      train(shop, seed, progress);
    }
    Path copy = work.resolve("encoded-" + ProcessHandle.current().pid());
    try (Recommender recommender = Recommender.open(shop)) {
      recommender.snapshot(copy);
    }
    List<Item> fresh = DemoShop.builder()
        .items(2 * (WARM + count))
        .customers(1)
        .seed(seed + 1)
        .build()
        .dataset()
        .catalog()
        .items()
        .stream()
        .map(item -> new Item("fresh-" + item.id(), item.title(), item.text(), item.attributes(), item.image()))
        .toList();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("items", count);
    progress.start("encoding", 2L * count);
    try (Recommender recommender = Recommender.open(copy, options)) {
      List<Item> alone = new ArrayList<>(fresh.subList(0, WARM + count));
      alone.subList(0, WARM).forEach(recommender.catalog()::put);
      figures.put("one_by_one", figures(alone.subList(WARM, alone.size()), items -> items.forEach(item -> {
        recommender.catalog().put(item);
        progress.advance(1, null);
      })));
      recommender.catalog().putAll(fresh.subList(WARM + count, 2 * WARM + count));
      figures.put("together", figures(fresh.subList(2 * WARM + count, fresh.size()), recommender.catalog()::putAll));
      progress.advance(count, null);
    }
    progress.finish();
    return figures;
  }

  private static void train(Path bundle, long seed, Progress progress) {
    SfumatoConfig config = ConfigReader.reference()
        .override("training.epochs", 1, "the measurement")
        .override("ranking.epochs", 1, "the measurement")
        .override("ranking.networks", 1, "the measurement")
        .read();
    Split split = Splitter.parse(config.split(), seed)
        .split(DemoShop.builder().items(ITEMS).customers(CUSTOMERS).seed(seed).build().dataset());
    try (TrainedRecommender trained = new RecommenderTrainer(config).train(split, List.of(), null, progress)) {
      trained.write(bundle, split, "", config, false);
    }
  }

  private interface Puts {
    void put(List<Item> items);
  }

  private static Map<String, Object> figures(List<Item> items, Puts puts) {
    long start = System.nanoTime();
    double cpu = CatalogBench.cpuSeconds();
    puts.put(items);
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("items_per_s", items.size() / seconds);
    figures.put("cpu_ms_per_item", 1000 * (CatalogBench.cpuSeconds() - cpu) / items.size());
    return figures;
  }
}
