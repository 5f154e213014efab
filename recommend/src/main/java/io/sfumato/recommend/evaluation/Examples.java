package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.recommend.evaluation.EvaluationReport.Example;
import io.sfumato.recommend.evaluation.EvaluationReport.Ranked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Chooses people whose lists a report shows by a rule that flatters nobody: those at the quartiles of a metric, the lowest and the highest among them. */
final class Examples {
  private static final List<String> PLACES = List.of("lowest", "lower quartile of", "median of", "upper quartile of",
      "highest");

  private final EvaluationResult result;
  private final Split split;
  private final String system;

  Examples(EvaluationResult result, Split split, String system) {
    this.result = result;
    this.split = split;
    this.system = system;
  }

  /** Five people, the lowest first; fewer where there are fewer. Of people of one value, the order is that of the data set. */
  List<Example> atQuartiles(Metric metric, int k) {
    double[] values = result.perUser(system, metric, k);
    int[] order = IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(u -> values[u]))
        .mapToInt(Integer::intValue)
        .toArray();
    List<Example> examples = new ArrayList<>();
    BitSet taken = new BitSet();
    for (int q = 0; q < PLACES.size() && order.length > 0; q++) {
      int place = (int) Math.round((order.length - 1) * q / (PLACES.size() - 1.0));
      if (!taken.get(place)) {
        taken.set(place);
        examples.add(example(order[place], PLACES.get(q) + " " + metric.key() + (metric == Metric.AUC ? "" : "@" + k),
            values[order[place]], k));
      }
    }
    return examples;
  }

  private Example example(int u, String why, double value, int k) {
    Catalog catalog = split.dataset().catalog();
    int[] relevant = result.relevant(u);
    int[] all = result.list(system, u);
    int[] list = all.length <= k ? all : Arrays.copyOf(all, k);
    List<Ranked> ranked = Arrays.stream(list)
        .mapToObj(item -> new Ranked(catalog.id(item), Arrays.binarySearch(relevant, item) >= 0))
        .toList();
    List<String> missed = Arrays.stream(relevant)
        .filter(item -> Arrays.stream(list).noneMatch(listed -> listed == item))
        .limit(ReportBuilder.SHOWN)
        .mapToObj(catalog::id)
        .toList();
    int user = result.users()[u];
    return new Example(split.train().userId(user), why, value, newest(user), ranked, missed, relevant.length);
  }

  private List<String> newest(int user) {
    Interactions train = split.train();
    return IntStream.range(0, train.end(user) - train.start(user))
        .map(i -> train.item(train.end(user) - 1 - i))
        .distinct()
        .limit(ReportBuilder.SHOWN)
        .mapToObj(split.dataset().catalog()::id)
        .toList();
  }
}
