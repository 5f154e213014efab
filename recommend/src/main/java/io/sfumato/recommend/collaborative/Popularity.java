package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scores an item by the number of its users in training, for everyone the same. */
public final class Popularity implements ItemModel {
  static final String NAME = "popular";

  /** How many of the most taken items are looked at for proposals, at most: what is beyond them is not popular. */
  private static final int REACH = 100_000;

  private final float[] counts;
  private volatile int @Nullable [] order;

  private Popularity(float[] counts) {
    this.counts = counts;
  }

  /** Counts the users of each item. */
  public static Popularity fit(Interactions train) {
    int[] counts = train.itemCounts();
    float[] values = new float[counts.length];
    for (int item = 0; item < counts.length; item++) {
      values[item] = counts[item];
    }
    return new Popularity(values);
  }

  /**
   * Popularity by counts that are known already, such as noisy ones.
   *
   * @param counts one an item, finite; an item whose count is not above 0 counts as unknown
   */
  public static Popularity ofCounts(float[] counts) {
    for (float count : counts) {
      if (!Float.isFinite(count)) {
        throw new IllegalArgumentException("counts must be finite but one was " + count);
      }
    }
    return new Popularity(counts.clone());
  }

  static Popularity load(SafeTensors file) {
    return new Popularity(TensorValues.finite(file, "counts"));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int itemCount() {
    return counts.length;
  }

  @Override
  public void score(int[] history, float[] out) {
    System.arraycopy(counts, 0, out, 0, counts.length);
  }

  @Override
  public void scoreItems(int[] history, int[] items, float[] out) {
    for (int i = 0; i < items.length; i++) {
      out[i] = items[i] < counts.length ? counts[items[i]] : Float.NaN;
    }
  }

  /** The most taken of the items that are accepted, which are looked for among the first {@value #REACH}. */
  @Override
  public void propose(int[] history, int limit, Proposals to) {
    int proposed = 0;
    for (int item : order()) {
      if (to.offer(item, counts[item]) && ++proposed == limit) {
        return;
      }
    }
  }

  /** The most taken items, those of equal counts by index; sorted when first wanted. */
  private int[] order() {
    int[] known = order;
    if (known == null) {
      known = LargestFirst.of(counts, REACH);
      order = known;
    }
    return known;
  }

  @Override
  public float[] contributions(int[] history, int item) {
    return new float[history.length];
  }

  @Override
  public boolean knows(int item) {
    return item < counts.length && counts[item] > 0;
  }

  @Override
  public void save(Path file) {
    ItemModels.write(file, this, List.of(new FloatTensor("counts", new long[]{counts.length}, counts.clone())));
  }
}
