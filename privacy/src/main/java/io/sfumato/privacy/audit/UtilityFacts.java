package io.sfumato.privacy.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What privacy cost: figures that were computed on people's data without noise. Internal, not private: {@code --public} leaves all of it out.
 *
 * @param metric its name, such as {@code ndcg@20}
 * @param people that the means are over
 * @param rows the model and its twins
 * @param slices the same for parts of the catalogue or of the people, since privacy hurts rare things most
 * @param curve metric of the private recommender against ε, ε ascending; empty where it was not measured
 */
public record UtilityFacts(String metric, long people, List<Row> rows, List<Slice> slices, List<Point> curve) {
  public UtilityFacts {
    rows = List.copyOf(rows);
    slices = List.copyOf(slices);
    curve = List.copyOf(curve);
  }

  /**
   * One model.
   *
   * @param name such as {@code private}, {@code clip-only}, {@code non-private}
   * @param epsilon ε that it was trained with; null where it has none
   * @param value mean of the metric
   * @param low lower end of its 95 % interval
   * @param high upper end
   * @param seeds draws that it is the mean of
   */
  public record Row(String name, @Nullable Double epsilon, double value, double low, double high, int seeds) {}

  /**
   * One slice.
   *
   * @param name such as {@code rare items}
   * @param model the row that it belongs to
   * @param value mean of the metric in the slice
   * @param count people or items in the slice
   */
  public record Slice(String name, String model, double value, long count) {}
}
