package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Attributes;
import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of items when lists are judged beyond accuracy: popularity in training, and vectors and categories where they are given. Immutable. */
public final class ItemTraits {
  private final Split split;
  private final int[] counts;
  private final int users;
  private final PopularityBands bands;
  private final float @Nullable [] @Nullable [] vectors;
  private final int @Nullable [][] categories;

  private ItemTraits(Split split, float @Nullable [] @Nullable [] vectors, int @Nullable [][] categories) {
    this.split = split;
    this.counts = split.train().itemCounts();
    int withRows = 0;
    for (int user = 0; user < split.train().userCount(); user++) {
      withRows += split.train().end(user) > split.train().start(user) ? 1 : 0;
    }
    this.users = withRows;
    this.bands = PopularityBands.of(split.train());
    this.vectors = vectors;
    this.categories = categories;
  }

  /** What the training interactions tell. */
  public static ItemTraits of(Split split) {
    return new ItemTraits(split, null, null);
  }

  /**
   * The same with vectors of items.
   *
   * @param values one an item, of any length but zero vectors, which count as none; null or of length 0 where an item has none
   */
  public ItemTraits withVectors(float[] @Nullable [] values) {
    if (values.length != counts.length) {
      throw new IllegalArgumentException(
          "there must be a vector for each of %d items but there are %d".formatted(counts.length, values.length));
    }
    float[][] units = new float[values.length][];
    for (int item = 0; item < units.length; item++) {
      units[item] = unit(values[item]);
    }
    return new ItemTraits(split, units, categories);
  }

  private static float[] unit(float @Nullable [] vector) {
    double squares = 0;
    for (int d = 0; vector != null && d < vector.length; d++) {
      squares += (double) vector[d] * vector[d];
    }
    if (vector == null || !(squares > 0) || !Double.isFinite(squares)) {
      return new float[0];
    }
    float[] unit = new float[vector.length];
    for (int d = 0; d < unit.length; d++) {
      unit[d] = (float) (vector[d] / Math.sqrt(squares));
    }
    return unit;
  }

  /**
   * The same with the values of an attribute as the items' categories; see {@link Attributes#values}. An item without any is in no category.
   *
   * @throws IllegalArgumentException where no item has the attribute
   */
  public ItemTraits withCategory(String attribute) {
    Catalog catalog = split.dataset().catalog();
    if (!catalog.attributeNames().contains(attribute)) {
      throw new IllegalArgumentException(
          "no item has an attribute '%s'; there are %s".formatted(attribute, catalog.attributeNames()));
    }
    Map<String, Integer> numbers = new HashMap<>();
    List<int[]> values = new ArrayList<>();
    catalog.forEach(item -> values.add(Attributes.values(item.attributes().getOrDefault(attribute, ""))
        .stream()
        .mapToInt(value -> numbers.computeIfAbsent(value, v -> numbers.size()))
        .sorted()
        .toArray()));
    return new ItemTraits(split, vectors, values.toArray(int[][]::new));
  }

  boolean hasVectors() {
    return vectors != null;
  }

  boolean hasCategories() {
    return categories != null;
  }

  Split split() {
    return split;
  }

  /** The number of training users of an item. */
  int count(int item) {
    return counts[item];
  }

  /** In bits: {@code −log2 p(i)}, see {@link BeyondAccuracy}. */
  double selfInformation(int item) {
    return -Math.log((counts[item] + 1.0) / (users + 1.0)) / Math.log(2);
  }

  PopularityBands bands() {
    return bands;
  }

  /** The mean of 1 − cosine over the pairs of a list's items that have a vector; NaN where there is no pair. For unit vectors, {@code Σ_{i≠j} cos = |Σ v|² − n}. */
  double diversityByVectors(int[] list) {
    float[][] units = vectors == null ? new float[counts.length][0] : vectors;
    double[] sum = new double[Arrays.stream(list).map(item -> units[item].length).max().orElse(0)];
    int n = 0;
    for (int item : list) {
      n += units[item].length > 0 ? 1 : 0;
      for (int d = 0; d < units[item].length; d++) {
        sum[d] += units[item][d];
      }
    }
    double square = Arrays.stream(sum).map(x -> x * x).sum();
    return n < 2 ? Double.NaN : 1 - (square - n) / ((double) n * (n - 1));
  }

  /** The mean of 1 − Jaccard over the pairs of a list's items that are in a category; NaN where there is no pair. */
  double diversityByCategory(int[] list) {
    int[][] of = categories == null ? new int[counts.length][0] : categories;
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < list.length; i++) {
      for (int j = 0; j < i; j++) {
        int[] a = of[list[i]];
        int[] b = of[list[j]];
        if (a.length > 0 && b.length > 0) {
          int both = common(a, b);
          sum += 1 - (double) both / (a.length + b.length - both);
          pairs++;
        }
      }
    }
    return pairs == 0 ? Double.NaN : sum / pairs;
  }

  private static int common(int[] a, int[] b) {
    int both = 0;
    for (int i = 0, j = 0; i < a.length && j < b.length;) {
      both += a[i] == b[j] ? 1 : 0;
      int move = Integer.compare(a[i], b[j]);
      i += move <= 0 ? 1 : 0;
      j += move >= 0 ? 1 : 0;
    }
    return both;
  }
}
