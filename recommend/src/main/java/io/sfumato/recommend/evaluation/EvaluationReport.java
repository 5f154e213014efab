package io.sfumato.recommend.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that a report of an evaluation says: what was compared, how, on which data, what came out, how sure it is and where it is weak. Immutable; {@link #toMap} is what {@code report.json} holds.
 *
 * @param setup how it was measured
 * @param data what it was measured on
 * @param systems what was measured, in the order of the table
 * @param tests the subject against every other system, on each metric and cut that was tested
 * @param examples people whose lists are shown
 * @param facts what else is known of the subject's model
 * @param environment versions, machine, seeds and dates by name
 */
public record EvaluationReport(Setup setup, DataFacts data, List<SystemReport> systems, List<PairedTest> tests,
    List<Example> examples, ModelFacts facts, Map<String, String> environment) {

  /** The version of the layout of {@link #toMap}; it changes where a key changes its meaning or goes. */
  public static final int FORMAT = 1;

  public EvaluationReport {
    Objects.requireNonNull(setup, "setup");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(facts, "facts");
    systems = List.copyOf(systems);
    tests = List.copyOf(tests);
    examples = List.copyOf(examples);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    if (systems.stream().map(SystemReport::name).distinct().count() != systems.size()) {
      throw new IllegalArgumentException(
          "systems must have different names but are " + systems.stream().map(SystemReport::name).toList());
    }
  }

  /**
   * How it was measured.
   *
   * @param protocol what is masked and who counts
   * @param part {@code test} or {@code valid}
   * @param pool {@code all} or {@code cold}
   * @param cuts the cuts k, ascending
   * @param k the cut that tables and tests are about, one of the cuts
   * @param metric the metric that slices and sentences are about
   * @param metrics those that were measured
   * @param subject the name of the system that is tested against every other; "" where none is
   * @param items the number of items that were ranked
   * @param users the number of users who were averaged over
   * @param seeds the number of runs, at least 1
   * @param level the confidence of intervals, in (0, 1)
   * @param resamples bootstrap samples of an interval
   * @param permutations sign flips of a test
   */
  public record Setup(Protocol protocol, String part, String pool, List<Integer> cuts, int k, Metric metric,
      List<Metric> metrics, String subject, int items, int users, int seeds, double level, int resamples,
      int permutations) {
    public Setup {
      cuts = List.copyOf(cuts);
      metrics = List.copyOf(metrics);
      if (!cuts.contains(k)) {
        throw new IllegalArgumentException("k must be one of the cuts " + cuts + " but was " + k);
      }
      if (!metrics.contains(metric)) {
        throw new IllegalArgumentException("the metric must be one of " + metrics + " but was " + metric);
      }
    }
  }

  /**
   * What it was measured on.
   *
   * @param name of the data set
   * @param split its kind
   * @param train rows, as are valid and test
   * @param itemsWithText items with a title or a text
   * @param coldItems items that have an interaction in the measured part and none in training
   * @param popularityShares the share of training interactions that go to items of the {@code head}, {@code mid} and {@code tail}; see {@link PopularityBands}
   */
  public record DataFacts(String name, String split, int users, int items, int train, int valid, int test,
      int itemsWithText, int itemsWithImage, int coldItems, Map<String, Double> popularityShares) {
    public DataFacts {
      popularityShares = Collections.unmodifiableMap(new LinkedHashMap<>(popularityShares));
    }
  }

  /**
   * A person whose list is shown.
   *
   * @param user their id
   * @param why the rule by which they were chosen, such as "upper quartile of ndcg@20"
   * @param value what the metric of the report says of the subject's list
   * @param history what they had in training, newest first, at most {@link ReportBuilder#SHOWN} ids
   * @param list the subject's list, best first
   * @param missed relevant items that the list does not have, at most {@link ReportBuilder#SHOWN} ids
   * @param relevant the number of relevant items
   */
  public record Example(String user, String why, double value, List<String> history, List<Ranked> list,
      List<String> missed, int relevant) {
    public Example {
      history = List.copyOf(history);
      list = List.copyOf(list);
      missed = List.copyOf(missed);
    }
  }

  /** One place of a shown list. */
  public record Ranked(String item, boolean hit) {}

  /** The system of this name. @throws IllegalArgumentException where there is none */
  public SystemReport system(String name) {
    return systems.stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no system '%s'; there are %s".formatted(name,
            systems.stream().map(SystemReport::name).toList())));
  }

  /** The same report with more known of the subject's model. */
  public EvaluationReport with(ModelFacts moreFacts) {
    return new EvaluationReport(setup, data, systems, tests, examples, moreFacts, environment);
  }

  /**
   * For {@code report.json}: {@code format}, {@code protocol}, {@code split}, {@code part}, {@code pool}, {@code k}, {@code cuts}, {@code items}, {@code users}, {@code seeds},
   * {@code models} (name → metric → mean at k), {@code systems} (name → metrics by cut with intervals, beyond accuracy, slices), {@code tests}, {@code data}, {@code examples},
   * {@code facts}, {@code environment}.
   */
  public Map<String, Object> toMap() {
    return ReportMaps.of(this);
  }
}
