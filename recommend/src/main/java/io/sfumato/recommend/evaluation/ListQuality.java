package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Interactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Judges the lists of an evaluation beyond accuracy: per user where a figure is a user's, and by system. The formulas stand at {@link BeyondAccuracy}. Immutable. */
public final class ListQuality {
  private static final int LORENZ = 20;

  private final EvaluationResult result;
  private final ItemTraits traits;
  private final BitSet pool;
  /** GAP of the histories of the evaluated users. */
  private final OptionalDouble history;

  /**
   * Judges a result.
   *
   * @param traits of the items of the split that was evaluated
   */
  public ListQuality(EvaluationResult result, ItemTraits traits) {
    this.result = result;
    this.traits = traits;
    this.pool = Evaluation.pool(traits.split(), result.part(), result.pool());
    Interactions train = traits.split().train();
    this.history = mean(Arrays.stream(result.users()).mapToDouble(user -> popularity(train.itemsOf(user))).toArray());
  }

  /** The mean self-information of each user's list in bits, parallel to {@link EvaluationResult#users}; NaN where a list is empty. */
  public double[] novelty(String scorer, int k) {
    return perUser(scorer, k, list -> Arrays.stream(list)
        .mapToDouble(traits::selfInformation)
        .average()
        .orElse(
            Double.NaN));
  }

  /** The mean number of training users of the items of each user's list; NaN where it is empty. */
  public double[] popularity(String scorer, int k) {
    return perUser(scorer, k, this::popularity);
  }

  /** The mean of 1 − cosine over the pairs of each user's list; NaN where no two items have a vector. */
  public double[] diversityByVectors(String scorer, int k) {
    return perUser(scorer, k, traits::diversityByVectors);
  }

  /** The mean of 1 − Jaccard of the categories over the pairs of each user's list; NaN where no two items have any. */
  public double[] diversityByCategory(String scorer, int k) {
    return perUser(scorer, k, traits::diversityByCategory);
  }

  /** What the lists of a scorer are like. */
  public BeyondAccuracy measure(String scorer, int k) {
    long[] counts = new long[traits.split().train().itemCount()];
    for (int u = 0; u < result.userCount(); u++) {
      for (int item : list(scorer, u, k)) {
        counts[item]++;
      }
    }
    long[] sorted = pool.stream().mapToLong(item -> counts[item]).sorted().toArray();
    double popularity = mean(popularity(scorer, k)).orElse(0);
    return new BeyondAccuracy(k, coverage(sorted), gini(sorted), entropy(sorted), mean(novelty(scorer, k)).orElse(0),
        traits.hasVectors() ? mean(diversityByVectors(scorer, k)) : OptionalDouble.empty(),
        traits.hasCategories() ? mean(diversityByCategory(scorer, k)) : OptionalDouble.empty(), popularity,
        history.isPresent() && history.getAsDouble() > 0
            ? OptionalDouble.of((popularity - history.getAsDouble()) / history.getAsDouble())
            : OptionalDouble.empty(),
        shares(counts), lorenz(sorted));
  }

  private int[] list(String scorer, int u, int k) {
    int[] list = result.list(scorer, u);
    return list.length <= k ? list : Arrays.copyOf(list, k);
  }

  private double[] perUser(String scorer, int k, ToDoubleFunction<int[]> quality) {
    double[] values = new double[result.userCount()];
    Arrays.setAll(values, u -> quality.applyAsDouble(list(scorer, u, k)));
    return values;
  }

  private double popularity(int[] items) {
    return Arrays.stream(items).mapToDouble(traits::count).average().orElse(Double.NaN);
  }

  private static OptionalDouble mean(double[] values) {
    return Arrays.stream(values).filter(value -> !Double.isNaN(value)).average();
  }

  static double coverage(long[] counts) {
    return counts.length == 0 ? 0 : (double) Arrays.stream(counts).filter(c -> c > 0).count() / counts.length;
  }

  /** Of counts in ascending order. */
  static double gini(long[] sorted) {
    double total = Arrays.stream(sorted).sum();
    double sum = 0;
    for (int j = 0; j < sorted.length; j++) {
      sum += (2.0 * (j + 1) - sorted.length - 1) * sorted[j];
    }
    return total == 0 ? 0 : sum / (sorted.length * total);
  }

  static double entropy(long[] counts) {
    double total = Arrays.stream(counts).sum();
    return Arrays.stream(counts)
        .filter(c -> c > 0)
        .mapToDouble(c -> -c / total * Math.log(c / total) / Math.log(2))
        .sum();
  }

  /** The curve at 0, 5, … 100 % of the items, straight between neighbours. */
  static List<Double> lorenz(long[] sorted) {
    double[] cumulative = new double[sorted.length + 1];
    for (int i = 0; i < sorted.length; i++) {
      cumulative[i + 1] = cumulative[i] + sorted[i];
    }
    double total = Math.max(1, cumulative[sorted.length]);
    List<Double> curve = new ArrayList<>();
    for (int q = 0; q <= LORENZ; q++) {
      double at = (double) q / LORENZ * sorted.length;
      int below = (int) at;
      double rest = below < sorted.length ? (at - below) * sorted[below] : 0;
      curve.add((cumulative[below] + rest) / total);
    }
    return curve;
  }

  private Map<String, Double> shares(long[] counts) {
    double total = Math.max(1, Arrays.stream(counts).sum());
    long[] byBand = new long[PopularityBands.NAMES.size()];
    IntStream.range(0, counts.length).forEach(item -> byBand[traits.bands().band(item)] += counts[item]);
    Map<String, Double> shares = new LinkedHashMap<>();
    for (int band = 0; band < byBand.length; band++) {
      shares.put(PopularityBands.NAMES.get(band), byBand[band] / total);
    }
    return shares;
  }
}
