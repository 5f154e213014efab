package io.sfumato.recommend.collaborative;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A matrix item × item that a linear item model scores with: row j holds what item j of a history adds to each item. Rows are dense, or sparse with
 * ascending target indices. Immutable.
 */
final class ItemWeights {
  /** How many weights are added up for proposals, at most, but for those of the newest item. */
  private static final int PROPOSING = 50_000;
  /** How many weights of an item count for proposals, the largest, where it has more than twice as many and the history is long. */
  private static final int HEAD = 32;
  /** Histories of up to so many items are short: all weights of each count. */
  private static final int SHORT = 50;
  /** Bytes that a processor reads of memory at once. */
  private static final int LINE = 64;
  /** In rows that are so many times longer than the items that are scored, these are looked up one by one. */
  private static final int LOOK_UP = 32;
  /** Where more than one in so many items is scored, all are. */
  private static final int MOST = 4;

  private final float[][] values;
  private final int @Nullable [][] targets;
  /** The largest weights of a long row, each with its target in one number, close together in memory. */
  private final AtomicReferenceArray<long[]> heads;

  private ItemWeights(float[][] values, int @Nullable [][] targets) {
    this.values = values;
    this.targets = targets;
    this.heads = new AtomicReferenceArray<>(values.length);
  }

  /** Takes dense rows over. */
  static ItemWeights dense(float[][] rows) {
    return new ItemWeights(rows, null);
  }

  /** Takes sparse rows over; the targets of each row ascend. */
  static ItemWeights sparse(float[][] values, int[][] targets) {
    return new ItemWeights(values, targets);
  }

  int size() {
    return values.length;
  }

  /** The number of weights that are kept. */
  long count() {
    return Arrays.stream(values).mapToLong(row -> row.length).sum();
  }

  /** Whether the item adds anything to another. */
  boolean hasRow(int source) {
    return values[source].length > 0;
  }

  /** The items that add something to another, or get something. */
  BitSet connected() {
    BitSet connected = new BitSet(size());
    for (int source = 0; source < size(); source++) {
      for (int i = 0; i < values[source].length; i++) {
        if (values[source][i] != 0) {
          connected.set(source);
          connected.set(targets == null ? i : targets[source][i]);
        }
      }
    }
    return connected;
  }

  private void add(int source, float weight, float[] out) {
    float[] row = values[source];
    if (targets == null) {
      for (int i = 0; i < row.length; i++) {
        out[i] += weight * row[i];
      }
      return;
    }
    int[] to = targets[source];
    for (int i = 0; i < row.length; i++) {
      out[to[i]] += weight * row[i];
    }
  }

  float get(int source, int target) {
    if (targets == null) {
      return target < values[source].length ? values[source][target] : 0;
    }
    int at = Arrays.binarySearch(targets[source], target);
    return at < 0 ? 0 : values[source][at];
  }

  /** Sums the rows of a history, oldest first, into {@code out}, which is overwritten up to {@link #size()}. */
  void score(int[] history, Recency recency, float[] out) {
    Arrays.fill(out, 0, size(), 0);
    for (int h = 0; h < history.length; h++) {
      if (history[h] < size()) {
        add(history[h], recency.weight(history.length - 1 - h), out);
      }
    }
  }

  /** Scores some items, as {@link ItemModel#scoreItems}: every bit as {@link #score} would. */
  void scoreItems(int[] history, Recency recency, int[] items, float[] out) {
    if (items.length > size() / MOST) {
      float[] all = new float[size()];
      score(history, recency, all);
      for (int i = 0; i < items.length; i++) {
        out[i] = items[i] < all.length ? all[items[i]] : Float.NaN;
      }
      return;
    }
    for (int i = 0; i < items.length; i++) {
      out[i] = items[i] < size() ? 0 : Float.NaN;
    }
    Scratch scratch = Scratch.borrow();
    Scratch.Places places = scratch.places(items, size());
    readAhead(history, 0, true, scratch);
    for (int h = 0; h < history.length; h++) {
      if (history[h] < size()) {
        add(history[h], recency.weight(history.length - 1 - h), items, places, out);
      }
    }
    places.clear();
    scratch.handBack();
  }

  /** Adds a row to the scores of some items. */
  private void add(int source, float weight, int[] items, Scratch.Places places, float[] out) {
    float[] row = values[source];
    if (targets == null || row.length > LOOK_UP * items.length) {
      for (int i = 0; i < items.length; i++) {
        if (items[i] < size()) {
          out[i] += weight * get(source, items[i]);
        }
      }
      return;
    }
    int[] to = targets[source];
    for (int i = 0; i < row.length; i++) {
      if (places.has(to[i])) {
        out[places.of(to[i])] += weight * row[i];
      }
    }
  }

  /**
   * Offers every item that the newest items of a history add something to: of an item of many weights the {@value #HEAD} largest count where the history is longer than {@value #SHORT}, and of the history as
   * many items as have {@value #PROPOSING} such weights together.
   */
  void propose(int[] history, Recency recency, ItemModel.Proposals to) {
    int from = history.length;
    boolean whole = history.length <= SHORT;
    for (int left = PROPOSING; from > 0 && left > 0; from--) {
      int weights = history[from - 1] < size() ? values[history[from - 1]].length : 0;
      left -= whole ? weights : Math.min(weights, 2 * HEAD);
    }
    Scratch scratch = Scratch.borrow();
    readAhead(history, from, whole, scratch);
    for (int h = from; h < history.length; h++) {
      if (history[h] < size()) {
        add(history[h], recency.weight(history.length - 1 - h), whole, scratch);
      }
    }
    scratch.drain(to);
    scratch.handBack();
  }

  /**
   * Reads something of every row that is about to be added up. These reads do not wait for each other as those of the sums
   * do, where the memory's latency would be paid a row.
   */
  private void readAhead(int[] history, int from, boolean whole, Scratch scratch) {
    int seen = 0;
    for (int h = from; h < history.length; h++) {
      if (history[h] >= size()) {
        continue;
      }
      float[] row = values[history[h]];
      if (!whole && row.length > 2 * HEAD) {
        long[] head = head(history[h]);
        for (int i = 0; i < head.length; i += LINE / Long.BYTES) {
          seen += (int) head[i];
        }
      } else if (targets != null && row.length > 0) {
        int[] to = targets[history[h]];
        int last = row.length - 1;
        seen += to[0] + to[last] + Float.floatToRawIntBits(row[0]) + Float.floatToRawIntBits(row[last]);
      }
    }
    scratch.keep(seen);
  }

  private void add(int source, float weight, boolean whole, Scratch sums) {
    float[] row = values[source];
    if (!whole && row.length > 2 * HEAD) {
      for (long one : head(source)) {
        sums.add((int) (one >>> Integer.SIZE), weight * Float.intBitsToFloat((int) one));
      }
      return;
    }
    int[] to = targets == null ? null : targets[source];
    for (int i = 0; i < row.length; i++) {
      sums.add(to == null ? i : to[i], weight * row[i]);
    }
  }

  /** The largest weights of a long row, target and bits of the weight; chosen when first wanted. */
  private long[] head(int source) {
    long[] known = heads.get(source);
    if (known == null) {
      float[] row = values[source];
      known = Arrays.stream(largest(row, HEAD))
          .mapToLong(i -> ((long) (targets == null ? i : targets[source][i]) << Integer.SIZE)
              | Integer.toUnsignedLong(Float.floatToRawIntBits(row[i])))
          .toArray();
      heads.set(source, known);
    }
    return known;
  }

  /** What each item of a history, oldest first, adds to the score of an item. */
  float[] contributions(int[] history, Recency recency, int item) {
    return contributions(history, recency, new int[]{item})[0];
  }

  /** The same of several items, which are distinct; each row is read once for all of them. */
  float[][] contributions(int[] history, Recency recency, int[] items) {
    float[][] contributions = new float[items.length][history.length];
    Scratch scratch = Scratch.borrow();
    Scratch.Places places = scratch.places(items, size());
    for (int h = 0; h < history.length; h++) {
      if (history[h] < size()) {
        contribute(h, history[h], recency.weight(history.length - 1 - h), items, places, contributions);
      }
    }
    places.clear();
    scratch.handBack();
    return contributions;
  }

  private void contribute(int h, int source, float weight, int[] items, Scratch.Places places,
      float[][] contributions) {
    float[] row = values[source];
    if (targets == null || row.length > LOOK_UP * items.length) {
      for (int i = 0; i < items.length; i++) {
        contributions[i][h] = items[i] < size() ? weight * get(source, items[i]) : 0;
      }
      return;
    }
    int[] to = targets[source];
    for (int i = 0; i < row.length; i++) {
      if (places.has(to[i])) {
        contributions[places.of(to[i])][h] = weight * row[i];
      }
    }
  }

  /** The same with the largest weights of each row alone, by absolute value; this where all rows are as short already. */
  ItemWeights keep(int perRow) {
    if (Arrays.stream(values).allMatch(row -> row.length <= perRow)) {
      return this;
    }
    float[][] kept = new float[size()][];
    int[][] keptTargets = new int[size()][];
    for (int source = 0; source < size(); source++) {
      float[] row = values[source];
      int from = source;
      int[] chosen = largest(row, perRow);
      kept[source] = new float[chosen.length];
      for (int i = 0; i < chosen.length; i++) {
        kept[source][i] = row[chosen[i]];
      }
      keptTargets[source] = targets == null ? chosen : Arrays.stream(chosen).map(i -> targets[from][i]).toArray();
    }
    return sparse(kept, keptTargets);
  }

  /** Ascending positions of the largest non-zero absolute values. */
  private static int[] largest(float[] row, int count) {
    float[] sizes = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      sizes[i] = Math.abs(row[i]);
    }
    float[] sorted = sizes.clone();
    Arrays.sort(sorted);
    float threshold = row.length <= count ? 0 : sorted[row.length - count];
    int[] above = IntStream.range(0, row.length).filter(i -> sizes[i] > threshold).toArray();
    int[] equal = IntStream.range(0, row.length)
        .filter(i -> sizes[i] == threshold && threshold > 0)
        .limit(Math.max(0, count - above.length))
        .toArray();
    return IntStream.concat(Arrays.stream(above), Arrays.stream(equal)).sorted().toArray();
  }

  /** The matrix as tensors {@code weights.lengths}, {@code weights.values} and, for a sparse one, {@code weights.targets}. */
  List<FloatTensor> tensors() {
    int total = Math.toIntExact(count());
    float[] lengths = new float[size()];
    float[] flat = new float[total];
    float[] flatTargets = new float[targets == null ? 0 : total]; // exact: item indices stay under 2^24
    int at = 0;
    for (int source = 0; source < size(); source++) {
      int length = values[source].length;
      lengths[source] = length;
      System.arraycopy(values[source], 0, flat, at, length);
      for (int i = 0; i < length && targets != null; i++) {
        flatTargets[at + i] = targets[source][i];
      }
      at += length;
    }
    FloatTensor rows = new FloatTensor("weights.lengths", new long[]{size()}, lengths);
    FloatTensor all = new FloatTensor("weights.values", new long[]{total}, flat);
    return targets == null
        ? List.of(rows, all)
        : List.of(rows, all, new FloatTensor("weights.targets", new long[]{total}, flatTargets));
  }

  static ItemWeights read(SafeTensors file) {
    float[] flat = TensorValues.finite(file, "weights.values");
    int[] lengths = TensorValues.lengths(file, "weights.lengths", flat.length);
    int[] flatTargets = file.has("weights.targets")
        ? TensorValues.whole(file, "weights.targets", flat.length, lengths.length)
        : null;
    float[][] values = new float[lengths.length][];
    int[][] targets = flatTargets == null ? null : new int[lengths.length][];
    int at = 0;
    for (int source = 0; source < lengths.length; source++) {
      int length = lengths[source];
      if (length > lengths.length) {
        throw new EncoderException("CHECKPOINT_CORRUPT", "%s: item %d has %d weights but there are %d items"
            .formatted(file.origin(), source, length, lengths.length));
      }
      values[source] = Arrays.copyOfRange(flat, at, at + length);
      if (flatTargets != null && targets != null) {
        targets[source] = Arrays.copyOfRange(flatTargets, at, at + length);
        for (int i = 1; i < length; i++) {
          if (targets[source][i] <= targets[source][i - 1]) {
            throw new EncoderException("CHECKPOINT_CORRUPT",
                "%s: the targets of item %d do not ascend".formatted(file.origin(), source));
          }
        }
      }
      at += length;
    }
    return new ItemWeights(values, targets);
  }
}
