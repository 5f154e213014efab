package io.sfumato.recommend.evaluation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one system.
 *
 * @param name as in the table
 * @param about one line on what it is; "" where the name says it
 * @param figures by metric, one a cut, in the order of the cuts
 * @param beyond what lists are like beyond accuracy, one a cut
 * @param slices the accuracy for parts of the users or of the items
 */
public record SystemReport(String name, String about, Map<Metric, List<Figure>> figures, List<BeyondAccuracy> beyond,
    List<Slice> slices) {
  public SystemReport {
    Objects.requireNonNull(about, "about");
    figures = copy(figures);
    beyond = List.copyOf(beyond);
    slices = List.copyOf(slices);
  }

  /**
   * The mean of a metric over users, and over seeds where there are several.
   *
   * @param k the cut
   * @param mean over users of the mean over seeds
   * @param interval by bootstrap over users, null where none was computed
   * @param seeds the mean over users of each run, at least one
   * @param sd the standard deviation of {@code seeds} (n − 1), 0 where there is one
   */
  public record Figure(int k, double mean, @Nullable Interval interval, List<Double> seeds, double sd) {
    public Figure {
      seeds = List.copyOf(seeds);
    }
  }

  /**
   * The accuracy for a part of the users, or for relevant items of a kind alone.
   *
   * @param group what the slices are by, such as {@code history} or {@code item popularity}
   * @param name of the slice, such as {@code 5–9 items} or {@code tail}
   * @param users who have a relevant item in it; the means are over them
   * @param means by metric, one a cut, in the order of the cuts; 0 where there are no users
   */
  public record Slice(String group, String name, int users, Map<Metric, List<Double>> means) {
    public Slice {
      means = copy(means);
    }
  }

  /** The figure of a metric at a cut. @throws IllegalArgumentException where it was not measured */
  public Figure figure(Metric metric, int k) {
    return figures.getOrDefault(metric, List.of())
        .stream()
        .filter(f -> f.k() == k)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "%s@%d of %s was not measured; there are %s".formatted(metric.key(), k, name, figures.keySet())));
  }

  private static <T> Map<Metric, List<T>> copy(Map<Metric, List<T>> values) {
    Map<Metric, List<T>> copy = new EnumMap<>(Metric.class);
    values.forEach((metric, list) -> copy.put(metric, List.copyOf(list)));
    return Collections.unmodifiableMap(copy);
  }
}
