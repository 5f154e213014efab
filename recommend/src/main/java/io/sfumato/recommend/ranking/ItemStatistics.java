package io.sfumato.recommend.ranking;

import io.sfumato.datasets.Attributes;
import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts, times and attribute values of items, from the training interactions and the catalogue. Immutable but for what is private to it, safe for
 * use by many threads. Items beyond {@link #itemCount()}, added after training, have no counts and no attributes here.
 */
public final class ItemStatistics {
  /** The recent window, as a share of the time from the first to the last interaction. */
  private static final double RECENT_SHARE = 0.05;

  private static final long SECONDS_A_DAY = 86_400;

  private final int[] counts;
  private final long[][] times;
  private final long latest;
  private final long window;
  private final int[][] values;
  private final float[] valueWeights;

  private ItemStatistics(int[] counts, long[][] times, long latest, long window, int[][] values,
      float[] valueWeights) {
    this.counts = counts;
    this.times = times;
    this.latest = latest;
    this.window = window;
    this.values = values;
    this.valueWeights = valueWeights;
  }

  /** The statistics of training interactions and their catalogue. */
  public static ItemStatistics of(Interactions train, Catalog catalog) {
    long[][] times = timesByItem(train);
    long earliest = Long.MAX_VALUE;
    long latest = 0;
    for (long[] of : times) {
      if (of.length > 0) {
        earliest = Math.min(earliest, of[0]);
        latest = Math.max(latest, of[of.length - 1]);
      }
    }
    long window = latest == 0 ? 0 : Math.max(1, (long) (RECENT_SHARE * (latest - earliest)));
    return of(train.itemCounts(), times, latest, window, catalog);
  }

  /**
   * Statistics that know counts alone, such as noisy ones, and nothing of when.
   *
   * @param counts one an item of the catalogue; at least 0, and 0 for one that is to be ranked as if nobody had ever taken it
   */
  public static ItemStatistics ofCounts(int[] counts, Catalog catalog) {
    if (counts.length != catalog.size() || Arrays.stream(counts).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "there must be a count of at least 0 for each of %d items but there are %d, the least %d"
              .formatted(catalog.size(), counts.length, Arrays.stream(counts).min().orElse(0)));
    }
    return of(counts.clone(), new long[counts.length][0], 0, 0, catalog);
  }

  private static ItemStatistics of(int[] counts, long[][] times, long latest, long window, Catalog catalog) {
    Map<String, Integer> vocabulary = new HashMap<>();
    int[][] values = new int[counts.length][];
    for (int item = 0; item < counts.length; item++) {
      values[item] = valuesOf(catalog, item, vocabulary);
    }
    return new ItemStatistics(counts, times, latest, window, values, rarity(values, vocabulary.size()));
  }

  /** The known times of each item's interactions, ascending. */
  private static long[][] timesByItem(Interactions train) {
    int[] sizes = new int[train.itemCount()];
    for (int row = 0; row < train.size(); row++) {
      sizes[train.item(row)] += train.timestamp(row) > 0 ? 1 : 0;
    }
    long[][] times = new long[sizes.length][];
    for (int item = 0; item < sizes.length; item++) {
      times[item] = new long[sizes[item]];
      sizes[item] = 0;
    }
    for (int row = 0; row < train.size(); row++) {
      if (train.timestamp(row) > 0) {
        times[train.item(row)][sizes[train.item(row)]++] = train.timestamp(row);
      }
    }
    for (long[] of : times) {
      Arrays.sort(of);
    }
    return times;
  }

  private static int[] valuesOf(Catalog catalog, int item, Map<String, Integer> vocabulary) {
    List<Integer> ids = new ArrayList<>();
    catalog.item(item)
        .attributes()
        .forEach((name, value) -> Attributes.values(value)
            .forEach(v -> ids.add(vocabulary
                .computeIfAbsent(name + "=" + v, key -> vocabulary.size()))));
    return ids.stream().mapToInt(Integer::intValue).distinct().sorted().toArray();
  }

  /** {@code ln(n / df)} of each value; 0 for one that a single item has, which no other can share. */
  private static float[] rarity(int[][] values, int vocabulary) {
    int[] frequency = new int[vocabulary];
    for (int[] of : values) {
      for (int value : of) {
        frequency[value]++;
      }
    }
    float[] weights = new float[vocabulary];
    for (int value = 0; value < vocabulary; value++) {
      weights[value] = frequency[value] < 2 ? 0 : (float) Math.log((double) values.length / frequency[value]);
    }
    return weights;
  }

  /** Writes the statistics to one safetensors file; times as days and seconds of the day, which float32 holds exactly. */
  public void save(Path file) {
    int items = counts.length;
    float[] numbers = new float[2 * items];
    int[] sizes = new int[items];
    int rows = Arrays.stream(times).mapToInt(of -> of.length).sum();
    float[] moments = new float[2 * rows];
    int row = 0;
    for (int item = 0; item < items; item++) {
      numbers[2 * item] = counts[item];
      numbers[2 * item + 1] = times[item].length;
      for (long time : times[item]) {
        putTime(time, moments, 2 * row++);
      }
      sizes[item] = values[item].length;
    }
    float[] flat = new float[Arrays.stream(sizes).sum()];
    float[] lengths = new float[items];
    int at = 0;
    for (int item = 0; item < items; item++) {
      lengths[item] = sizes[item];
      for (int value : values[item]) {
        flat[at++] = value;
      }
    }
    float[] end = new float[4];
    putTime(latest, end, 0);
    putTime(window, end, 2);
    SafeTensors.write(file,
        List.of(new FloatTensor("counts", new long[]{items, 2}, numbers),
            new FloatTensor("times", new long[]{rows, 2}, moments), new FloatTensor("latest", new long[]{4}, end),
            new FloatTensor("values.lengths", new long[]{items}, lengths),
            new FloatTensor("values", new long[]{flat.length}, flat),
            new FloatTensor("values.weights", new long[]{valueWeights.length}, valueWeights.clone())),
        Map.of("model", "item-statistics"));
  }

  /** Reads what {@link #save} wrote. */
  public static ItemStatistics load(Path file) {
    try (SafeTensors tensors = SafeTensors.read(file)) {
      float[] moments = TensorValues.finite(tensors, "times");
      float[] end = TensorValues.finite(tensors, "latest", 4);
      float[] weights = TensorValues.finite(tensors, "values.weights");
      int[] flat = TensorValues.whole(tensors, "values", -1, weights.length);
      int[] lengths = TensorValues.lengths(tensors, "values.lengths", flat.length);
      int items = lengths.length;
      int[] numbers = TensorValues.whole(tensors, "counts", 2L * items, Integer.MAX_VALUE);
      checkRows(tensors.origin(), numbers, moments.length);
      int[] counts = new int[items];
      long[][] times = new long[items][];
      int[][] values = new int[items][];
      int at = 0;
      int row = 0;
      for (int item = 0; item < items; item++) {
        counts[item] = numbers[2 * item];
        times[item] = new long[numbers[2 * item + 1]];
        for (int t = 0; t < times[item].length; t++) {
          times[item][t] = time(moments, 2 * row++);
        }
        values[item] = Arrays.copyOfRange(flat, at, at + lengths[item]);
        at += lengths[item];
      }
      return new ItemStatistics(counts, times, time(end, 0), time(end, 2), values, weights);
    }
  }

  /** Each second number is how many moments, of two values each, an item has. */
  private static void checkRows(String origin, int[] numbers, int moments) {
    long rows = 0;
    for (int i = 1; i < numbers.length; i += 2) {
      rows += numbers[i];
    }
    if (2 * rows != moments) {
      throw new EncoderException("CHECKPOINT_CORRUPT",
          "%s: the items have %d interactions but there are %d times".formatted(origin, rows, moments / 2));
    }
  }

  private static void putTime(long seconds, float[] out, int at) {
    out[at] = Math.floorDiv(seconds, SECONDS_A_DAY);
    out[at + 1] = Math.floorMod(seconds, SECONDS_A_DAY);
  }

  private static long time(float[] in, int at) {
    return ((long) in[at]) * SECONDS_A_DAY + (long) in[at + 1];
  }

  public int itemCount() {
    return counts.length;
  }

  /** The number of users of an item in training; 0 for one that it never saw. */
  public int count(int item) {
    return item < counts.length ? counts[item] : 0;
  }

  /** The number of interactions of an item up to a time in unix seconds. */
  public int countUntil(int item, long time) {
    return item < counts.length ? upTo(times[item], time) : 0;
  }

  /** The number of interactions of an item in the recent window before a time: a twentieth of the span of training. */
  public int recentCount(int item, long time) {
    return item < counts.length ? upTo(times[item], time) - upTo(times[item], time - window) : 0;
  }

  /** How many of ascending times are not after a time. */
  private static int upTo(long[] ascending, long time) {
    int low = 0;
    int high = ascending.length;
    if (high == 0 || ascending[high - 1] <= time) { // of a request of today
      return high;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Unix seconds of the item's first interaction, 0 unknown. */
  public long first(int item) {
    return item < counts.length && times[item].length > 0 ? times[item][0] : 0;
  }

  /** Unix seconds of the item's last interaction up to a time, 0 where there is none. */
  public long lastUntil(int item, long time) {
    int before = countUntil(item, time);
    return before == 0 ? 0 : times[item][before - 1];
  }

  /** Unix seconds of the last interaction of all, 0 unknown. */
  public long latest() {
    return latest;
  }

  /** Attribute values of an item as numbers; empty where it has none. Not to be changed. */
  int[] values(int item) {
    return item < values.length ? values[item] : new int[0];
  }

  /** How rare each attribute value is. Not to be changed. */
  float[] valueWeights() {
    return valueWeights;
  }
}
