package io.sfumato.recommend.cli;

import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.evaluation.Interval;
import io.sfumato.recommend.evaluation.Metric;
import io.sfumato.recommend.evaluation.PairedTest;
import io.sfumato.recommend.evaluation.SystemReport;
import io.sfumato.recommend.evaluation.SystemReport.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a comparison found, as the terminal and {@code --json} tell it: the figures at the cut of the report. */
final class ComparisonTable {
  private static final int NAME_WIDTH = 22;

  private final EvaluationReport report;
  private final EvaluationReport.Setup setup;

  ComparisonTable(EvaluationReport report) {
    this.report = report;
    this.setup = report.setup();
  }

  /** How many users the means are over. */
  int users() {
    return setup.users();
  }

  /** Means by metric, by system, in the order of the table. */
  Map<String, Map<String, Double>> models() {
    Map<String, Map<String, Double>> models = new LinkedHashMap<>();
    for (SystemReport system : report.systems()) {
      Map<String, Double> means = new LinkedHashMap<>();
      setup.metrics().forEach(metric -> means.put(metric.key(), system.figure(metric, setup.k()).mean()));
      models.put(system.name(), means);
    }
    return models;
  }

  /**
   * The object that {@code --json} prints: {@code split}, {@code part}, {@code protocol}, {@code k}, {@code cuts}, {@code pool}, {@code items}, {@code users}, {@code seeds}, {@code subject}, {@code models} (name →
   * metric → mean at k), {@code intervals} (name → metric → [low, high]), {@code deviations} (name → metric → standard deviation over seeds; where there are several), {@code tests}.
   */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("split", report.data().split());
    map.put("part", setup.part());
    map.put("protocol", setup.protocol().key());
    map.put("k", setup.k());
    map.put("cuts", setup.cuts());
    map.put("pool", setup.pool());
    map.put("items", setup.items());
    map.put("users", setup.users());
    map.put("seeds", setup.seeds());
    map.put("subject", setup.subject());
    map.put("models", models());
    Map<String, Object> intervals = new LinkedHashMap<>();
    Map<String, Object> deviations = new LinkedHashMap<>();
    for (SystemReport system : report.systems()) {
      Map<String, Object> ends = new LinkedHashMap<>();
      Map<String, Object> sd = new LinkedHashMap<>();
      for (Metric metric : setup.metrics()) {
        Figure figure = system.figure(metric, setup.k());
        Interval interval = figure.interval();
        if (interval != null) {
          ends.put(metric.key(), List.of(interval.low(), interval.high()));
        }
        if (figure.seeds().size() > 1) {
          sd.put(metric.key(), figure.sd());
        }
      }
      intervals.put(system.name(), ends);
      if (!sd.isEmpty()) {
        deviations.put(system.name(), sd);
      }
    }
    map.put("intervals", intervals);
    if (!deviations.isEmpty()) {
      map.put("deviations", deviations);
    }
    map.put("tests", report.tests().stream().filter(test -> test.k() == setup.k()).map(this::test).toList());
    return map;
  }

  private Map<String, Object> test(PairedTest test) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("other", test.other());
    map.put("metric", test.metric().key());
    map.put("difference", test.difference());
    map.put("low", test.interval().low());
    map.put("high", test.interval().high());
    map.put("p", test.p());
    map.put("p_holm", test.holm());
    return map;
  }

  /** The table for people, at most 100 columns wide while names are short. */
  String toText() {
    boolean several = setup.seeds() > 1;
    String main = heading(setup.metric());
    List<String> heading = new ArrayList<>(List.of("system", " " + main));
    if (several) {
      heading.add(" ± sd");
    }
    heading.add("%.0f %% interval".formatted(100 * setup.level()));
    List<Metric> others = setup.metrics().stream().filter(metric -> metric != setup.metric()).toList();
    others.forEach(metric -> heading.add(" " + heading(metric)));
    boolean tested = !setup.subject().isEmpty() && report.systems().size() > 1;
    if (tested) {
      heading.add(" behind");
      heading.add(" p");
    }
    List<List<String>> rows = new ArrayList<>();
    for (SystemReport system : report.systems()) {
      Figure figure = system.figure(setup.metric(), setup.k());
      List<String> row = new ArrayList<>(List.of(Text.cut(system.name(), NAME_WIDTH), Text.metric(figure.mean())));
      if (several) {
        row.add(figure.seeds().size() > 1 ? Text.metric(figure.sd()) : "");
      }
      Interval interval = figure.interval();
      row.add(interval == null ? "" : Text.metric(interval.low()) + "–" + Text.metric(interval.high()));
      others.forEach(metric -> row.add(Text.metric(system.figure(metric, setup.k()).mean())));
      if (tested) {
        PairedTest test = test(system.name());
        row.add(test == null ? "" : String.format(Locale.ROOT, "%+.4f", -test.difference()));
        row.add(test == null ? "" : p(test.holm()));
      }
      rows.add(row);
    }
    return header() + Text.table(heading, rows) + (tested ? legend() : "");
  }

  private String header() {
    return "%s of the %s part (%s split), %s ranked%s, cut at %d%s:%n%n".formatted(
        Sfumato.plural(setup.users(), "user"), setup.part(), report.data().split(),
        Sfumato.plural(setup.items(), "item"),
        setup.pool().equals("cold") ? " that nobody took in training" : "", setup.k(),
        setup.protocol() == io.sfumato.recommend.evaluation.Protocol.FULL ? ""
            : ", protocol " + setup.protocol().key());
  }

  private String legend() {
    return "\n" + Text.wrap(
        "behind: %s less that of %s, mean over users; p: two-sided paired randomisation over users, %s flips, Holm."
            .formatted(heading(setup.metric()), setup.subject(),
                String.format(Locale.ROOT, "%,d", setup.permutations())));
  }

  private @Nullable PairedTest test(String other) {
    return report.tests()
        .stream()
        .filter(test -> test.other().equals(other) && test.metric() == setup.metric() && test.k() == setup.k())
        .findFirst()
        .orElse(null);
  }

  private static String p(double p) {
    return p < 0.0001 ? "<0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  private static String heading(Metric metric) {
    return switch (metric) {
      case PRECISION -> "prec.";
      case HIT_RATE -> "hits";
      default -> metric.key();
    };
  }
}
