package io.sfumato.recommend.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** An {@link EvaluationReport} as nested maps for JSON. */
final class ReportMaps {
  private ReportMaps() {}

  static Map<String, Object> of(EvaluationReport report) {
    EvaluationReport.Setup setup = report.setup();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("format", EvaluationReport.FORMAT);
    map.put("protocol", setup.protocol().key());
    map.put("split", report.data().split());
    map.put("part", setup.part());
    map.put("pool", setup.pool());
    map.put("k", setup.k());
    map.put("cuts", setup.cuts());
    map.put("metric", setup.metric().key());
    map.put("subject", setup.subject());
    map.put("items", setup.items());
    map.put("users", setup.users());
    map.put("seeds", setup.seeds());
    map.put("level", setup.level());
    map.put("resamples", setup.resamples());
    map.put("permutations", setup.permutations());
    map.put("models", models(report));
    Map<String, Object> systems = new LinkedHashMap<>();
    report.systems().forEach(system -> systems.put(system.name(), system(system, setup.cuts())));
    map.put("systems", systems);
    map.put("tests", report.tests().stream().map(ReportMaps::test).toList());
    map.put("data", data(report.data()));
    map.put("examples", report.examples().stream().map(ReportMaps::example).toList());
    map.put("facts", facts(report.facts()));
    map.put("environment", report.environment());
    return map;
  }

  /** The table: by system and metric, at the cut of the report. */
  private static Map<String, Map<String, Double>> models(EvaluationReport report) {
    Map<String, Map<String, Double>> models = new LinkedHashMap<>();
    for (SystemReport system : report.systems()) {
      Map<String, Double> means = new LinkedHashMap<>();
      system.figures().keySet().forEach(m -> means.put(m.key(), system.figure(m, report.setup().k()).mean()));
      models.put(system.name(), means);
    }
    return models;
  }

  private static Map<String, Object> system(SystemReport system, List<Integer> cuts) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    system.figures().forEach((metric, figures) -> {
      Map<String, Object> byCut = new LinkedHashMap<>();
      figures.forEach(figure -> byCut.put(String.valueOf(figure.k()), figure(figure)));
      metrics.put(metric.key(), byCut);
    });
    Map<String, Object> beyond = new LinkedHashMap<>();
    system.beyond().forEach(b -> beyond.put(String.valueOf(b.k()), b.toMap()));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("about", system.about());
    map.put("metrics", metrics);
    map.put("beyond", beyond);
    map.put("slices", system.slices().stream().map(slice -> slice(slice, cuts)).toList());
    return map;
  }

  private static Map<String, Object> figure(SystemReport.Figure figure) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("mean", figure.mean());
    Interval interval = figure.interval();
    if (interval != null) {
      map.put("low", interval.low());
      map.put("high", interval.high());
    }
    map.put("sd", figure.sd());
    map.put("seeds", figure.seeds());
    return map;
  }

  private static Map<String, Object> slice(SystemReport.Slice slice, List<Integer> cuts) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    slice.means().forEach((metric, means) -> {
      Map<String, Double> byCut = new LinkedHashMap<>();
      IntStream.range(0, means.size()).forEach(c -> byCut.put(String.valueOf(cuts.get(c)), means.get(c)));
      metrics.put(metric.key(), byCut);
    });
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("group", slice.group());
    map.put("name", slice.name());
    map.put("users", slice.users());
    map.put("metrics", metrics);
    return map;
  }

  private static Map<String, Object> test(PairedTest test) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("subject", test.subject());
    map.put("other", test.other());
    map.put("metric", test.metric().key());
    map.put("k", test.k());
    map.put("difference", test.difference());
    map.put("low", test.interval().low());
    map.put("high", test.interval().high());
    map.put("p", test.p());
    map.put("p_holm", test.holm());
    return map;
  }

  private static Map<String, Object> data(EvaluationReport.DataFacts data) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", data.name());
    map.put("users", data.users());
    map.put("items", data.items());
    map.put("train", data.train());
    map.put("valid", data.valid());
    map.put("test", data.test());
    map.put("items_with_text", data.itemsWithText());
    map.put("items_with_image", data.itemsWithImage());
    map.put("cold_items", data.coldItems());
    map.put("popularity_shares", data.popularityShares());
    return map;
  }

  private static Map<String, Object> example(EvaluationReport.Example example) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("user", example.user());
    map.put("why", example.why());
    map.put("value", example.value());
    map.put("history", example.history());
    map.put("list", example.list().stream().map(EvaluationReport.Ranked::item).toList());
    map.put("hits", example.list().stream().filter(r -> r.hit()).map(EvaluationReport.Ranked::item).toList());
    map.put("missed", example.missed());
    map.put("relevant", example.relevant());
    return map;
  }

  private static Map<String, Object> facts(ModelFacts facts) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("values", facts.values());
    map.put("curves", facts.curves().stream().map(curve -> {
      Map<String, Object> chart = new LinkedHashMap<>();
      chart.put("name", curve.name());
      chart.put("x", curve.xLabel());
      chart.put("y", curve.yLabel());
      Map<String, Object> series = new LinkedHashMap<>();
      curve.series()
          .forEach(line -> series.put(line.name(),
              line.points().stream().map(point -> List.of(point.x(), point.y())).toList()));
      chart.put("series", series);
      return chart;
    }).toList());
    return map;
  }
}
