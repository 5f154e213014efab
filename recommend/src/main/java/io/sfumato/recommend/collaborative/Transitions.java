package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What people took soon after what: the weight from item i to item j is {@code t_ij / (√(c_i c_j) + shrink)}, c being how many took an item and {@code t_ij = Σ_u exp(-(d-1)/s)} over the users who took j
 * d items after i, d up to 6 s. A history scores an item by the weights from its items, newer ones counting more ({@link Recency}). A sequential nearest-neighbour model in the manner of Markov chains with
 * skips (Shani, Heckerman and Brafman 2005) and of sequence-aware item kNN (Ludewig and Jannach 2018), for when what somebody takes next depends on what they took last.
 *
 * <p>Sparse throughout: memory is so many weights an item, time the number of interactions times 6 s.
 */
public final class Transitions implements ItemModel {
  static final String NAME = "transitions";
  private static final double REACH = 6;

  /**
   * Settings.
   *
   * @param scale s, in items of a history; at least 1
   * @param shrink added to the denominator, so that weights from few users count less; at least 0
   * @param recency of the history that is scored
   * @param keep the most weights that are kept of an item, the largest
   */
  public record Options(double scale, double shrink, Recency recency, int keep) {

    /** Pairs within about ten items, shrink 5, the last ten items, 400 weights an item. */
    public static final Options DEFAULT = new Options(10, 5, new Recency(10, 0.02), 400);

    public Options {
      if (!(scale >= 1 && scale <= 10_000) || !(shrink >= 0) || keep < 1) {
        throw new IllegalArgumentException(
            "scale must be in [1, 10000], shrink at least 0 and keep at least 1 but were %s, %s, %d".formatted(scale,
                shrink, keep));
      }
    }
  }

  private final ItemWeights weights;
  private final Recency recency;
  private final BitSet known;

  private Transitions(ItemWeights weights, Recency recency) {
    this.weights = weights;
    this.recency = recency;
    this.known = weights.connected();
  }

  /** Counts what followed what. Histories are ordered by time; equal times, by the order of the rows. */
  public static Transitions fit(Interactions train, Options options) {
    int items = train.itemCount();
    int[] counts = train.itemCounts();
    int[] filled = new int[items];
    for (int row = 0; row < train.size(); row++) {
      filled[train.item(row)]++; // somebody may have taken it more than once
    }
    int[][] rowsOfItem = new int[items][];
    for (int item = 0; item < items; item++) {
      rowsOfItem[item] = new int[filled[item]];
      filled[item] = 0;
    }
    for (int row = 0; row < train.size(); row++) {
      int item = train.item(row);
      rowsOfItem[item][filled[item]++] = row;
    }
    float[] decay = decay(options.scale());
    float[] after = new float[items];
    int[][] targets = new int[items][];
    float[][] values = new float[items][];
    for (int item = 0; item < items; item++) {
      int[] touched = after(train, rowsOfItem[item], decay, after);
      float[] row = new float[touched.length];
      for (int t = 0; t < touched.length; t++) {
        int other = touched[t];
        row[t] = (float) (after[other] / (Math.sqrt((double) counts[item] * counts[other]) + options.shrink()));
        after[other] = 0;
      }
      targets[item] = touched;
      values[item] = row;
    }
    return new Transitions(ItemWeights.sparse(values, targets).keep(options.keep()), options.recency());
  }

  private static float[] decay(double scale) {
    float[] decay = new float[(int) Math.ceil(REACH * scale)];
    for (int d = 0; d < decay.length; d++) {
      decay[d] = (float) Math.exp(-d / scale);
    }
    return decay;
  }

  /** Adds up what followed an item's rows; returns the items that were touched, ascending. */
  private static int[] after(Interactions train, int[] rows, float[] decay, float[] after) {
    int[] touched = new int[64];
    int size = 0;
    for (int row : rows) {
      int end = Math.min(train.end(train.user(row)), row + 1 + decay.length);
      for (int next = row + 1; next < end; next++) {
        int other = train.item(next);
        if (other == train.item(row)) {
          continue;
        }
        if (after[other] == 0) {
          if (size == touched.length) {
            touched = Arrays.copyOf(touched, 2 * size);
          }
          touched[size++] = other;
        }
        after[other] += decay[next - row - 1];
      }
    }
    Arrays.sort(touched, 0, size);
    return Arrays.copyOf(touched, size);
  }

  static Transitions load(SafeTensors file) {
    return new Transitions(ItemWeights.read(file), Recency.read(file));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int itemCount() {
    return weights.size();
  }

  @Override
  public void score(int[] history, float[] out) {
    weights.score(history, recency, out);
  }

  @Override
  public void scoreItems(int[] history, int[] items, float[] out) {
    weights.scoreItems(history, recency, items, out);
  }

  /** What the newest items of the history add something to; see {@link ItemWeights#propose}. */
  @Override
  public void propose(int[] history, int limit, Proposals to) {
    weights.propose(history, recency, to);
  }

  @Override
  public float[] contributions(int[] history, int item) {
    return weights.contributions(history, recency, item);
  }

  @Override
  public float[][] contributions(int[] history, int[] items) {
    return weights.contributions(history, recency, items);
  }

  /** Whether somebody took something after the item, or it after something. */
  @Override
  public boolean knows(int item) {
    return known.get(item);
  }

  @Override
  public void save(Path file) {
    List<FloatTensor> tensors = new ArrayList<>(weights.tensors());
    tensors.add(recency.tensor());
    ItemModels.write(file, this, tensors);
  }
}
