package io.sfumato.recommend.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Made item vectors and queries, always of the same law: {@value #DIMENSION} dimensions, a mixture of {@value #CLUSTERS} Gaussian clusters in {@value #LATENT} latent dimensions with a decaying spectrum, whose
 * centres lie around {@value #GROUPS} others, projected with a little noise of full rank, and normalised. Clusters are of very different size (Zipf, exponent 1.3, at most 200 times the smallest). A query is a
 * blend of one to four clusters, moved by a shift that all queries share: people's vectors do not lie where items do.
 *
 * <p>The same seed gives the same vectors, and so does the same item of a larger catalogue. Immutable and thread-safe; 512 bytes an item.
 */
public final class MadeVectors {
  /** Length of each vector. */
  public static final int DIMENSION = 128;
  /** Gaussian clusters. */
  public static final int CLUSTERS = 2000;

  private static final int LATENT = 64;
  private static final int GROUPS = 50;
  private static final double ITEM_NOISE = 0.12;
  private static final double QUERY_NOISE = 0.03;
  private static final double QUERY_SHIFT = 0.25;
  private static final double ZIPF = 1.3;
  private static final int LARGEST = 200;

  private final long seed;
  private final float[][] centres = new float[CLUSTERS][LATENT];
  private final float[] scales = new float[CLUSTERS];
  private final double[] cumulative = new double[CLUSTERS];
  private final float[][] projection = new float[LATENT][DIMENSION];
  private final float[] shift;
  private final int[] clusters;
  private final float[] items;
  private final float[] queries;
  private final double[][] blends;

  private MadeVectors(int items, int queries, long seed) {
    if (items < 1 || items > Integer.MAX_VALUE / DIMENSION - 8 || queries < 0) {
      throw new IllegalArgumentException(
          "made vectors need 1 to %d items and queries of 0 or more but got %d and %d".formatted(
              Integer.MAX_VALUE / DIMENSION - 8, items, queries));
    }
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    makeClusters(random);
    this.shift = gaussian(random, DIMENSION);
    normalise(shift, 0);
    this.clusters = new int[items];
    this.items = new float[items * DIMENSION];
    this.queries = new float[queries * DIMENSION];
    this.blends = new double[queries][];
    IntStream.range(0, items).parallel().forEach(this::makeItem);
    for (int query = 0; query < queries; query++) {
      makeQuery(query);
    }
  }

  /**
   * Makes them, on all cores.
   *
   * @param items up to 16 million
   * @param seed of all that is random
   */
  public static MadeVectors of(int items, int queries, long seed) {
    return new MadeVectors(items, queries, seed);
  }

  /** How many items there are. */
  public int items() {
    return clusters.length;
  }

  /** How many queries there are. */
  public int queries() {
    return blends.length;
  }

  /** An item's vector: a fresh array of unit length. */
  public float[] item(int item) {
    return Arrays.copyOfRange(items, item * DIMENSION, (item + 1) * DIMENSION);
  }

  /** All item vectors, row-major [items, {@value #DIMENSION}]; not to be changed. */
  float[] table() {
    return items;
  }

  /** A query's vector: a fresh array of unit length. */
  public float[] query(int query) {
    return Arrays.copyOfRange(queries, query * DIMENSION, (query + 1) * DIMENSION);
  }

  /** The cluster of an item, 0 to {@value #CLUSTERS} - 1. */
  public int cluster(int item) {
    return clusters[item];
  }

  /** What a query was blended of: clusters and their weights by turns, the weights adding up to one. */
  double[] blend(int query) {
    return blends[query].clone();
  }

  private void makeClusters(SplittableRandom random) {
    float[][] groups = new float[GROUPS][];
    for (int g = 0; g < GROUPS; g++) {
      groups[g] = gaussian(random, LATENT);
    }
    double sum = 0;
    for (int c = 0; c < CLUSTERS; c++) {
      float[] around = groups[random.nextInt(GROUPS)];
      for (int k = 0; k < LATENT; k++) {
        centres[c][k] = (float) (0.7 * around[k] + 0.75 * random.nextGaussian());
      }
      scales[c] = (float) Math.exp(-0.35 + 0.25 * random.nextGaussian());
      sum += Math.min(LARGEST, zipf(random));
      cumulative[c] = sum;
    }
    for (int k = 0; k < LATENT; k++) {
      double spectrum = Math.pow(k + 1, -0.35);
      for (int d = 0; d < DIMENSION; d++) {
        projection[k][d] = (float) (spectrum * random.nextGaussian() / Math.sqrt(LATENT));
      }
    }
  }

  /** A number of the Zipf law by rejection (Devroye 1986, chapter X.6). */
  private static long zipf(SplittableRandom random) {
    double b = Math.pow(2, ZIPF - 1);
    while (true) {
      double u = 1 - random.nextDouble();
      double x = Math.floor(Math.pow(u, -1 / (ZIPF - 1)));
      double t = Math.pow(1 + 1 / x, ZIPF - 1);
      if (random.nextDouble() * x * (t - 1) / (b - 1) <= t / b) {
        return x > LARGEST ? LARGEST : (long) x;
      }
    }
  }

  private void makeItem(int item) {
    SplittableRandom random = new SplittableRandom(seed * 31 + 0x9E3779B97F4A7C15L * (item + 1));
    int cluster = cluster(random);
    clusters[item] = cluster;
    project(member(cluster, 1, random), items, item * DIMENSION);
    addNoise(items, item * DIMENSION, ITEM_NOISE, random);
    normalise(items, item * DIMENSION);
  }

  private void makeQuery(int query) {
    SplittableRandom random = new SplittableRandom(seed * 37 - 0x9E3779B97F4A7C15L * (query + 1));
    int count = random.nextInt(1, 5);
    double[] weights = random.doubles(count).map(u -> -Math.log(1 - u)).toArray(); // a flat Dirichlet law
    double sum = Arrays.stream(weights).sum();
    float[] latent = new float[LATENT];
    double[] blend = new double[2 * count];
    for (int n = 0; n < count; n++) {
      int cluster = random.nextInt(CLUSTERS);
      float[] member = member(cluster, 0.6, random);
      double length = norm(member, 0, LATENT);
      for (int k = 0; k < LATENT; k++) {
        latent[k] += (float) (8 * weights[n] / sum * member[k] / length);
      }
      blend[2 * n] = cluster;
      blend[2 * n + 1] = weights[n] / sum;
    }
    blends[query] = blend;
    int at = query * DIMENSION;
    project(latent, queries, at);
    normalise(queries, at);
    for (int d = 0; d < DIMENSION; d++) {
      queries[at + d] += (float) (QUERY_SHIFT * shift[d]);
    }
    addNoise(queries, at, QUERY_NOISE, random);
    normalise(queries, at);
  }

  private int cluster(SplittableRandom random) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[CLUSTERS - 1]);
    return Math.min(CLUSTERS - 1, found < 0 ? -found - 1 : found + 1);
  }

  private float[] member(int cluster, double spread, SplittableRandom random) {
    float[] latent = gaussian(random, LATENT);
    for (int k = 0; k < LATENT; k++) {
      latent[k] = (float) (centres[cluster][k] + spread * scales[cluster] * latent[k]);
    }
    return latent;
  }

  private void project(float[] latent, float[] out, int at) {
    for (int k = 0; k < LATENT; k++) {
      float z = latent[k];
      float[] row = projection[k];
      for (int d = 0; d < DIMENSION; d++) {
        out[at + d] += z * row[d];
      }
    }
  }

  private static void addNoise(float[] out, int at, double deviation, SplittableRandom random) {
    for (int d = 0; d < DIMENSION; d++) {
      out[at + d] += (float) (deviation * random.nextGaussian());
    }
  }

  private static float[] gaussian(SplittableRandom random, int length) {
    float[] out = new float[length];
    for (int k = 0; k < length; k++) {
      out[k] = (float) random.nextGaussian();
    }
    return out;
  }

  private static void normalise(float[] table, int at) {
    double length = norm(table, at, DIMENSION);
    for (int d = 0; d < DIMENSION; d++) {
      table[at + d] = (float) (table[at + d] / length);
    }
  }

  private static double norm(float[] table, int at, int length) {
    double square = 0;
    for (int k = 0; k < length; k++) {
      square += (double) table[at + k] * table[at + k];
    }
    return Math.sqrt(square);
  }
}
