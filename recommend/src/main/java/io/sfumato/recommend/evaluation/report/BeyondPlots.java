package io.sfumato.recommend.evaluation.report;

import static io.sfumato.recommend.evaluation.report.Vega.obj;

import io.sfumato.recommend.evaluation.BeyondAccuracy;
import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.evaluation.PopularityBands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Plots and the table of what lists are like beyond accuracy. */
final class BeyondPlots {
  private static final String TRAINING = "what people took";

  private final EvaluationReport report;
  private final EvaluationReport.Setup setup;
  private final Palette palette;

  BeyondPlots(EvaluationReport report, Palette palette) {
    this.report = report;
    this.setup = report.setup();
    this.palette = palette;
  }

  /** What a system's lists are like at the cut of the report. */
  BeyondAccuracy of(String system) {
    return report.system(system)
        .beyond()
        .stream()
        .filter(beyond -> beyond.k() == setup.k())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "nothing beyond accuracy was measured of %s at k = %d".formatted(system, setup.k())));
  }

  /** One row a system. */
  DataTable table() {
    List<List<String>> rows = new ArrayList<>();
    for (String name : palette.systems()) {
      BeyondAccuracy b = of(name);
      rows.add(List.of(name, Words.percent(b.coverage()), Words.rough(b.gini()), Words.rough(b.entropy()),
          Words.rough(b.novelty()), rough(b.diversityByVectors()), rough(b.diversityByCategory()),
          Words.rough(b.popularity()), b.popularityLift().isPresent()
              ? Words.change(b.popularityLift().getAsDouble())
              : "–"));
    }
    return new DataTable(List.of("System", "Coverage", "Gini", "Entropy, bits", "Novelty, bits", "Diversity, vectors",
        "Diversity, attributes", "Popularity", "Popularity lift"), rows, setup.subject());
  }

  private static String rough(OptionalDouble value) {
    return value.isPresent() ? Words.rough(value.getAsDouble()) : "–";
  }

  /** How recommendations are shared out between popular and rare items, beside how people's own choices are. */
  Plot longTail() {
    List<String> order = new ArrayList<>(List.of(TRAINING));
    order.addAll(palette.systems());
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (String name : order) {
      Map<String, Double> shares = name.equals(TRAINING) ? report.data().popularityShares() : of(name).shares();
      List<String> cells = new ArrayList<>(List.of(name));
      for (String band : PopularityBands.NAMES) {
        double share = shares.getOrDefault(band, 0.0);
        rows.add(obj("system", name, "band", band, "share", share, "order", PopularityBands.NAMES.indexOf(band)));
        cells.add(Words.percent(share));
      }
      table.add(cells);
    }
    Map<String, Object> encoding = obj("y", Vega.names("system", order), "x",
        obj("field", "share", "type", "quantitative", "stack", "normalize", "title", "share of recommendations", "axis",
            obj("format", ".0%", "tickCount", 5)),
        "color", Vega.scale("band", PopularityBands.NAMES, List.of("var(--head)", "var(--mid)", "var(--tail)")),
        "order",
        obj("field", "order", "type", "quantitative"), "tooltip",
        List.of(Vega.tip("system", "system", ""), Vega.tip("band", "items", ""), Vega.tip("share", "share", ".1%")));
    List<String> headings = new ArrayList<>(List.of("System"));
    PopularityBands.NAMES.forEach(band -> headings.add(Words.capital(band)));
    return new Plot("long-tail", "Who gets recommended: head, middle and long tail",
        "Head: the most popular items that take the first %s of training interactions together; tail: the least popular that take the last %s."
            .formatted(Words.percent(PopularityBands.HEAD_SHARE), Words.percent(PopularityBands.TAIL_SHARE)),
        "Share of recommendations that go to popular, middling and rare items, for each system and for what people took; the figures stand in the table below",
        Vega.layered(rows, 24 * order.size(),
            List.of(obj("mark", obj("type", "bar", "height", 16), "encoding", encoding))),
        new DataTable(headings, table, setup.subject()),
        PopularityBands.NAMES.stream()
            .map(band -> new Palette.Entry(band, "var(--" + band + ")", "square"))
            .toList());
  }

  /** Accuracy against another quality: up and to the right is better where more of it is. */
  Plot tradeOff(String id, String quality, String format, ToDoubleFunction<BeyondAccuracy> value) {
    String metric = Words.name(setup.metric(), setup.k());
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (String name : palette.systems()) {
      double x = value.applyAsDouble(of(name));
      double y = report.system(name).figure(setup.metric(), setup.k()).mean();
      rows.add(obj("system", name, "x", x, "y", y, "ours", name.equals(setup.subject()), "shown",
          palette.shown().contains(name)));
      table.add(List.of(name, Words.rough(x), Words.figure(y)));
    }
    Map<String, Object> colour = Vega.scale("system", palette.domain(), palette.colours(setup.subject()));
    Map<String, Object> x = Vega.fromZero("x", quality, format);
    Map<String, Object> y = Vega.fromZero("y", metric, ".2~f");
    List<Map<String, Object>> layers = List.of(
        obj("mark", obj("type", "point"), "encoding",
            obj("x", x, "y", y, "color", colour, "shape", Vega.scale("system", palette.domain(), palette.shapes()),
                "size",
                obj("condition", obj("test", "datum.ours", "value", 150), "value", 70), "opacity",
                obj("condition", obj("test", "datum.shown", "value", 1), "value", 0.6), "tooltip",
                List.of(Vega.tip("system", "system", ""), Vega.tip("x", quality, format),
                    Vega.tip("y", metric, ".4f")))),
        obj("transform", List.of(obj("filter", "!datum.shown")), "mark",
            obj("type", "text", "dy", -10, "fontSize", 10.5, "limit", 110, "color", Vega.SOFT), "encoding",
            obj("x", x, "y", y, "text", obj("field", "system"))));
    return new Plot(id, "Accuracy and " + quality.toLowerCase(java.util.Locale.ROOT), "",
        metric + " over " + quality + ", a point a system; the figures stand in the table below",
        Vega.layered(rows, 260, layers), new DataTable(List.of("System", quality, metric), table, setup.subject()),
        palette.legend(setup.subject()));
  }

  /** How unequally recommendations fall on items. */
  Plot lorenz() {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (String name : palette.shown()) {
      List<Double> lorenz = of(name).lorenz();
      for (int i = 0; i < lorenz.size(); i++) {
        rows.add(obj("system", name, "x", (double) i / (lorenz.size() - 1), "y", lorenz.get(i), "ours",
            name.equals(setup.subject())));
      }
      int half = (lorenz.size() - 1) / 2;
      int most = (lorenz.size() - 1) * 9 / 10;
      table.add(List.of(name, Words.percent(lorenz.get(half)), Words.percent(1 - lorenz.get(most))));
    }
    Map<String, Object> x = obj("field", "x", "type", "quantitative", "title", "items, the least recommended first",
        "axis", obj("format", ".0%", "tickCount", 5));
    Map<String, Object> y = obj("field", "y", "type", "quantitative", "title", "share of recommendations", "axis",
        obj("format", ".0%", "tickCount", 5));
    List<Map<String, Object>> layers = List.of(
        obj("data", obj("values", List.of(obj("x", 0, "y", 0), obj("x", 1, "y", 1))), "mark",
            obj("type", "line", "strokeDash", List.of(3, 3), "color", Vega.SOFT, "strokeWidth", 1), "encoding",
            obj("x", x, "y", y)),
        obj("mark", obj("type", "line"), "encoding",
            obj("x", x, "y", y, "color", Vega.scale("system", palette.domain(), palette.colours(setup.subject())),
                "strokeWidth", obj("condition", obj("test", "datum.ours", "value", 3), "value", 1.5), "tooltip",
                List.of(Vega.tip("system", "system", "")))));
    return new Plot("lorenz", "How evenly items are recommended",
        "On the dashed line every item would be recommended as often. The further below it, the fewer items take it all.",
        "Lorenz curves of how often items are recommended; the figures stand in the table below",
        Vega.layered(rows, 260, layers),
        new DataTable(List.of("System", "What the rarer half gets", "What the top tenth gets"), table, setup.subject()),
        palette.legend(setup.subject()));
  }
}
