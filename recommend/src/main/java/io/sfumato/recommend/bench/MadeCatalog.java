package io.sfumato.recommend.bench;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.recommend.training.SuppliedVectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A large made shop. Each item is of one kind (there are about as many as the square root of the items, but 1,000 at most); a person has one to four kinds, and takes from them four times in five, else from all; an
 * item's chance falls with its rank as {@code (rank + 10)^-0.9}, a long tail. Text and image vectors lie around a centre of the kind, the image's with more noise, and one item in ten has none. The same seed gives the
 * same shop.
 */
final class MadeCatalog {
  private static final double TAIL = -0.9;
  private static final double OWN_KINDS = 0.8;
  private static final double TEXT_NOISE = 1.0;
  private static final double IMAGE_NOISE = 1.5;
  private static final long START = 1_600_000_000L;
  private static final int STEP_SECONDS = 3600;

  private final int items;
  private final int users;
  private final int interactions;
  private final int kinds;
  private final SplittableRandom random;

  MadeCatalog(int items, int users, int interactions, long seed) {
    this.items = items;
    this.users = users;
    this.interactions = interactions;
    this.kinds = Math.clamp(Math.round(Math.sqrt(items)), 2, 1000);
    this.random = new SplittableRandom(seed);
  }

  private int kind(int item) {
    return item % kinds;
  }

  /** Items and who took them. */
  Dataset dataset() {
    List<Item> made = new ArrayList<>(items);
    for (int i = 0; i < items; i++) {
      made.add(new Item("item-" + i, "Thing " + i + " of kind " + kind(i), "", Map.of("category", "kind " + kind(i)),
          null));
    }
    Catalog catalog = Catalog.of(made);
    return new Dataset("made catalogue", catalog, taken(catalog), DataReport.empty());
  }

  private Interactions taken(Catalog catalog) {
    int[] ranks = shuffled();
    double[] weights = new double[items];
    for (int i = 0; i < items; i++) {
      weights[i] = Math.pow(ranks[i] + 10, TAIL);
    }
    double[] all = cumulated(weights, 0, 1);
    double[][] ofKind = new double[kinds][];
    for (int kind = 0; kind < kinds; kind++) {
      ofKind[kind] = cumulated(weights, kind, kinds);
    }
    Interactions.Builder builder = Interactions.builder(catalog);
    BitSet own = new BitSet(items);
    for (int user = 0; user < users; user++) {
      int[] tastes = random.ints(1 + random.nextInt(4), 0, kinds).toArray();
      long left = (long) interactions - builder.size();
      double mean = (double) left / (users - user);
      int count = Math.clamp(Math.round(mean * -Math.log(1 - random.nextDouble()) * 0.75 + mean * 0.25), 1,
          Math.max(1, items / 4));
      count = (int) Math.min(user == users - 1 ? left : count, Math.max(0, left - (users - user - 1)));
      own.clear();
      for (int tries = 0; own.cardinality() < count && tries < 20 * count; tries++) {
        int item = draw(tastes, all, ofKind);
        if (!own.get(item)) {
          own.set(item);
          builder.add("user-" + user, item, 1, START + (long) STEP_SECONDS * random.nextInt(10_000));
        }
      }
    }
    return builder.build();
  }

  private int draw(int[] tastes, double[] all, double[][] ofKind) {
    if (random.nextDouble() < OWN_KINDS) {
      int kind = tastes[random.nextInt(tastes.length)];
      return kind + kinds * place(ofKind[kind]);
    }
    return place(all);
  }

  private int place(double[] cumulated) {
    int at = Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[cumulated.length - 1]);
    return Math.min(at < 0 ? -at - 1 : at, cumulated.length - 1);
  }

  private static double[] cumulated(double[] weights, int from, int step) {
    double[] sums = new double[(weights.length - from + step - 1) / step];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += weights[from + i * step];
      sums[i] = sum;
    }
    return sums;
  }

  private int[] shuffled() {
    int[] values = new int[items];
    for (int i = 0; i < items; i++) {
      int j = random.nextInt(i + 1);
      values[i] = values[j];
      values[j] = i;
    }
    return values;
  }

  /** Writes the text vectors of all items. */
  void writeText(Path file, int dimension) {
    write(file, dimension, TEXT_NOISE, 0);
  }

  /** Writes the image vectors of nine items in ten. */
  void writeImages(Path file, int dimension) {
    write(file, dimension, IMAGE_NOISE, 10);
  }

  /** @param without every so-manieth item has none; 0 for all have */
  private void write(Path file, int dimension, double noise, int without) {
    float[][] centres = new float[kinds][dimension];
    for (float[] centre : centres) {
      for (int k = 0; k < dimension; k++) {
        centre[k] = (float) random.nextGaussian();
      }
    }
    List<String> ids = new ArrayList<>(items);
    float[] vectors = new float[Math.multiplyExact(without == 0 ? items : items - items / without, dimension)];
    float[] one = new float[dimension];
    for (int i = 0; i < items; i++) {
      if (without > 0 && i % without == without - 1) {
        continue;
      }
      double square = 0;
      for (int k = 0; k < dimension; k++) {
        one[k] = (float) (centres[kind(i)][k] + noise * random.nextGaussian());
        square += (double) one[k] * one[k];
      }
      for (int k = 0; k < dimension; k++) {
        vectors[ids.size() * dimension + k] = (float) (one[k] / Math.sqrt(square));
      }
      ids.add("item-" + i);
    }
    SuppliedVectors.write(file, ids, vectors, dimension);
  }
}
