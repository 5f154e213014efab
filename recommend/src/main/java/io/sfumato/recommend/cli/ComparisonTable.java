package io.sfumato.recommend.cli;

import io.sfumato.recommend.evaluation.Metric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a comparison found: the mean of each metric by model.
 *
 * @param split kind of the split
 * @param k cut of the metrics
 * @param pool which items were ranked: {@code all} or {@code cold}
 * @param users how many users the means are over
 * @param models metrics by their keys, by name of the model, in the order of the table
 */
record ComparisonTable(String split, int k, String pool, int users, Map<String, Map<String, Double>> models) {
  ComparisonTable {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
  }

  /** The object that {@code --json} prints. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("split", split);
    map.put("k", k);
    map.put("pool", pool);
    map.put("users", users);
    map.put("models", models);
    return map;
  }

  /** The table for people. */
  String toText() {
    List<String> heading = new ArrayList<>(List.of("model"));
    Metric.OF_LISTS.stream().forEach(metric -> heading.add(" " + heading(metric)));
    List<List<String>> rows = new ArrayList<>();
    models.forEach((name, means) -> {
      List<String> row = new ArrayList<>(List.of(name));
      Metric.OF_LISTS.stream()
          .forEach(metric -> row.add(Text.metric(means.getOrDefault(metric.key(), Double.NaN))));
      rows.add(row);
    });
    return "%s of the test part (%s split), ranked among %s items:%n%n".formatted(Sfumato.plural(users, "user"), split,
        pool) + Text.table(heading, rows);
  }

  private String heading(Metric metric) {
    return metric.key().replace('_', ' ') + "@" + k;
  }
}
