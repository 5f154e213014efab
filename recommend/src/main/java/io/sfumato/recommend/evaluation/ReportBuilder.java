package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private ModelFacts facts = ModelFacts.NONE;
  private final Map<String, String> about = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();

  private ReportBuilder(Split split, SeededResult result) {
    this.split = split;
    this.result = result;
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

  /** Computes what is still to be computed, and makes the report. */
  public EvaluationReport build() {
    EvaluationResult first = result.first();
    List<SystemReport> systems = new ArrayList<>();
    for (String name : result.scorers()) {
      systems.add(new SystemReport(name, about.getOrDefault(name, ""), figures(name), List.of(), List.of()));
    }
    EvaluationReport.Setup setup = new EvaluationReport.Setup(first.protocol(), first.part().key(), first.pool().key(),
        first.ks(), k, metric, first.metrics(), subject, first.poolSize(), first.userCount(), result.runs().size(),
        level, resamples, permutations);
    return new EvaluationReport(setup, data(), systems, tests(), List.of(), facts, environment);
  }

  private EvaluationReport.DataFacts data() {
    List<io.sfumato.datasets.Item> items = split.dataset().catalog().items();
    int cold = Evaluation.pool(split, result.first().part(), Evaluation.Pool.COLD).cardinality();
    return new EvaluationReport.DataFacts(split.dataset().name(), split.kind(), split.train().userCount(),
        split.train().itemCount(), split.train().size(), split.valid().size(), split.test().size(),
        (int) items.stream().filter(item -> item.hasText()).count(),
        (int) items.stream().filter(item -> item.hasImage()).count(), cold,
        PopularityBands.of(split.train()).shares());
  }

  private Map<Metric, List<SystemReport.Figure>> figures(String name) {
    Map<Metric, List<SystemReport.Figure>> figures = new EnumMap<>(Metric.class);
    for (Metric measured : result.first().metrics()) {
      List<SystemReport.Figure> byCut = new ArrayList<>();
      for (int cut : result.first().ks()) {
        double[] values = result.perUser(name, measured, cut);
        byCut.add(new SystemReport.Figure(cut, result.mean(name, measured, cut),
            values.length == 0 ? null : Significance.bootstrap(values, resamples, level, seed),
            result.means(name, measured, cut), result.sd(name, measured, cut)));
      }
      figures.put(measured, byCut);
    }
    return figures;
  }

  private List<PairedTest> tests() {
    List<String> others = result.scorers().stream().filter(name -> !name.equals(subject)).toList();
    List<PairedTest> tests = new ArrayList<>();
    if (subject.isEmpty() || result.first().userCount() == 0) {
      return tests;
    }
    for (Metric measured : result.first().metrics()) {
      for (int cut : result.first().ks()) {
        double[] mine = result.perUser(subject, measured, cut);
        double[] p = new double[others.size()];
        double[][] differences = new double[others.size()][];
        for (int o = 0; o < p.length; o++) {
          double[] theirs = result.perUser(others.get(o), measured, cut);
          p[o] = Significance.paired(mine, theirs, permutations, seed);
          differences[o] = new double[mine.length];
          for (int u = 0; u < mine.length; u++) {
            differences[o][u] = mine[u] - theirs[u];
          }
        }
        double[] holm = Significance.holm(p);
        for (int o = 0; o < p.length; o++) {
          tests.add(new PairedTest(subject, others.get(o), measured, cut, Significance.mean(differences[o]),
              Significance.bootstrap(differences[o], resamples, level, seed), p[o], holm[o]));
        }
      }
    }
    return tests;
  }
}
