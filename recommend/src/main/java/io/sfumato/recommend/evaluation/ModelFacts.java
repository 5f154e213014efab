package io.sfumato.recommend.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What whoever writes a report knows of the model beyond its lists: learned weights, gates, learning curves. The harness takes it as it is.
 *
 * @param values by name, such as {@code fusion weight}; texts, numbers, and maps and lists of them
 * @param curves what can be drawn
 */
public record ModelFacts(Map<String, Object> values, List<Curve> curves) {
  /** Nothing is known. */
  public static final ModelFacts NONE = new ModelFacts(Map.of(), List.of());

  public ModelFacts {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    curves = List.copyOf(curves);
  }

  /** A chart of lines over one axis. */
  public record Curve(String name, String xLabel, String yLabel, List<Series> series) {
    public Curve {
      series = List.copyOf(series);
    }
  }

  /** A line of a chart, its points in the order in which they are joined. */
  public record Series(String name, List<Point> points) {
    public Series {
      points = List.copyOf(points);
    }
  }

  /** A finite point. */
  public record Point(double x, double y) {
    public Point {
      if (!Double.isFinite(x) || !Double.isFinite(y)) {
        throw new IllegalArgumentException("a point must be finite but was (%s, %s)".formatted(x, y));
      }
    }
  }
}
