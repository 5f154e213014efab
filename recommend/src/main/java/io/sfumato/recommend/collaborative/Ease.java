package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shallow autoencoder in closed form (Steck 2019): with the weighted Gram matrix {@code G = XᵀX} of histories and {@code P = (G + λI)⁻¹}, item j of a history adds
 * {@code B_ji = -P_ji / P_ii} to item i, {@code B_ii = 0}. With content, {@code α F Fᵀ} is added to G, as if the items' features were further users;
 * items that nobody took have weights then too.
 *
 * <p>The inverse takes n³ time and 4n² bytes. Over {@link Options#maxItems} items the model is solved for the most taken ones alone and knows
 * nothing of the others, which a warning says; {@link ItemKnn} covers them.
 */
public final class Ease implements ItemModel {
  static final String NAME = "ease";
  /** Name of a model that was also given the items' content. */
  static final String WITH_CONTENT = "ease-content";
  private static final Logger LOG = LoggerFactory.getLogger(Ease.class);

  /**
   * Settings.
   *
   * @param l2 λ, above 0
   * @param userNormalisation exponent a in [0, 1]: a user's row of X is divided by |H_u|^a, so that long histories count less
   * @param contentWeight α, at least 0; without effect where no content is given
   * @param maxItems the most items that are solved for
   * @param keep the most weights that are kept of an item, the largest by absolute value; all where there are no more
   */
  public record Options(double l2, double userNormalisation, double contentWeight, int maxItems, int keep) {

    /** λ = 200, plain histories, no content, at most 12,000 items and 4,096 weights of each. */
    public static final Options DEFAULT = new Options(200, 0, 0, 12_000, 4_096);

    public Options {
      if (!(l2 > 0) || !(userNormalisation >= 0 && userNormalisation <= 1) || !(contentWeight >= 0)) {
        throw new IllegalArgumentException(
            "l2 must be above 0, user normalisation in [0, 1], content weight at least 0 but were %s, %s, %s".formatted(
                l2, userNormalisation, contentWeight));
      }
      if (maxItems < 1 || maxItems > 40_000 || keep < 1) {
        throw new IllegalArgumentException(
            "max items must be in [1, 40000] and keep at least 1 but were %d and %d".formatted(maxItems, keep));
      }
    }

    /** The same with another λ. */
    public Options withL2(double value) {
      return new Options(value, userNormalisation, contentWeight, maxItems, keep);
    }

    /** The same with another exponent. */
    public Options withUserNormalisation(double value) {
      return new Options(l2, value, contentWeight, maxItems, keep);
    }

    /** The same with another weight of the content. */
    public Options withContentWeight(double value) {
      return new Options(l2, userNormalisation, value, maxItems, keep);
    }
  }

  private final String name;
  private final ItemWeights weights;

  private Ease(String name, ItemWeights weights) {
    this.name = name;
    this.weights = weights;
  }

  /** Solves for the weights without content. */
  public static Ease fit(Interactions train, Options options) {
    return fit(train, options, null);
  }

  /**
   * Solves for the weights.
   *
   * @param content features of the items, or null
   */
  public static Ease fit(Interactions train, Options options, @Nullable ContentFeatures content) {
    Histories histories = Histories.of(train, options.userNormalisation());
    boolean withContent = content != null && options.contentWeight() > 0;
    int[] solved = IntStream.range(0, train.itemCount())
        .filter(item -> withContent || histories.userCount(item) > 0)
        .boxed()
        .sorted(Comparator.<Integer>comparingInt(item -> -histories.userCount(item)))
        .limit(options.maxItems())
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
    if (solved.length == options.maxItems() && solved.length < train.itemCount()) {
      LOG.warn("EASE is solved for the {} most taken of {} items; item-kNN covers the others", solved.length,
          train.itemCount());
    }
    float[] gram = gram(histories, solved);
    if (content != null && withContent) {
      addContent(gram, content, solved, options.contentWeight());
    }
    int n = solved.length;
    for (int i = 0; i < n; i++) {
      gram[i * n + i] += (float) options.l2();
    }
    float[] inverse = n == 0 ? gram : Dense.inverse(gram, n);
    return new Ease(withContent ? WITH_CONTENT : NAME,
        weights(inverse, solved, train.itemCount()).keep(options.keep()));
  }

  /**
   * Solves for the weights of all items from a Gram matrix that is known already, such as a private one.
   *
   * @param gram symmetric and positive semi-definite, row-major [n, n]; changed
   * @param options of which λ, the weight of the content and the number of weights that are kept count
   * @param content features of the items, or null
   */
  static Ease ofGram(float[] gram, int n, Options options, @Nullable ContentFeatures content) {
    int[] all = IntStream.range(0, n).toArray();
    boolean withContent = content != null && content.width() > 0 && options.contentWeight() > 0;
    if (content != null && withContent) {
      addContent(gram, content, all, options.contentWeight());
    }
    for (int i = 0; i < n; i++) {
      gram[i * n + i] += (float) options.l2();
    }
    return new Ease(withContent ? WITH_CONTENT : NAME,
        weights(Dense.inverse(gram, n), all, n).keep(options.keep()));
  }

  private static float[] gram(Histories histories, int[] solved) {
    int n = solved.length;
    int[] position = new int[histories.itemCount()];
    for (int i = 0; i < n; i++) {
      position[solved[i]] = i + 1;
    }
    float[] gram = new float[Math.multiplyExact(n, n)];
    float[] together = new float[histories.itemCount()];
    for (int i = 0; i < n; i++) {
      for (int other : histories.cooccurrences(solved[i], together)) {
        if (position[other] > 0) {
          gram[i * n + position[other] - 1] = together[other];
        }
        together[other] = 0;
      }
    }
    return gram;
  }

  /** Adds {@code α (F - mean)(F - mean)ᵀ} by block. */
  private static void addContent(float[] gram, ContentFeatures content, int[] solved, double weight) {
    float[][] rows = Arrays.stream(solved).mapToObj(item -> content.rows()[item]).toArray(float[][]::new);
    Dense.addGram(gram, Centred.by(content, solved).apply(rows), (float) weight);
  }

  private static ItemWeights weights(float[] inverse, int[] solved, int items) {
    int n = solved.length;
    boolean all = n == items;
    float[][] values = new float[items][0];
    int[][] targets = new int[items][0];
    for (int j = 0; j < n; j++) {
      float[] row = new float[n];
      for (int i = 0; i < n; i++) {
        row[i] = i == j ? 0 : -inverse[j * n + i] / inverse[i * n + i];
      }
      values[solved[j]] = row;
      targets[solved[j]] = solved;
    }
    return all ? ItemWeights.dense(values) : ItemWeights.sparse(values, targets);
  }

  static Ease load(String name, SafeTensors file) {
    return new Ease(name, ItemWeights.read(file));
  }

  /** {@code ease}, or {@code ease-content} where content took part. */
  @Override
  public String name() {
    return name;
  }

  @Override
  public int itemCount() {
    return weights.size();
  }

  /** The number of weights that are kept in memory, 4 bytes each, or 8 where they are sparse. */
  public long weightCount() {
    return weights.count();
  }

  @Override
  public void score(int[] history, float[] out) {
    weights.score(history, out);
  }

  @Override
  public float contribution(int historyItem, int item) {
    return historyItem < weights.size() ? weights.get(historyItem, item) : 0;
  }

  @Override
  public boolean knows(int item) {
    return item < weights.size() && weights.hasRow(item);
  }

  @Override
  public void save(Path file) {
    List<FloatTensor> tensors = new ArrayList<>(weights.tensors());
    ItemModels.write(file, this, tensors);
  }
}
