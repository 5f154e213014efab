package io.sfumato.recommend.evaluation.report;

import static io.sfumato.recommend.evaluation.report.Vega.obj;

import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.evaluation.Interval;
import io.sfumato.recommend.evaluation.Metric;
import io.sfumato.recommend.evaluation.PairedTest;
import io.sfumato.recommend.evaluation.SystemReport;
import io.sfumato.recommend.evaluation.SystemReport.Figure;
import io.sfumato.recommend.evaluation.SystemReport.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Plots of accuracy: the difference to every system, metrics by cut, and slices. */
final class AccuracyPlots {
  private static final double SURE = 0.05;
  private static final int ROW = 24;

  private final EvaluationReport report;
  private final EvaluationReport.Setup setup;
  private final Palette palette;

  AccuracyPlots(EvaluationReport report, Palette palette) {
    this.report = report;
    this.setup = report.setup();
    this.palette = palette;
  }

  /** The tests on the metric and cut of the report, the hardest to beat first. */
  static List<PairedTest> tests(EvaluationReport report) {
    return report.tests()
        .stream()
        .filter(test -> test.metric() == report.setup().metric() && test.k() == report.setup().k())
        .sorted(Comparator.comparingDouble(PairedTest::difference))
        .toList();
  }

  /** The subject less every other system, with intervals. */
  Plot differences() {
    List<PairedTest> tests = tests(report);
    String metric = Words.name(setup.metric(), setup.k());
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (PairedTest test : tests) {
      String verdict = test.holm() >= SURE ? "unsure" : test.difference() > 0 ? "better" : "worse";
      rows.add(obj("system", test.other(), "difference", test.difference(), "low", test.interval().low(), "high",
          test.interval().high(), "verdict", verdict, "p", Words.p(test.holm())));
      table.add(List.of(test.other(), Words.signed(test.difference()),
          Words.signed(test.interval().low()) + " to " + Words.signed(test.interval().high()), Words.p(test.p()),
          Words.p(test.holm())));
    }
    Map<String, Object> y = Vega.names("system", tests.stream().map(PairedTest::other).toList());
    Map<String, Object> colour = obj("field", "verdict", "type", "nominal", "legend", false, "scale",
        obj("domain", List.of("better", "unsure", "worse"), "range", List.of(Vega.GOOD, Vega.OTHER, Vega.BAD)));
    List<Object> tips = List.of(Vega.tip("system", "against", ""), Vega.tip("difference", "difference", "+.4f"),
        Vega.tip("low", "from", "+.4f"), Vega.tip("high", "to", "+.4f"), Vega.tip("p", "Holm p", ""));
    List<Map<String, Object>> layers = List.of(
        obj("mark", obj("type", "rule", "strokeDash", List.of(3, 3)), "encoding", obj("x", obj("datum", 0))),
        obj("mark", obj("type", "rule", "strokeWidth", 3, "strokeCap", "round", "opacity", 0.55), "encoding",
            obj("y", y, "x", Vega.fromZero("low", "difference in " + metric, "+.3~f"), "x2",
                obj("field", "high"), "color", colour, "tooltip", tips)),
        obj("mark", obj("type", "point", "size", 90), "encoding",
            obj("y", y, "x", Vega.fromZero("difference", "difference in " + metric, "+.3~f"),
                "color", colour, "tooltip", tips)));
    String label = "Difference in " + metric + " between " + setup.subject() + " and " + tests.size()
        + " other systems, with intervals; the figures stand in the table below";
    return new Plot("differences", "How much better, and how sure",
        "A point is the mean over users of %s less the other system; the bar covers the true difference with %s confidence. Coloured where the difference holds at Holm p < 0.05, grey where it does not."
            .formatted(setup.subject(), Words.percent(setup.level())),
        label, Vega.layered(rows, ROW * rows.size(), layers),
        new DataTable(List.of("Against", "Difference", "Interval", "p", "Holm p"), table, ""), List.of());
  }

  /** A metric at every cut, a line a system. */
  Plot byCut(Metric metric) {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (String name : palette.systems()) {
      List<String> cells = new ArrayList<>(List.of(name));
      for (int k : setup.cuts()) {
        Figure figure = report.system(name).figure(metric, k);
        Interval interval = figure.interval();
        rows.add(obj("system", name, "k", k, "value", figure.mean(), "low", interval == null ? null : interval.low(),
            "high", interval == null ? null : interval.high(), "ours", name.equals(setup.subject()), "shown",
            palette.shown().contains(name)));
        cells.add(Words.figure(figure.mean()));
      }
      table.add(cells);
    }
    Map<String, Object> x = obj("field", "k", "type", "quantitative", "title", "k, length of the list", "axis",
        obj("values", setup.cuts(), "grid", false), "scale", obj("type", "log", "nice", false));
    Map<String, Object> y = Vega.fromZero("value", Words.name(metric) + "@k", ".2~f");
    Map<String, Object> colour = Vega.scale("system", palette.domain(), palette.colours(setup.subject()));
    List<Object> tips = List.of(Vega.tip("system", "system", ""), Vega.tip("k", "k", "d"),
        Vega.tip("value", Words.name(metric) + "@k", ".4f"));
    List<Map<String, Object>> layers = List.of(
        obj("transform", List.of(obj("filter", "datum.ours && isValid(datum.low)")), "mark",
            obj("type", "area", "opacity", 0.16), "encoding",
            obj("x", x, "y", Vega.fromZero("low", Words.name(metric) + "@k", ".2~f"), "y2", obj("field", "high"),
                "color",
                colour)),
        obj("mark", obj("type", "line"), "encoding",
            obj("x", x, "y", y, "color", colour, "detail", obj("field", "system"), "strokeWidth",
                obj("condition", obj("test", "datum.ours", "value", 3), "value", 1.5), "opacity",
                obj("condition", obj("test", "datum.shown", "value", 1), "value", 0.35))),
        obj("transform", List.of(obj("filter", "datum.shown")), "mark", obj("type", "point", "size", 55), "encoding",
            obj("x", x, "y", y, "color", colour, "shape",
                Vega.scale("system", palette.domain(), palette.shapes()), "tooltip", tips)));
    List<String> headings = new ArrayList<>(List.of("System"));
    setup.cuts().forEach(k -> headings.add(Words.name(metric, k)));
    return new Plot("cuts-" + metric.key().replace('_', '-'), Words.name(metric) + " by length of the list", "",
        "Lines of " + Words.name(metric) + " over the length of the list for " + palette.systems().size()
            + " systems; the figures stand in the table below",
        Vega.layered(rows, 260, layers), new DataTable(headings, table, setup.subject()),
        palette.legend(setup.subject()));
  }

  /** The groups of slices, in the order of the report. */
  static List<String> groups(EvaluationReport report) {
    Set<String> groups = new LinkedHashSet<>();
    report.systems().forEach(system -> system.slices().forEach(slice -> groups.add(slice.group())));
    return List.copyOf(groups);
  }

  /** The metric of the report in each slice of a group, a point a system. */
  Plot slices(String group, int number) {
    String metric = Words.name(setup.metric(), setup.k());
    List<Slice> of = slices(report.system(palette.domain().getFirst()), group);
    List<String> labels = of.stream().map(AccuracyPlots::label).toList();
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (String name : palette.systems()) {
      List<String> cells = new ArrayList<>(List.of(name));
      List<Slice> slices = slices(report.system(name), group);
      for (int s = 0; s < slices.size(); s++) {
        double value = value(setup, slices.get(s));
        cells.add(slices.get(s).users() == 0 ? "–" : Words.figure(value));
        if (slices.get(s).users() > 0) {
          rows.add(obj("system", name, "slice", labels.get(s), "value", value, "users", slices.get(s).users(), "ours",
              name.equals(setup.subject()), "shown", palette.shown().contains(name)));
        }
      }
      table.add(cells);
    }
    Map<String, Object> y = Vega.names("slice", labels);
    List<Object> tips = List.of(Vega.tip("system", "system", ""), Vega.tip("slice", group, ""),
        Vega.tip("value", metric, ".4f"), Vega.tip("users", "users", "d"));
    Map<String, Object> encoding = obj("y", y, "x", Vega.fromZero("value", metric, ".2~f"), "color",
        Vega.scale("system", palette.domain(), palette.colours(setup.subject())), "shape",
        Vega.scale("system", palette.domain(), palette.shapes()), "size",
        obj("condition", obj("test", "datum.ours", "value", 130), "value", 55), "opacity",
        obj("condition", obj("test", "datum.shown", "value", 0.95), "value", 0.35), "tooltip", tips);
    List<Map<String, Object>> layers = List.of(
        obj("mark", obj("type", "rule", "opacity", 0.35), "encoding",
            obj("y", y, "x", obj("field", "value", "aggregate", "min", "type", "quantitative"), "x2",
                obj("field", "value", "aggregate", "max"))),
        obj("transform", List.of(obj("filter", "!datum.ours")), "mark", obj("type", "point"), "encoding", encoding),
        obj("transform", List.of(obj("filter", "datum.ours")), "mark", obj("type", "point"), "encoding", encoding));
    List<String> headings = new ArrayList<>(List.of("System"));
    headings.addAll(labels);
    return new Plot("slices-" + number, "By " + group, "",
        metric + " of every system in each slice by " + group + "; the figures stand in the table below",
        Vega.layered(rows, 34 * labels.size(), layers), new DataTable(headings, table, setup.subject()),
        palette.legend(setup.subject()));
  }

  /** {@code tail (431 users)}. */
  private static String label(Slice slice) {
    return slice.name() + " (" + String.format(java.util.Locale.ROOT, "%,d", slice.users()) + ")";
  }

  /** The slices of a group. */
  static List<Slice> slices(SystemReport system, String group) {
    return system.slices().stream().filter(slice -> slice.group().equals(group)).toList();
  }

  /** The metric of the report at its cut in a slice. */
  static double value(EvaluationReport.Setup setup, Slice slice) {
    int cut = IntStream.range(0, setup.cuts().size())
        .filter(c -> setup.cuts().get(c) == setup.k())
        .findFirst()
        .orElseThrow();
    return slice.means().getOrDefault(setup.metric(), List.of()).get(cut);
  }
}
