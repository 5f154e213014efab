package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;
import io.sfumato.encoders.linalg.Eigen;
import io.sfumato.encoders.linalg.InnerProducts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The graph of people and items seen through its smoothest directions: with {@code R = D_u^(-1/2) X D_i^(-d)}, X being who took what and D the numbers of interactions, V the r leading right singular vectors of R, a history x
 * scores items as {@code D_i^p V Vᵀ D_i^(-d) x}. With d = p = 1/2 this is the ideal low-pass filter that graph convolutions approach (GF-CF: Shen et al. 2021); with few interactions a person, where item-item weights are
 * mostly noise, few directions are better than many.
 *
 * <p>Time r times the number of interactions, memory r + 2 numbers an item: nothing is quadratic in items.
 */
public final class Spectral implements ItemModel {
  static final String NAME = "spectral";
  private static final int ROUNDS = 8;
  /** How many items are scored for proposals: those that reach the highest scores, over all tastes. */
  private static final int REACH = 20_000;

  /**
   * Settings.
   *
   * @param rank r, at least 1
   * @param damping d, in [0, 1]: how much less popular items of a history count
   * @param popularity p, in [0, 1]: how much more popular items are recommended
   * @param seed of the first subspace of the iteration
   */
  public record Options(int rank, double damping, double popularity, long seed) {

    /** 32 directions, both exponents one half. */
    public static final Options DEFAULT = new Options(32, 0.5, 0.5, 1);

    public Options {
      if (rank < 1 || !(damping >= 0 && damping <= 1) || !(popularity >= 0 && popularity <= 1)) {
        throw new IllegalArgumentException(
            "rank must be at least 1, damping and popularity in [0, 1] but were %d, %s, %s".formatted(rank, damping,
                popularity));
      }
    }
  }

  private final float[][] factors;
  private final float[] counts;
  private final double damping;
  private final double popularity;
  private volatile @Nullable Leading leading;

  /** The items of the largest factors with these, row-major, so that reading them is one run through memory. */
  @SuppressWarnings("ArrayRecordComponent") // inside this class alone, never compared
  private record Leading(int[] items, float[] factors) {}

  private Spectral(float[][] factors, float[] counts, double damping, double popularity) {
    this.factors = factors;
    this.counts = counts;
    this.damping = (float) damping; // as it is saved
    this.popularity = (float) popularity;
  }

  /** Finds the directions; fewer than asked for where there are fewer items. */
  public static Spectral fit(Interactions train, Options options) {
    int[][] itemsOfUser = IntStream.range(0, train.userCount()).mapToObj(train::itemsOf).toArray(int[][]::new);
    int[] counts = train.itemCounts();
    int[][] usersOfItem = usersOfItem(itemsOfUser, counts);
    float[] weights = new float[counts.length];
    float[] known = new float[counts.length];
    for (int item = 0; item < counts.length; item++) {
      known[item] = counts[item];
      weights[item] = counts[item] == 0 ? 0 : (float) Math.pow(counts[item], -options.damping());
    }
    int rank = Math.min(options.rank(), counts.length);
    Eigen eigen = Eigen.leading((vectors, width) -> product(itemsOfUser, usersOfItem, weights, vectors, width),
        counts.length, rank, ROUNDS, options.seed());
    float[][] factors = new float[counts.length][rank];
    for (int r = 0; r < rank; r++) {
      for (int item = 0; item < counts.length; item++) {
        factors[item][r] = eigen.vectors()[r][item];
      }
    }
    return new Spectral(factors, known, options.damping(), options.popularity());
  }

  /** The same with the first directions alone, and another exponent p. */
  public Spectral cut(int rank, double newPopularity) {
    int width = Math.min(rank, factors.length == 0 ? 0 : factors[0].length);
    float[][] fewer = Arrays.stream(factors).map(row -> Arrays.copyOf(row, width)).toArray(float[][]::new);
    return new Spectral(fewer, counts, damping, newPopularity);
  }

  private static int[][] usersOfItem(int[][] itemsOfUser, int[] counts) {
    int[][] usersOfItem = new int[counts.length][];
    for (int item = 0; item < counts.length; item++) {
      usersOfItem[item] = new int[counts[item]];
    }
    int[] filled = new int[counts.length];
    for (int user = 0; user < itemsOfUser.length; user++) {
      for (int item : itemsOfUser[user]) {
        usersOfItem[item][filled[item]++] = user;
      }
    }
    return usersOfItem;
  }

  /** {@code RᵀR} times vectors [items, width]. */
  private static float[] product(int[][] itemsOfUser, int[][] usersOfItem, float[] weights, float[] vectors,
      int width) {
    float[] perUser = new float[Math.multiplyExact(itemsOfUser.length, width)];
    IntStream.range(0, itemsOfUser.length).parallel().forEach(user -> {
      int[] items = itemsOfUser[user];
      for (int item : items) {
        float weight = weights[item] / items.length; // once for each of the two factors R
        for (int k = 0; k < width; k++) {
          perUser[user * width + k] += weight * vectors[item * width + k];
        }
      }
    });
    float[] out = new float[vectors.length];
    IntStream.range(0, usersOfItem.length).parallel().forEach(item -> {
      for (int user : usersOfItem[item]) {
        for (int k = 0; k < width; k++) {
          out[item * width + k] += weights[item] * perUser[user * width + k];
        }
      }
    });
    return out;
  }

  static Spectral load(SafeTensors file) {
    float[] counts = TensorValues.finite(file, "counts");
    float[] exponents = TensorValues.finite(file, "exponents", 2);
    return new Spectral(Dense.rows(file, "factors", counts.length), counts, exponents[0], exponents[1]);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int itemCount() {
    return factors.length;
  }

  @Override
  public void score(int[] history, float[] out) {
    float[] taste = taste(history);
    for (int item = 0; item < factors.length; item++) {
      out[item] = score(taste, item);
    }
  }

  @Override
  public void scoreItems(int[] history, int[] items, float[] out) {
    float[] taste = taste(history);
    for (int i = 0; i < items.length; i++) {
      out[i] = items[i] < factors.length ? score(taste, items[i]) : Float.NaN;
    }
  }

  /** The {@value #REACH} items whose factors, with their popularity, are largest. */
  @Override
  public void propose(int[] history, int limit, Proposals to) {
    Leading all = leading();
    float[] taste = taste(history);
    for (int i = 0; i < all.items.length; i++) {
      float score = scaled(InnerProducts.of(taste, 0, all.factors, i * taste.length, taste.length), all.items[i]);
      if (score != 0) {
        to.offer(all.items[i], score);
      }
    }
  }

  private Leading leading() {
    Leading known = leading;
    if (known == null) {
      float[] reach = new float[factors.length];
      for (int item = 0; item < reach.length; item++) {
        reach[item] = scaled((float) Math.sqrt(InnerProducts.of(factors[item], factors[item])), item);
      }
      int[] items = LargestFirst.of(reach, REACH);
      int rank = factors.length == 0 ? 0 : factors[0].length;
      float[] rows = new float[items.length * rank];
      for (int i = 0; i < items.length; i++) {
        System.arraycopy(factors[items[i]], 0, rows, i * rank, rank);
      }
      known = new Leading(items, rows);
      leading = known;
    }
    return known;
  }

  private float[] taste(int[] history) {
    float[] taste = new float[factors.length == 0 ? 0 : factors[0].length];
    for (int item : history) {
      if (knows(item)) {
        float weight = (float) Math.pow(counts[item], -damping);
        for (int k = 0; k < taste.length; k++) {
          taste[k] += weight * factors[item][k];
        }
      }
    }
    return taste;
  }

  private float score(float[] taste, int item) {
    return scaled(InnerProducts.of(taste, factors[item]), item);
  }

  private float scaled(float product, int item) {
    return counts[item] == 0 ? 0 : product * (float) Math.pow(counts[item], popularity);
  }

  @Override
  public float[] contributions(int[] history, int item) {
    float[] contributions = new float[history.length];
    for (int h = 0; h < history.length && knows(item); h++) {
      contributions[h] = knows(history[h])
          ? (float) Math.pow(counts[history[h]], -damping) * score(factors[history[h]], item)
          : 0;
    }
    return contributions;
  }

  /** Whether somebody took the item. */
  @Override
  public boolean knows(int item) {
    return item < factors.length && counts[item] > 0;
  }

  @Override
  public void save(Path file) {
    int rank = factors.length == 0 ? 0 : factors[0].length;
    float[] flat = new float[Math.multiplyExact(factors.length, rank)];
    for (int item = 0; item < factors.length; item++) {
      System.arraycopy(factors[item], 0, flat, item * rank, rank);
    }
    ItemModels.write(file, this, List.of(new FloatTensor("factors", new long[]{factors.length, rank}, flat),
        new FloatTensor("counts", new long[]{counts.length}, counts.clone()),
        new FloatTensor("exponents", new long[]{2}, new float[]{(float) damping, (float) popularity})));
  }
}
