package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.checkpoint.SafeTensors;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Item-based nearest neighbours (Sarwar et al. 2001): the similarity of items i and j is {@code c_ij / (√(c_ii c_jj) + shrink)} with
 * {@code c_ij = Σ_u |H_u|^(-2a)} over the users of both, a = 0 being plain co-occurrence; an item's score is the sum of its similarities to those of its N
 * nearest neighbours that are in the history. Sparse throughout: memory is N weights an item, time Σ_u |H_u|². Where these pairs are more than {@value #PAIRS}, the newest items of each user alone count, as many as keep
 * the time within that, which the log says.
 */
public final class ItemKnn implements ItemModel {
  static final String NAME = "itemknn";
  private static final Logger LOG = LoggerFactory.getLogger(ItemKnn.class);

  /** Pairs of items of a user, over all users, that are counted at most. */
  private static final long PAIRS = 4_000_000_000L;

  /**
   * Settings.
   *
   * @param neighbours nearest neighbours kept of each item, at least 1
   * @param shrink added to the denominator, so that similarities from few users count less; at least 0
   * @param userNormalisation the exponent a in [0, 1]: how much less each interaction of a user with a long history counts
   */
  public record Options(int neighbours, double shrink, double userNormalisation) {

    /** 50 neighbours, shrink 10, no normalisation. */
    public static final Options DEFAULT = new Options(50, 10, 0);

    public Options {
      if (neighbours < 1 || !(shrink >= 0) || !(userNormalisation >= 0 && userNormalisation <= 1)) {
        throw new IllegalArgumentException(
            "neighbours must be at least 1, shrink at least 0, user normalisation in [0, 1] but were %d, %s, %s"
                .formatted(neighbours, shrink, userNormalisation));
      }
    }
  }

  private final ItemWeights weights;

  private ItemKnn(ItemWeights weights) {
    this.weights = weights;
  }

  /** Finds the neighbours of every item. */
  public static ItemKnn fit(Interactions train, Options options) {
    int newest = Histories.newestWithin(train, PAIRS);
    if (newest < Integer.MAX_VALUE) {
      LOG.warn("item-kNN counts the {} newest items of each user alone: all would be more than {} pairs", newest,
          PAIRS);
    }
    Histories histories = Histories.of(train, options.userNormalisation(), newest);
    int items = train.itemCount();
    int[][] neighbours = new int[items][];
    float[][] similarities = new float[items][];
    float[] together = new float[items];
    for (int item = 0; item < items; item++) {
      int[] touched = histories.cooccurrences(item, together);
      float[] row = new float[touched.length];
      for (int t = 0; t < touched.length; t++) {
        double norm = Math.sqrt((double) histories.mass(item) * histories.mass(touched[t])) + options.shrink();
        row[t] = touched[t] == item ? 0 : (float) (together[touched[t]] / norm);
        together[touched[t]] = 0;
      }
      keepNearest(item, touched, row, options.neighbours(), neighbours, similarities);
    }
    return new ItemKnn(bySource(neighbours, similarities));
  }

  private static void keepNearest(int item, int[] touched, float[] row, int count, int[][] neighbours,
      float[][] similarities) {
    long[] keys = new long[row.length];
    int positive = 0;
    for (int t = 0; t < row.length; t++) {
      if (row[t] > 0) { // the bits of positive floats order as they do; touched items ascend
        keys[positive++] = ((long) (Integer.MAX_VALUE - Float.floatToIntBits(row[t])) << 32) | t;
      }
    }
    Arrays.sort(keys, 0, positive);
    int[] order = Arrays.stream(keys, 0, Math.min(count, positive)).mapToInt(key -> (int) key).toArray();
    neighbours[item] = Arrays.stream(order).map(t -> touched[t]).toArray();
    similarities[item] = new float[order.length];
    for (int i = 0; i < order.length; i++) {
      similarities[item][i] = row[order[i]];
    }
  }

  /** From "the neighbours of item i" to "what item j adds to": the transpose. */
  private static ItemWeights bySource(int[][] neighbours, float[][] similarities) {
    int[] lengths = new int[neighbours.length];
    for (int[] row : neighbours) {
      for (int source : row) {
        lengths[source]++;
      }
    }
    int[][] targets = new int[neighbours.length][];
    float[][] values = new float[neighbours.length][];
    for (int source = 0; source < lengths.length; source++) {
      targets[source] = new int[lengths[source]];
      values[source] = new float[lengths[source]];
      lengths[source] = 0;
    }
    for (int item = 0; item < neighbours.length; item++) {
      for (int i = 0; i < neighbours[item].length; i++) {
        int source = neighbours[item][i];
        targets[source][lengths[source]] = item;
        values[source][lengths[source]++] = similarities[item][i];
      }
    }
    return ItemWeights.sparse(values, targets);
  }

  static ItemKnn load(SafeTensors file) {
    return new ItemKnn(ItemWeights.read(file));
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
    weights.score(history, Recency.NONE, out);
  }

  @Override
  public void scoreItems(int[] history, int[] items, float[] out) {
    weights.scoreItems(history, Recency.NONE, items, out);
  }

  /** What the newest items of the history add something to; see {@link ItemWeights#propose}. */
  @Override
  public void propose(int[] history, int limit, Proposals to) {
    weights.propose(history, Recency.NONE, to);
  }

  @Override
  public float[] contributions(int[] history, int item) {
    return weights.contributions(history, Recency.NONE, item);
  }

  @Override
  public float[][] contributions(int[] history, int[] items) {
    return weights.contributions(history, Recency.NONE, items);
  }

  /** Whether the item has a neighbour. */
  @Override
  public boolean knows(int item) {
    return item < weights.size() && weights.hasRow(item);
  }

  @Override
  public void save(Path file) {
    ItemModels.write(file, this, weights.tensors());
  }
}
