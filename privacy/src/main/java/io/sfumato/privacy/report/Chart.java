package io.sfumato.privacy.report;

import io.sfumato.privacy.audit.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plot of curves over two axes, as a specification for Lets-Plot.
 *
 * @param across the horizontal axis
 * @param up the vertical axis
 * @param curves drawn in this order, the last on top
 * @param bars whether curves are drawn as bars
 */
record Chart(Axis across, Axis up, List<Curve> curves, boolean bars) {

  private static final double MARGIN = 0.04;

  Chart {
    curves = List.copyOf(curves);
  }

  /**
   * One axis.
   *
   * @param name with its unit
   * @param low where it starts, above 0 where it is logarithmic
   * @param high where it ends
   * @param log whether it is logarithmic
   */
  record Axis(String name, double low, double high, boolean log) {
    Axis {
      if (!(low < high) || (log && !(low > 0)) || !Double.isFinite(high)) {
        throw new IllegalArgumentException("an axis cannot go from " + low + " to " + high);
      }
    }

    /** How a place is labelled: powers of ten where it goes far down. */
    String label(double tick) {
      double power = Math.log10(tick);
      return log && low < 0.9e-4 && tick < 1 && Math.abs(power - Math.rint(power)) < 1e-9
          ? Words.power((int) Math.rint(power))
          : log && tick < 1e-3 ? Words.plain(tick) : Words.figure(tick);
    }

    double clamp(double value) {
      return Math.clamp(value, low, high);
    }
  }

  /**
   * A line or points.
   *
   * @param name in the legend
   * @param tone its colour
   * @param dash {@code solid}, {@code dashed}, {@code dotted}, or {@code dots} for points without a line
   * @param points x ascending
   */
  record Curve(String name, Tone tone, String dash, List<Point> points) {
    Curve {
      points = List.copyOf(points);
    }
  }

  /** What Lets-Plot draws, as maps and lists. */
  Map<String, Object> spec(int width, int height) {
    List<Object> layers = new ArrayList<>();
    for (Curve curve : curves) {
      layers.add(layer(curve));
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("kind", "plot");
    spec.put("layers", layers);
    spec.put("scales", new ArrayList<>(List.of(scale("x", across, width), scale("y", up, height))));
    spec.put("theme", theme());
    spec.put("ggsize", new LinkedHashMap<>(Map.of("width", width, "height", height)));
    return spec;
  }

  private Map<String, Object> layer(Curve curve) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (Point point : curve.points()) {
      x.add(across.clamp(point.x()));
      y.add(up.clamp(point.y()));
    }
    boolean dots = curve.dash().equals("dots");
    Map<String, Object> layer = new LinkedHashMap<>();
    layer.put("geom", bars ? "bar" : dots ? "point" : "path");
    layer.put("stat", "identity");
    layer.put("data", new LinkedHashMap<>(Map.of("x", x, "y", y)));
    layer.put("mapping", new LinkedHashMap<>(Map.of("x", "x", "y", "y")));
    layer.put("color", curve.tone().stand());
    layer.put("fill", curve.tone().stand());
    layer.put("tooltips", "none");
    if (!bars) {
      layer.put("size", dots ? 4 : curve.tone() == Tone.CHANCE ? 0.7 : 1.1);
    } else {
      layer.put("size", 0);
    }
    if (!dots && !curve.dash().equals("solid")) {
      layer.put("linetype", curve.dash());
    }
    return layer;
  }

  private static Map<String, Object> scale(String aesthetic, Axis axis, int pixels) {
    List<Double> breaks = Ticks.of(axis, pixels);
    Map<String, Object> scale = new LinkedHashMap<>();
    scale.put("aesthetic", aesthetic);
    scale.put("name", axis.name());
    scale.put("limits", new ArrayList<>(List.of(axis.low(), axis.high())));
    scale.put("breaks", new ArrayList<>(breaks));
    scale.put("labels", new ArrayList<>(breaks.stream().map(axis::label).toList()));
    scale.put("expand", new ArrayList<>(List.of(MARGIN, 0)));
    if (axis.log()) {
      scale.put("trans", "log10");
    }
    return scale;
  }

  private static Map<String, Object> theme() {
    Map<String, Object> theme = new LinkedHashMap<>();
    theme.put("name", "minimal2");
    theme.put("plot_background", "blank");
    theme.put("panel_background", "blank");
    theme.put("panel_grid_minor", "blank");
    theme.put("legend_position", "none");
    theme.put("panel_grid", new LinkedHashMap<>(Map.of("color", Tone.GRID.stand(), "size", 1, "blank", false)));
    theme.put("axis_line", new LinkedHashMap<>(Map.of("color", Tone.AXIS.stand(), "size", 1, "blank", false)));
    theme.put("axis_ticks", new LinkedHashMap<>(Map.of("color", Tone.AXIS.stand(), "size", 1, "blank", false)));
    theme.put("axis_text", new LinkedHashMap<>(Map.of("size", 13, "blank", false)));
    theme.put("axis_title", new LinkedHashMap<>(Map.of("size", 13, "blank", false)));
    return theme;
  }
}
