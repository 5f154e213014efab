package io.sfumato.recommend.ranking;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Turns a candidate list into the ranker's feature matrix: the one code path of training and serving. A signal is standardised within the list, so
 * that scores of different scales and users of different lengths of history compare. Thread-safe.
 */
public final class FeatureExtractor {
  private static final double SECONDS_A_DAY = 86_400;

  private final FeatureSet features;
  private final ItemStatistics statistics;

  /** An extractor for a feature set over the statistics of the same catalogue. */
  public FeatureExtractor(FeatureSet features, ItemStatistics statistics) {
    this.features = features;
    this.statistics = statistics;
  }

  /** The columns that it fills. */
  public FeatureSet features() {
    return features;
  }

  /** The matrix of a list: row-major {@code [list.size(), features().width()]}. */
  public float[] extract(CandidateList list) {
    float[] matrix = new float[list.size() * features.width()];
    fill(list, matrix);
    return matrix;
  }

  /**
   * Writes the matrix of a list.
   *
   * @param matrix row-major {@code [list.size(), features().width()]}, or longer; every value is finite
   */
  public void fill(CandidateList list, float[] matrix) {
    fill(list, new BitSet(), matrix);
  }

  /**
   * The same with the signals from interactions hidden for some candidates, as if they never had been in training.
   *
   * @param hidden positions in the list
   */
  void fill(CandidateList list, BitSet hidden, float[] matrix) {
    if (list.scores().length != features.sources().size()) {
      throw new IllegalArgumentException("the list has %d sources but the feature set wants %d: %s".formatted(
          list.scores().length, features.sources().size(), features.sources()));
    }
    int column = 0;
    SignalColumns columns = new SignalColumns(list.size(), features.width());
    float[] values = new float[list.size()];
    for (int s = 0; s < list.scores().length; s++, column += SignalColumns.COUNT) {
      source(list, s, values);
      hide(features.sources().get(s), hidden, values);
      columns.fill(values, matrix, column);
    }
    for (FeatureSet.Statistic statistic : features.statistics()) {
      compute(statistic, list, values);
      if (!hidden.isEmpty()) {
        hide(statistic.signal(), hidden, values);
      }
      columns.fill(values, matrix, column);
      column += SignalColumns.COUNT;
    }
    for (int row = 0; row < list.size(); row++) {
      RequestFeatures.fill(list, matrix, row * features.width() + column);
    }
  }

  private static void hide(Signal signal, BitSet hidden, float[] values) {
    for (int i = hidden.nextSetBit(0); i >= 0 && signal.fromInteractions(); i = hidden.nextSetBit(i + 1)) {
      values[i] = Float.NaN;
    }
  }

  private void source(CandidateList list, int source, float[] values) {
    float @Nullable [] scores = list.scores()[source];
    if (scores == null) {
      Arrays.fill(values, Float.NaN);
      return;
    }
    boolean fromInteractions = features.sources().get(source).fromInteractions();
    for (int i = 0; i < values.length; i++) {
      values[i] = fromInteractions && statistics.count(list.items()[i]) == 0 ? Float.NaN : scores[i];
    }
  }

  private void compute(FeatureSet.Statistic statistic, CandidateList list, float[] values) {
    if (statistic == FeatureSet.Statistic.ATTRIBUTE_AFFINITY) {
      affinity(list, values);
      return;
    }
    long now = list.timestamp() > 0 ? list.timestamp() : statistics.latest();
    for (int i = 0; i < values.length; i++) {
      int item = list.items()[i];
      values[i] = statistics.count(item) == 0 ? Float.NaN : (float) switch (statistic) {
        case LOG_POPULARITY -> Logs.log1p(statistics.count(item));
        case POPULARITY_SO_FAR -> timed(statistics.countUntil(item, now));
        case RECENT_POPULARITY -> timed(statistics.recentCount(item, now));
        case DAYS_SINCE_LAST -> logDays(statistics.lastUntil(item, now), now);
        case DAYS_SINCE_FIRST -> logDays(statistics.first(item), now);
        case ATTRIBUTE_AFFINITY -> throw new AssertionError(statistic);
      };
    }
  }

  private double timed(int count) {
    return statistics.latest() == 0 ? Double.NaN : Logs.log1p(count);
  }

  private static double logDays(long time, long now) {
    return time == 0 ? Double.NaN
        : Logs.log1p((int) Math.min(Integer.MAX_VALUE, Math.max(0, now - time) / SECONDS_A_DAY));
  }

  /** {@code Σ_v rarity(v) · share of the history with v}, over the item's values v, divided by the square root of their number. */
  private void affinity(CandidateList list, float[] values) {
    float[] shares = new float[statistics.valueWeights().length];
    for (int item : list.history()) {
      for (int value : statistics.values(item)) {
        shares[value] += 1f / list.history().length;
      }
    }
    for (int i = 0; i < values.length; i++) {
      int[] own = statistics.values(list.items()[i]);
      float sum = 0;
      for (int value : own) {
        sum += statistics.valueWeights()[value] * shares[value];
      }
      values[i] = own.length == 0 || list.history().length == 0 ? Float.NaN : sum / (float) Math.sqrt(own.length);
    }
  }
}
