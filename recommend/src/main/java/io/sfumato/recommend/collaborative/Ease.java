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
 * {@code B_ji = -P_ji / P_ii} to item i, {@code B_ii = 0}. Two things can be added to G, as if there were further users:
 *
 * <ul>
 * <li>content, {@code α F Fᵀ} of the items' features; items that nobody took have weights then too;
 * <li>proximity, {@code β Σ_u X_uᵀ K X_u} with {@code K_pq = exp(-|p-q|/s)} of the places p and q of two items in the history of u: what was taken in a row belongs together more than what was taken years
 * apart. K is positive definite, so G stays so.
 * </ul>
 *
 * <p>The inverse takes n³ time and 4n² bytes. Over {@link Options#maxItems} items the model is solved for the most taken ones alone and knows
 * nothing of the others, which a warning says; {@link ItemKnn} covers them.
 */
public final class Ease implements ItemModel {
  static final String NAME = "ease";
  /** Name of a model that was also given the items' content. */
  static final String WITH_CONTENT = "ease-content";
  /** Name of a model that knows what was taken in a row or how long ago, with or without content. */
  static final String IN_CONTEXT = "ease-context";
  private static final Logger LOG = LoggerFactory.getLogger(Ease.class);

  /** How many scales apart two items may be to count as near. */
  private static final double REACH = 6;

  /**
   * Settings.
   *
   * @param l2 λ, above 0
   * @param userNormalisation exponent a in [0, 1]: a user's row of X is divided by |H_u|^a, so that long histories count less
   * @param contentWeight α, at least 0; without effect where no content is given
   * @param proximity β, at least 0; only where the order of histories means something
   * @param proximityScale s, in items of a history, at least 1
   * @param recency how much the items of the history that is scored count
   * @param maxItems the most items that are solved for
   * @param keep the most weights that are kept of an item, the largest by absolute value; all where there are no more
   */
  public record Options(double l2, double userNormalisation, double contentWeight, double proximity,
      double proximityScale, Recency recency, int maxItems, int keep) {

    /** λ = 200, plain histories, no content, no proximity, at most 12,000 items and 4,096 weights of each. */
    public static final Options DEFAULT = new Options(200, 0, 0, 0, 5, Recency.NONE, 12_000, 4_096);

    public Options {
      if (!(l2 > 0) || !(userNormalisation >= 0 && userNormalisation <= 1) || !(contentWeight >= 0)) {
        throw new IllegalArgumentException(
            "l2 must be above 0, user normalisation in [0, 1], content weight at least 0 but were %s, %s, %s".formatted(
                l2, userNormalisation, contentWeight));
      }
      if (!(proximity >= 0) || !(proximityScale >= 1 && proximityScale <= 10_000)) {
        throw new IllegalArgumentException("proximity must be at least 0, its scale in [1, 10000] but were %s and %s"
            .formatted(proximity, proximityScale));
      }
      if (maxItems < 1 || maxItems > 40_000 || keep < 1) {
        throw new IllegalArgumentException(
            "max items must be in [1, 40000] and keep at least 1 but were %d and %d".formatted(maxItems, keep));
      }
    }

    /** The same with another λ. */
    public Options withL2(double value) {
      return new Options(value, userNormalisation, contentWeight, proximity, proximityScale, recency, maxItems, keep);
    }

    /** The same with another exponent. */
    public Options withUserNormalisation(double value) {
      return new Options(l2, value, contentWeight, proximity, proximityScale, recency, maxItems, keep);
    }

    /** The same with another weight of the content. */
    public Options withContentWeight(double value) {
      return new Options(l2, userNormalisation, value, proximity, proximityScale, recency, maxItems, keep);
    }

    /** The same with another weight and scale of proximity. */
    public Options withProximity(double weight, double scale) {
      return new Options(l2, userNormalisation, contentWeight, weight, scale, recency, maxItems, keep);
    }

    /** The same with another recency. */
    public Options withRecency(Recency value) {
      return new Options(l2, userNormalisation, contentWeight, proximity, proximityScale, value, maxItems, keep);
    }

    /** The same with other limits. */
    public Options withLimits(int items, int weights) {
      return new Options(l2, userNormalisation, contentWeight, proximity, proximityScale, recency, items, weights);
    }
  }

  private final String name;
  private final ItemWeights weights;
  private final Recency recency;

  private Ease(String name, ItemWeights weights, Recency recency) {
    this.name = name;
    this.weights = weights;
    this.recency = recency;
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
    if (options.proximity() > 0) {
      addProximity(gram, train, solved, options);
    }
    if (content != null && withContent) {
      addContent(gram, content, solved, options.contentWeight());
    }
    int n = solved.length;
    for (int i = 0; i < n; i++) {
      gram[i * n + i] += (float) options.l2();
    }
    float[] inverse = n == 0 ? gram : Dense.inverse(gram, n);
    return new Ease(name(options, withContent),
        weights(inverse, solved, train.itemCount()).keep(options.keep()), options.recency());
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
    return new Ease(name(options, withContent),
        weights(Dense.inverse(gram, n), all, n).keep(options.keep()), options.recency());
  }

  private static String name(Options options, boolean withContent) {
    if (options.proximity() > 0 || !options.recency().equals(Recency.NONE)) {
      return IN_CONTEXT;
    }
    return withContent ? WITH_CONTENT : NAME;
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

  /** Adds {@code β Σ_u X_uᵀ K X_u}, X_u having a row for each interaction of u in order: pairs up to {@value #REACH} scales apart. */
  private static void addProximity(float[] gram, Interactions train, int[] solved, Options options) {
    int n = solved.length;
    int[] position = new int[train.itemCount()];
    for (int i = 0; i < n; i++) {
      position[solved[i]] = i + 1;
    }
    float[] kernel = new float[(int) Math.ceil(REACH * options.proximityScale())];
    for (int d = 0; d < kernel.length; d++) {
      kernel[d] = (float) (options.proximity() * Math.exp(-d / options.proximityScale()));
    }
    for (int row = 0; row < train.size(); row++) {
      int i = position[train.item(row)] - 1;
      int end = Math.min(train.end(train.user(row)), row + kernel.length);
      for (int next = row; next < end && i >= 0; next++) {
        int j = position[train.item(next)] - 1;
        if (j >= 0) {
          gram[i * n + j] += kernel[next - row];
          if (next > row) {
            gram[j * n + i] += kernel[next - row];
          }
        }
      }
    }
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
    return new Ease(name, ItemWeights.read(file), Recency.read(file));
  }

  /** {@code ease}; {@code ease-content} where content took part; {@code ease-context} where the order of histories did. */
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

  @Override
  public boolean knows(int item) {
    return item < weights.size() && weights.hasRow(item);
  }

  @Override
  public void save(Path file) {
    List<FloatTensor> tensors = new ArrayList<>(weights.tensors());
    tensors.add(recency.tensor());
    ItemModels.write(file, this, tensors);
  }
}
