package io.sfumato.recommend.bench;

import io.sfumato.datasets.Attributes;
import io.sfumato.datasets.Catalog;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.Request;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.retrieval.Filter;
import io.sfumato.recommend.retrieval.IndexOptions;
import io.sfumato.recommend.retrieval.ItemIndex;
import io.sfumato.recommend.retrieval.Simd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How fast and how well a bundle of many made items is served by one thread: requests of people who have seen 200 items, their nearest items against comparing all, the same behind filters of every width that
 * have to do with what items are like or not, and nearest items alone against JVector's.
 *
 * <p>Times of requests are those of one thread from call to answer, after warming up; CPU times are that thread's.
 */
public final class ServeBench {
  private static final int LIMIT = 200;
  private static final int QUERIES = 300;
  /** Requests until the compiler is done with what they run. */
  private static final int WARM = 10_000;
  private static final int REQUESTS = 1000;
  private static final int FILTERED_REQUESTS = 100;
  private static final int K = 20;

  /**
   * What is made and measured.
   *
   * @param items 2,000 or more
   * @param seed of all that is made
   * @param peers whether JVector is measured too
   * @param work where the bundle is kept and found again; null for a directory that is deleted at the end
   */
  public record Options(int items, long seed, boolean peers, @Nullable Path work) {}

  private final Options options;
  private final Progress progress;
  private final Map<String, Object> figures = new LinkedHashMap<>();

  private ServeBench(Options options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /** Makes or finds the bundle, and measures: figures by name, as {@code bench serve --json} prints them. */
  public static Map<String, Object> run(Options options, Progress progress) {
    ServeBench bench = new ServeBench(options, progress);
    Path work = options.work();
    if (work != null) {
      bench.run(work);
      return bench.figures;
    }
    try {
      Path temporary = Files.createTempDirectory("sfumato-serve");
      try {
        bench.run(temporary);
      } finally {
        delete(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room for the made shop: " + e.getMessage(), e);
    }
    return bench.figures;
  }

  private void run(Path work) {
    MadeVectors vectors = MadeVectors.of(options.items(), MadeShop.PEOPLE, options.seed());
    Path directory = work.resolve("shop-%d-%d".formatted(options.items(), options.seed()));
    figures.put("items", options.items());
    figures.put("simd", Simd.describe());
    build(vectors, directory);
    Bundle bundle = Bundle.open(directory);
    int[][] seen = requests(directory);
    int[][] nearest;
    try (ItemIndex index = RecommenderModel.openIndex(bundle)) {
      index.warmUp();
      figures.put("memory", index.memory());
      nearest = retrieval(vectors, index, bundle.catalog(), seen);
    }
    if (options.peers()) {
      IndexOptions searched = RecommenderModel.indexOptions(bundle);
      figures.put("peers", new PeerBench(vectors, nearest, progress).run(bundle.path(Bundle.INDEX), searched));
    }
  }

  /** Writes the bundle where it is not there yet; what that took is kept beside it. */
  private void build(MadeVectors vectors, Path directory) {
    Path notes = directory.resolveSibling(directory.getFileName() + ".properties");
    Properties took = new Properties();
    try {
      if (!Files.isDirectory(directory) || !Files.isRegularFile(notes)) {
        Files.createDirectories(directory.toAbsolutePath().getParent());
        long begin = System.nanoTime();
        double cpu = processCpu();
        MadeShop.write(vectors, directory, progress);
        took.setProperty("build_s", Double.toString((System.nanoTime() - begin) / 1e9));
        took.setProperty("build_cpu_s", Double.toString(processCpu() - cpu));
        try (var out = Files.newOutputStream(notes)) {
          took.store(out, null);
        }
      } else {
        try (var in = Files.newInputStream(notes)) {
          took.load(in);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the made shop at " + directory + ": " + e.getMessage(), e);
    }
    for (String name : List.of("build_s", "build_cpu_s")) {
      figures.put(name, Double.valueOf(took.getProperty(name)));
    }
  }

  /** Times whole requests; what each of the first people has seen, ascending. */
  private int[][] requests(Path directory) {
    int[][] seen = new int[QUERIES][];
    long begin = System.nanoTime();
    try (Recommender recommender = Recommender.open(directory)) {
      figures.put("open_s", (System.nanoTime() - begin) / 1e9);
      for (int q = 0; q < QUERIES; q++) {
        seen[q] = recommender.history("u-" + q)
            .stream()
            .mapToInt(id -> Integer.parseInt(id.substring(5)))
            .sorted()
            .toArray();
      }
      progress.start("recommending", WARM + REQUESTS);
      Times times = new Times(REQUESTS);
      IntFunction<Request> plain = r -> Request.forUser("u-" + r % MadeShop.PEOPLE).k(K).excludeSeen();
      ask(recommender, plain, WARM, new Times(WARM));
      ask(recommender, plain, REQUESTS, times);
      progress.finish();
      times.put(figures, "");
      Map<String, Object> filtered = new LinkedHashMap<>();
      List<String> marks = marks();
      progress.start("recommending behind filters", (long) marks.size() * 2 * FILTERED_REQUESTS);
      for (String mark : marks) {
        IntFunction<Request> behind = r -> Request.forUser("u-" + r % MadeShop.PEOPLE)
            .k(K)
            .excludeSeen()
            .where(MadeShop.ATTRIBUTE, mark);
        Times narrow = new Times(FILTERED_REQUESTS);
        ask(recommender, behind, FILTERED_REQUESTS, new Times(FILTERED_REQUESTS));
        ask(recommender, behind, FILTERED_REQUESTS, narrow);
        Map<String, Object> one = new LinkedHashMap<>();
        narrow.put(one, "request_");
        filtered.put(name(mark), one);
      }
      progress.finish();
      figures.put("filtered", filtered);
    }
    return seen;
  }

  private void ask(Recommender recommender, IntFunction<Request> request, int count, Times times) {
    for (int r = 0; r < count; r++) {
      Request asked = request.apply(r);
      times.begin();
      recommender.recommend(asked);
      times.end();
      progress.advance(1, null);
    }
  }

  /** Times and recall of the index alone; the exact nearest of all items, for {@link PeerBench}. */
  private int[][] retrieval(MadeVectors vectors, ItemIndex index, Catalog catalog, int[][] seen) {
    List<String> marks = marks();
    Truth truth = new Truth(vectors, passing(catalog, marks));
    progress.start("comparing all", 2);
    int[][][] nearest = truth.nearest(seen, marks.size(), LIMIT);
    progress.advance(1, null);
    int[][] all = new int[QUERIES][];
    int[][][] unseen = truth.nearest(new int[QUERIES][0], 0, PeerBench.WANTED);
    Arrays.setAll(all, q -> unseen[q][0]);
    progress.finish();
    progress.start("searching", marks.size() + 1L);
    Map<String, Object> plain = search(vectors, index, Filter.ALL, seen, nearest, 0);
    figures.put("recall200", plain.remove("recall200"));
    figures.put("retrieval", plain);
    for (int m = 0; m < marks.size(); m++) {
      progress.advance(1, null);
      Map<String, Object> behind = search(vectors, index, Filter.ALL.and(MadeShop.ATTRIBUTE, marks.get(m)), seen,
          nearest,
          m + 1);
      if (figures.get("filtered") instanceof Map<?, ?> filtered
          && filtered.get(name(marks.get(m))) instanceof Map<?, ?> requested) {
        requested.forEach((figure, value) -> behind.put(String.valueOf(figure), value));
        filtered(name(marks.get(m)), behind);
      }
    }
    progress.finish();
    return all;
  }

  @SuppressWarnings("unchecked") // put there by this class
  private void filtered(String name, Map<String, Object> one) {
    ((Map<String, Object>) figures.getOrDefault("filtered", new LinkedHashMap<>())).put(name, one);
  }

  private static Map<String, Object> search(MadeVectors vectors, ItemIndex index, Filter filter, int[][] seen,
      int[][][] nearest, int which) {
    Times times = new Times(QUERIES);
    double recall = 0;
    for (int round = 0; round < 2; round++) {
      for (int q = 0; q < QUERIES; q++) {
        float[] query = vectors.query(q);
        times.begin();
        int[] found = index.nearest(query, LIMIT, filter, seen[q]).items();
        times.end();
        if (round == 1) {
          recall += Truth.recall(found, nearest[q][which], LIMIT);
        }
      }
      if (round == 0) {
        times = new Times(QUERIES);
      }
    }
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("recall200", recall / QUERIES);
    times.put(one, "");
    return one;
  }

  /** The bits of the marks that each item has. */
  private static long[] passing(Catalog catalog, List<String> marks) {
    long[] passing = new long[catalog.size()];
    for (int item = 0; item < passing.length; item++) {
      String value = catalog.item(item).attributes().get(MadeShop.ATTRIBUTE);
      for (String mark : value == null ? List.<String>of() : Attributes.values(value)) {
        passing[item] |= 1L << marks.indexOf(mark);
      }
    }
    return passing;
  }

  private static List<String> marks() {
    List<String> marks = new ArrayList<>();
    for (String kind : List.of("share", "cluster")) {
      MadeShop.SHARES.forEach(share -> marks.add(kind + "-" + share));
    }
    return marks;
  }

  private static String name(String mark) {
    return mark.replace("share-", "independent_").replace("cluster-", "correlated_");
  }

  /** What calls took. */
  private static final class Times {
    private final double[] millis;
    private int count;
    private long began;
    private long cpuBegan;
    private long cpu;

    Times(int calls) {
      millis = new double[calls];
    }

    void begin() {
      cpuBegan = threadCpu();
      began = System.nanoTime();
    }

    void end() {
      millis[count++] = (System.nanoTime() - began) / 1e6;
      cpu += threadCpu() - cpuBegan;
    }

    void put(Map<String, Object> figures, String prefix) {
      double[] sorted = Arrays.copyOf(millis, count);
      Arrays.sort(sorted);
      figures.put(prefix + "p50_ms", sorted[count / 2]);
      figures.put(prefix + "p99_ms", sorted[count * 99 / 100]);
      figures.put(prefix + "cpu_us", cpu / 1e3 / count);
    }
  }

  /** CPU time of this thread so far, in nanoseconds. */
  static long threadCpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** CPU time of the process so far, in seconds; NaN where the platform does not tell. */
  static double processCpu() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : Double.NaN;
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
