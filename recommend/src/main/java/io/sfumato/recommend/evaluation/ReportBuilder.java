package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link EvaluationReport} of what an {@link Evaluation} measured.
 *
 * <pre>{@code
 * EvaluationReport report = ReportBuilder.of(split, SeededResult.of(List.of(result)))
 *     .subject("sfumato").k(20).vectors(itemVectors).category("genres").build();
 * }</pre>
 */
public final class ReportBuilder {
  /** At most so many items of a history, and of what was missed, are shown in an example. */
  public static final int SHOWN = 12;

  private final Split split;
  private final SeededResult result;
  private String subject = "";
  private int k;
  private Metric metric = Metric.NDCG;
  private double level = 0.95;
  private int resamples = 2000;
  private int permutations = Significance.PERMUTATIONS;
  private long seed = 42;
  private int threads = 1;
  private ModelFacts facts = ModelFacts.NONE;
  private ItemTraits traits;
  private final List<Slices.Part> slices = new ArrayList<>();
  private final Map<String, String> about = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();

  private ReportBuilder(Split split, SeededResult result) {
    this.split = split;
    this.result = result;
    this.traits = ItemTraits.of(split);
    environment.put("java", System.getProperty("java.version", "unknown"));
    environment.put("system", System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", ""));
    environment.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    List<Integer> cuts = result.first().ks();
    this.k = cuts.contains(20) ? 20 : cuts.getLast();
  }

  /** A report on what was measured on a split. */
  public static ReportBuilder of(Split split, SeededResult result) {
    return new ReportBuilder(split, result);
  }

  /** The system that is tested against every other; none unless said. */
  public ReportBuilder subject(String name) {
    result.runsOf(name);
    subject = name;
    return this;
  }

  /** The cut of tables; 20 where it was measured, else the largest. */
  public ReportBuilder k(int cut) {
    if (!result.first().ks().contains(cut)) {
      throw new IllegalArgumentException("k = " + cut + " was not evaluated; the cuts are " + result.first().ks());
    }
    k = cut;
    return this;
  }

  /** The metric of slices, examples and sentences; NDCG unless said. */
  public ReportBuilder metric(Metric value) {
    metric = value;
    return this;
  }

  /** The confidence of intervals in (0, 1), 0.95 unless said. */
  public ReportBuilder level(double value) {
    level = value;
    return this;
  }

  /** Bootstrap samples of an interval, 2,000 unless said. */
  public ReportBuilder resamples(int value) {
    resamples = value;
    return this;
  }

  /** Sign flips of a test, {@link Significance#PERMUTATIONS} unless said. */
  public ReportBuilder permutations(int value) {
    permutations = value;
    return this;
  }

  /** The seed of bootstrap and tests, 42 unless said. */
  public ReportBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** The number of threads that test, 1 unless said; the report is the same for any. */
  public ReportBuilder threads(int value) {
    threads = value;
    return this;
  }

  /** A line on what a system is. */
  public ReportBuilder about(String system, String line) {
    about.put(system, line);
    return this;
  }

  /** What else is known of the subject's model. */
  public ReportBuilder facts(ModelFacts value) {
    facts = value;
    return this;
  }

  /** A version, a date, a machine. */
  public ReportBuilder environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Vectors of the items, for the diversity of lists; see {@link ItemTraits#withVectors}. */
  public ReportBuilder vectors(float[] @Nullable [] vectors) {
    traits = traits.withVectors(vectors);
    return this;
  }

  /** The attribute whose values are the items' categories, for the diversity of lists. */
  public ReportBuilder category(String attribute) {
    traits = traits.withCategory(attribute);
    return this;
  }

  /**
   * A slice beside those of {@link Slices#usual}.
   *
   * @param slice of the first run, made by {@link EvaluationResult#ofItems} or {@link EvaluationResult#ofUsers}
   */
  public ReportBuilder slice(String group, String name, EvaluationResult slice) {
    slices.add(new Slices.Part(group, name, slice));
    return this;
  }

  /** Computes what is still to be computed, and makes the report. */
  public EvaluationReport build() {
    EvaluationResult first = result.first();
    EvaluationReport.Setup setup = new EvaluationReport.Setup(first.protocol(), first.part().key(), first.pool().key(),
        first.ks(), k, metric, first.metrics(), subject, first.poolSize(), first.userCount(), result.runs().size(),
        level, resamples, permutations);
    List<Slices.Part> parts = new ArrayList<>(Slices.usual(first, split));
    parts.addAll(slices);
    ListQuality quality = new ListQuality(first, traits);
    Resampled resampled = first.userCount() == 0 ? null : new Resampled(result, resamples, level, seed);
    List<SystemReport> systems = new ArrayList<>();
    for (String name : result.scorers()) {
      systems.add(new SystemReport(name, about.getOrDefault(name, ""), figures(name, resampled),
          first.ks().stream().map(cut -> quality.measure(name, cut)).toList(),
          parts.stream().map(part -> slice(name, part)).toList()));
    }
    return new EvaluationReport(setup, data(), systems,
        resampled == null ? List.of() : new Comparisons(result, setup, resampled, seed, threads).all(),
        subject.isEmpty() ? List.of() : new Examples(first, split, subject).atQuartiles(metric, k), facts,
        environment);
  }

  private EvaluationReport.DataFacts data() {
    List<Item> items = split.dataset().catalog().items();
    int cold = Evaluation.pool(split, result.first().part(), Evaluation.Pool.COLD).cardinality();
    return new EvaluationReport.DataFacts(split.dataset().name(), split.kind(), split.train().userCount(),
        split.train().itemCount(), split.train().size(), split.valid().size(), split.test().size(),
        (int) items.stream().filter(Item::hasText).count(), (int) items.stream().filter(Item::hasImage).count(), cold,
        traits.bands().shares());
  }

  private Map<Metric, List<SystemReport.Figure>> figures(String name, @Nullable Resampled resampled) {
    Map<Metric, List<SystemReport.Figure>> figures = new EnumMap<>(Metric.class);
    for (Metric measured : result.first().metrics()) {
      figures.put(measured,
          result.first()
              .ks()
              .stream()
              .map(cut -> new SystemReport.Figure(cut, result.mean(name, measured, cut),
                  resampled == null ? null : resampled.of(name, measured, cut), result.means(name, measured, cut),
                  result.sd(name, measured, cut)))
              .toList());
    }
    return figures;
  }

  private static SystemReport.Slice slice(String name, Slices.Part part) {
    EvaluationResult of = part.result();
    Map<Metric, List<Double>> means = new EnumMap<>(Metric.class);
    of.metrics().forEach(m -> means.put(m, of.ks().stream().map(cut -> of.mean(name, m, cut)).toList()));
    return new SystemReport.Slice(part.group(), part.name(), of.userCount(), means);
  }
}
