package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Taste regressed on content: a ridge regression a user of who-took-what on the items' features, solved for all users at once, so that a history
 * {@code x} scores all items as {@code F (F_wᵀF_w + λI)⁻¹ F_wᵀ y}, w being the items with interactions. Features are centred. With an {@link Ease} the
 * regression is of {@code y = x + xB} on content, the denser signal of what else the user would take; without, of {@code y = x}. An item that nobody took
 * is scored like any other, by its content, and so is one that came after training ({@link #score(float[], float[])}).
 *
 * <p>A score is a sum over feature columns, so it splits exactly by block ({@link #scoreBlocks}).
 */
public final class ContentRidge implements ItemModel {
  static final String NAME = "content-ridge";

  private final List<String> blockNames;
  private final Centred centring;
  private final float[][] features;
  private final float[][] tastes;

  private ContentRidge(List<String> blockNames, Centred centring, float[][] features, float[][] tastes) {
    this.blockNames = List.copyOf(blockNames);
    this.centring = centring;
    this.features = features;
    this.tastes = tastes;
  }

  /**
   * Solves the regression.
   *
   * @param l2 λ, above 0
   * @param teacher adds what the user would take to what they took; null for the plain regression
   */
  public static ContentRidge fit(Interactions train, ContentFeatures content, double l2, @Nullable Ease teacher) {
    int[] counts = train.itemCounts();
    return fit(content, IntStream.range(0, counts.length).filter(item -> counts[item] > 0).toArray(), l2, teacher);
  }

  /**
   * The regression over the whole catalogue, whoever took what: it knows nothing of interactions.
   *
   * @param l2 λ, above 0
   */
  public static ContentRidge ofCatalog(ContentFeatures content, double l2) {
    return fit(content, IntStream.range(0, content.rows().length).toArray(), l2, null);
  }

  private static ContentRidge fit(ContentFeatures content, int[] warm, double l2, @Nullable Ease teacher) {
    if (!(l2 > 0)) {
      throw new IllegalArgumentException("l2 must be above 0 but was " + l2);
    }
    Centred centring = Centred.by(content, warm);
    float[][] features = centring.apply(content.rows());
    float[][] warmFeatures = Arrays.stream(warm).mapToObj(item -> features[item]).toArray(float[][]::new);
    int d = content.width();
    float[] gram = d == 0 || warm.length == 0 ? new float[d * d] : Dense.columnGram(warmFeatures);
    for (int k = 0; k < d; k++) {
      gram[k * d + k] += (float) l2;
    }
    float[][] tastes = features;
    if (d > 0 && warm.length > 0) {
      float[][] inverse = Dense.rows(Dense.inverse(gram, d), d);
      tastes = Dense.product(teacher == null ? features : propagated(features, teacher), inverse);
    }
    return new ContentRidge(content.names(), centring, features, tastes);
  }

  /** {@code (I + B) F}: what an item of the history says with all that EASE sees follow from it. */
  private static float[][] propagated(float[][] features, Ease teacher) {
    float[][] out = new float[features.length][];
    float[] weights = new float[features.length];
    for (int item = 0; item < features.length; item++) {
      out[item] = features[item].clone();
      teacher.score(new int[]{item}, weights);
      for (int other = 0; other < weights.length; other++) {
        if (weights[other] != 0) {
          addScaled(out[item], features[other], weights[other]);
        }
      }
    }
    return out;
  }

  private static void addScaled(float[] to, float[] row, float scale) {
    for (int k = 0; k < to.length; k++) {
      to[k] += scale * row[k];
    }
  }

  static ContentRidge load(SafeTensors file) {
    List<String> names = List.of(file.metadata().getOrDefault("blocks", "").split(","));
    float[] ends = file.tensor("block_ends").values();
    int[] blockEnds = new int[ends.length];
    for (int b = 0; b < ends.length; b++) {
      blockEnds[b] = (int) ends[b];
    }
    int items = Math.toIntExact(file.shape("features")[0]);
    return new ContentRidge(ends.length == 0 ? List.of() : names,
        new Centred(blockEnds, file.tensor("mean").values()),
        Dense.rows(file.tensor("features").values(), items), Dense.rows(file.tensor("tastes").values(), items));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int itemCount() {
    return features.length;
  }

  /** The names of the blocks that a score splits into. */
  public List<String> blocks() {
    return blockNames;
  }

  /** The features that it was fitted on, centred: another model fitted on them learns the same. */
  public ContentFeatures content() {
    List<Integer> widths = new ArrayList<>();
    for (int b = 0, from = 0; b < centring.ends().length; from = centring.ends()[b++]) {
      widths.add(centring.ends()[b] - from);
    }
    return new ContentFeatures(blockNames, widths, features);
  }

  /**
   * The taste of a history: regression weights over the feature columns.
   *
   * @return fresh array of {@code width} values; zeros for an empty history
   */
  public float[] taste(int[] history) {
    float[] taste = new float[centring.mean().length];
    for (int item : history) {
      if (item < tastes.length) {
        addScaled(taste, tastes[item], 1);
      }
    }
    return taste;
  }

  @Override
  public void score(int[] history, float[] out) {
    float[] taste = taste(history);
    for (int item = 0; item < features.length; item++) {
      out[item] = dot(taste, features[item], 0, taste.length);
    }
  }

  @Override
  public void scoreItems(int[] history, int[] items, float[] out) {
    float[] taste = taste(history);
    for (int i = 0; i < items.length; i++) {
      out[i] = items[i] < features.length ? dot(taste, features[items[i]], 0, taste.length) : Float.NaN;
    }
  }

  /** The score of one item of the catalogue for a taste. */
  public float score(float[] taste, int item) {
    return dot(taste, features[item], 0, taste.length);
  }

  /** The score of an item by its raw features, in the columns that the model was fitted on: for items that came after training. */
  public float score(float[] taste, float[] row) {
    return dot(taste, centring.apply(row), 0, taste.length);
  }

  /** The score of one item of the catalogue for a taste, by {@link #blocks() block}: these sum to {@link #score(float[], int)}. */
  public float[] blockScores(float[] taste, int item) {
    int[] blockEnds = centring.ends();
    float[] scores = new float[blockEnds.length];
    for (int b = 0, from = 0; b < blockEnds.length; from = blockEnds[b++]) {
      scores[b] = dot(taste, features[item], from, blockEnds[b]);
    }
    return scores;
  }

  /**
   * Scores by block, which sum to the score.
   *
   * @param out one array a {@link #blocks() block}, overwritten up to {@link #itemCount()}
   */
  public void scoreBlocks(int[] history, float[][] out) {
    float[] taste = taste(history);
    int[] blockEnds = centring.ends();
    for (int b = 0, from = 0; b < blockEnds.length; from = blockEnds[b++]) {
      for (int item = 0; item < features.length; item++) {
        out[b][item] = dot(taste, features[item], from, blockEnds[b]);
      }
    }
  }

  @Override
  public float contribution(int historyItem, int item) {
    return historyItem < tastes.length && item < features.length
        ? dot(tastes[historyItem], features[item], 0, centring.mean().length)
        : 0;
  }

  /** Whether the item has content. */
  @Override
  public boolean knows(int item) {
    return item < features.length && Centred.isPresent(features[item]);
  }

  private static float dot(float[] a, float[] b, int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int k = from;
    for (; k + 3 < to; k += 4) {
      s0 += a[k] * b[k];
      s1 += a[k + 1] * b[k + 1];
      s2 += a[k + 2] * b[k + 2];
      s3 += a[k + 3] * b[k + 3];
    }
    for (; k < to; k++) {
      s0 += a[k] * b[k];
    }
    return s0 + s1 + s2 + s3;
  }

  @Override
  public void save(Path file) {
    List<FloatTensor> tensors = new ArrayList<>();
    float[] ends = new float[centring.ends().length];
    for (int b = 0; b < ends.length; b++) {
      ends[b] = centring.ends()[b];
    }
    tensors.add(new FloatTensor("block_ends", new long[]{ends.length}, ends));
    tensors.add(new FloatTensor("mean", new long[]{centring.mean().length}, centring.mean().clone()));
    tensors.add(flat("features", features));
    tensors.add(flat("tastes", tastes));
    ItemModels.write(file, this, tensors, String.join(",", blockNames));
  }

  private FloatTensor flat(String name, float[][] rows) {
    float[] flat = new float[Math.multiplyExact(rows.length, centring.mean().length)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * centring.mean().length, centring.mean().length);
    }
    return new FloatTensor(name, new long[]{rows.length, centring.mean().length}, flat);
  }
}
