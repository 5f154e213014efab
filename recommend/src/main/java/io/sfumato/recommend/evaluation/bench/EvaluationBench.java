package io.sfumato.recommend.evaluation.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import io.sfumato.recommend.evaluation.DotProductScorer;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.EvaluationListener;
import io.sfumato.recommend.evaluation.EvaluationResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Times the full ranking of made data: vectors are drawn from a normal distribution, a user's is nearer to those of the items that are relevant, so that there are hits to count. The same options give the same data and the same figures.
 */
public final class EvaluationBench {
  /** How much nearer a user's vector is to those of the items that the user takes; gives a recall of about a tenth among 100,000 items. */
  private static final float PULL = 0.6f;

  private EvaluationBench() {}

  /**
   * What is made.
   *
   * @param users at least 1
   * @param items more than a user has
   * @param dim length of the vectors
   * @param known training items of a user, which are masked
   * @param relevant test items of a user
   * @param threads that rank
   * @param auc whether AUC is measured too
   */
  public record Options(int users, int items, int dim, int known, int relevant, int threads, boolean auc, long seed) {
    public Options {
      if (users < 1 || dim < 1 || known < 0 || relevant < 1 || threads < 1 || items <= known + relevant) {
        throw new IllegalArgumentException(
            "users, dim, relevant and threads must be at least 1 and items more than a user has (%d) but were %d, %d, %d, %d and %d"
                .formatted(known + relevant, users, dim, relevant, threads, items));
      }
    }
  }

  /**
   * What was measured.
   *
   * @param seconds of ranking and measuring, without making the data
   * @param cpuSeconds of the whole process in that time
   * @param peakBytes the most memory that the process had until the end, heap and all else; empty where the system does not tell
   * @param heapBytes of heap in use after it
   * @param metrics the means at cut 20
   */
  public record Timing(double seconds, double cpuSeconds, OptionalLong peakBytes, long heapBytes,
      Map<String, Double> metrics) {
    public Timing {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }

  /** Makes the data, ranks it, and computes all metrics at 5, 10 and 20. */
  public static Timing run(Options options, EvaluationListener listener) {
    Made made = make(options);
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    EvaluationResult result = Evaluation.of(made.split)
        .k(5, 10, 20)
        .threads(options.threads)
        .auc(options.auc)
        .listener(listener)
        .scorer(made.scorer)
        .run();
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (int k : result.ks()) {
      metrics.putAll(result.means(made.scorer.name(), k)); // the last cut stays
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
    Runtime runtime = Runtime.getRuntime();
    return new Timing(seconds, cpuSeconds, peak(), runtime.totalMemory() - runtime.freeMemory(), metrics);
  }

  private record Made(Split split, DotProductScorer scorer) {}

  private static Made make(Options options) {
    SplittableRandom random = new SplittableRandom(options.seed);
    List<Item> list = new ArrayList<>();
    for (int i = 0; i < options.items; i++) {
      list.add(new Item(String.valueOf(i), "", "", Map.of(), null));
    }
    Catalog catalog = Catalog.of(list);
    float[][] items = normal(random, options.items, options.dim);
    float[][] users = normal(random, options.users, options.dim);
    Interactions.Builder builder = Interactions.builder(catalog);
    int each = options.known + options.relevant;
    for (int u = 0; u < options.users; u++) {
      int[] taken = random.ints(0, options.items).distinct().limit(each).toArray();
      for (int t = 0; t < each; t++) {
        builder.add(String.valueOf(u), taken[t], 1, t + 1);
        for (int d = 0; d < options.dim; d++) {
          users[u][d] += PULL * items[taken[t]][d];
        }
      }
    }
    Interactions all = builder.build();
    Dataset dataset = new Dataset("made", catalog, all, DataReport.empty());
    Split split = new Split(dataset, "made", all.select(row -> all.timestamp(row) <= options.known),
        all.select(row -> false), all.select(row -> all.timestamp(row) > options.known));
    return new Made(split, new DotProductScorer("vectors", users, items));
  }

  private static float[][] normal(SplittableRandom random, int rows, int dim) {
    float[][] values = new float[rows][dim];
    for (float[] row : values) {
      for (int d = 0; d < dim; d++) {
        row[d] = (float) random.nextGaussian();
      }
    }
    return values;
  }

  /** What Linux says of the most memory that the process had. */
  private static OptionalLong peak() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(status)
          .stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
