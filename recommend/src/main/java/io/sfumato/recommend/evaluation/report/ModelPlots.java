package io.sfumato.recommend.evaluation.report;

import static io.sfumato.recommend.evaluation.report.Vega.obj;

import io.sfumato.recommend.evaluation.ModelFacts;
import io.sfumato.recommend.evaluation.ModelFacts.Curve;
import io.sfumato.recommend.evaluation.ModelFacts.Point;
import io.sfumato.recommend.evaluation.ModelFacts.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plots of the curves that came with the model: learning, the sweep of the fusion weight. */
final class ModelPlots {
  private static final List<String> COLOURS = List.of(Vega.OURS, "var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)",
      "var(--c5)");
  private static final int MOST_ROWS = 60;

  private ModelPlots() {}

  /** A plot a curve that has a point. */
  static List<Plot> of(ModelFacts facts) {
    List<Plot> plots = new ArrayList<>();
    for (Curve curve : facts.curves()) {
      if (curve.series().stream().anyMatch(series -> !series.points().isEmpty())) {
        plots.add(plot(curve, "model-" + (plots.size() + 1)));
      }
    }
    return plots;
  }

  private static Plot plot(Curve curve, String id) {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (Series series : curve.series()) {
      for (Point point : series.points()) {
        rows.add(obj("series", series.name(), "x", point.x(), "y", point.y(), "single", series.points().size() == 1));
        if (table.size() < MOST_ROWS) {
          table.add(List.of(series.name(), Words.rough(point.x()), Words.figure(point.y())));
        }
      }
    }
    List<String> names = curve.series().stream().map(Series::name).toList();
    Map<String, Object> x = obj("field", "x", "type", "quantitative", "title", curve.xLabel(), "axis",
        obj("grid", false, "tickCount", 6), "scale", obj("zero", false, "nice", false, "padding", 8));
    Map<String, Object> y = Vega.number("y", curve.yLabel(), "~g");
    Map<String, Object> colour = Vega.scale("series", names,
        names.stream().map(name -> COLOURS.get(names.indexOf(name) % COLOURS.size())).toList());
    List<Object> tips = List.of(Vega.tip("series", "", ""), Vega.tip("x", curve.xLabel(), "~g"),
        Vega.tip("y", curve.yLabel(), ".4~f"));
    List<Map<String, Object>> layers = List.of(
        obj("transform", List.of(obj("filter", "!datum.single")), "mark", obj("type", "line", "strokeWidth", 2),
            "encoding", obj("x", x, "y", y, "color", colour)),
        obj("transform", List.of(obj("filter", "!datum.single")), "mark", obj("type", "point", "size", 30), "encoding",
            obj("x", x, "y", y, "color", colour, "tooltip", tips)),
        obj("transform", List.of(obj("filter", "datum.single")), "mark",
            obj("type", "point", "size", 140, "shape", "diamond"), "encoding",
            obj("x", x, "y", y, "color", colour, "tooltip", tips)),
        obj("transform", List.of(obj("filter", "datum.single")), "mark",
            obj("type", "text", "dy", -14, "fontSize", 12), "encoding",
            obj("x", x, "y", y, "text", obj("field", "series"))));
    return new Plot(id, curve.name(), "",
        curve.yLabel() + " over " + curve.xLabel() + ": " + Words.list(names)
            + "; the figures stand in the table below",
        Vega.layered(rows, 240, layers),
        new DataTable(List.of("Line", Words.capital(curve.xLabel()), Words.capital(curve.yLabel())), table, ""),
        legend(curve));
  }

  /** Which line of a curve is which; nothing where there is one. */
  private static List<Palette.Entry> legend(Curve curve) {
    List<Palette.Entry> entries = new ArrayList<>();
    for (int s = 0; s < curve.series().size(); s++) {
      Series series = curve.series().get(s);
      if (series.points().size() > 1) {
        entries.add(new Palette.Entry(series.name(), COLOURS.get(s % COLOURS.size()), "circle"));
      }
    }
    return entries.size() > 1 ? entries : List.of();
  }
}
