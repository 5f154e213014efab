package io.sfumato.recommend.bench;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.training.RecommenderTrainer;
import io.sfumato.recommend.training.TrainedRecommender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * How long the real trainer takes on a large made catalogue whose vectors are supplied, what memory it needs, and how fast the bundle then serves: {@link RecommenderTrainer} with its settings as they stand (nothing is searched), nothing left
 * out. The interesting comparison is between sizes: no stage may grow faster than items plus interactions, but those that say so.
 */
public final class CatalogBench {
  private static final int REQUESTS = 200;

  /**
   * What is made and measured.
   *
   * @param items at least 100
   * @param interactions at least two a user
   * @param users at least 10
   * @param dimension length of the supplied vectors, of texts and images alike
   * @param seed of the data and the training
   */
  public record Size(int items, int interactions, int users, int dimension, long seed) {
    public Size {
      if (items < 100 || users < 10 || interactions < 2 * users || dimension < 2) {
        throw new IllegalArgumentException(
            "a made catalogue needs 100 items, 10 users, 2 interactions a user and dimension 2 or more but got %d, %d, %d, %d"
                .formatted(items, users, interactions, dimension));
      }
    }
  }

  private CatalogBench() {}

  /**
   * Makes, trains, writes, opens and serves.
   *
   * @param size of the data
   * @param settings to change, by key, beside the vectors; empty for the defaults
   * @return figures by name: {@code seconds} by what was done, {@code stages} of the training in seconds, {@code memory_bytes}, {@code request_ms}
   */
  public static Map<String, Object> run(Size size, Map<String, String> settings, Progress progress) {
    Path work = directory();
    try {
      return run(size, settings, work, progress);
    } finally {
      delete(work);
    }
  }

  private static Map<String, Object> run(Size size, Map<String, String> settings, Path work, Progress progress) {
    Map<String, Object> seconds = new LinkedHashMap<>();
    Path text = work.resolve("text.safetensors");
    Path images = work.resolve("image.safetensors");
    long begin = System.nanoTime();
    MadeCatalog made = new MadeCatalog(size.items(), size.users(), size.interactions(), size.seed());
    Dataset dataset = made.dataset();
    made.writeText(text, size.dimension());
    made.writeImages(images, size.dimension());
    SfumatoConfig config = config(size, settings, text, images, work);
    Split split = Splitter.parse(config.split(), config.seed()).split(dataset);
    seconds.put("make", since(begin));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("items", size.items());
    figures.put("interactions", dataset.interactions().size());
    figures.put("users", size.users());
    figures.put("dimension", size.dimension());
    figures.put("threads", config.threadCount());
    figures.put("seconds", seconds);
    long atRest = PeakMemory.now();
    Path bundle = work.resolve("bundle");
    begin = System.nanoTime();
    double cpu = cpuSeconds();
    try (TrainedRecommender trained = new RecommenderTrainer(config).train(split, List.of(), null, progress)) {
      seconds.put("train", since(begin));
      seconds.put("train_cpu", cpuSeconds() - cpu);
      figures.put("stages", trained.results().getOrDefault("stages", Map.of()));
      figures.put("memory_bytes", PeakMemory.facts(atRest, size.items()));
      begin = System.nanoTime();
      trained.write(bundle, split, "", config, false);
      seconds.put("write", since(begin));
    }
    begin = System.nanoTime();
    try (Recommender recommender = Recommender.open(bundle)) {
      seconds.put("open", since(begin));
      figures.put("request_ms", requests(recommender, dataset.interactions(), size.seed()));
    }
    return figures;
  }

  private static SfumatoConfig config(Size size, Map<String, String> settings, Path text, Path images, Path work) {
    ConfigReader reader = ConfigReader.reference()
        .override("text.vectors", text.toString(), "bench catalog")
        .override("image.vectors", images.toString(), "bench catalog")
        .override("cache", work.resolve("cache").toString(), "bench catalog")
        .override("seed", size.seed(), "bench catalog")
        .override("tuning.trials", 0, "bench catalog");
    settings.forEach(reader::set);
    return reader.read();
  }

  /** Median and 99th percentile of single requests, in milliseconds, after a tenth of them to warm up. */
  private static Map<String, Object> requests(Recommender recommender, Interactions taken, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] took = new double[REQUESTS];
    for (int r = -REQUESTS / 10; r < REQUESTS; r++) {
      String user = taken.userId(random.nextInt(taken.userCount()));
      long begin = System.nanoTime();
      recommender.recommend(Request.forUser(user).k(20).excludeSeen());
      if (r >= 0) {
        took[r] = since(begin) * 1000;
      }
    }
    Arrays.sort(took);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("median", took[REQUESTS / 2]);
    figures.put("p99", took[REQUESTS * 99 / 100]);
    return figures;
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  /** CPU time of the process so far; NaN where the platform does not tell. */
  static double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : Double.NaN;
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("sfumato-catalog");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room for the made catalogue: " + e.getMessage(), e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory + ": " + e.getMessage(), e);
    }
  }
}
