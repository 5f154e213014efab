package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Small made data for the tests of this package. */
final class Made {
  private Made() {}

  /** Items i0, i1, …, without anything but an id. */
  static Catalog catalog(int items) {
    return Catalog.of(IntStream.range(0, items).mapToObj(i -> new Item("i" + i, "", "", Map.of(), null)).toList());
  }

  /** Rows such as {@code "a 3 train"}: a user, an item's index, a part. */
  static Split split(Catalog catalog, String... rows) {
    Interactions.Builder builder = Interactions.builder(catalog);
    List<String> parts = List.of("train", "valid", "test");
    for (String row : rows) {
      String[] cells = row.split(" ", -1);
      builder.add(cells[0], Integer.parseInt(cells[1]), parts.indexOf(cells[2]), builder.size());
    }
    return split(catalog, builder.build());
  }

  /** The part of a row is its rating: 0 for training, 1 for validation, 2 for test. */
  private static Split split(Catalog catalog, Interactions all) {
    Dataset dataset = new Dataset("made", catalog, all, DataReport.builder().build());
    return new Split(dataset, "made", all.select(row -> all.rating(row) == 0), all.select(row -> all.rating(row) == 1),
        all.select(row -> all.rating(row) == 2));
  }

  /** Users take items at random; each row is for training, validation or test at random. */
  static Split random(SplittableRandom random, int users, int items) {
    Catalog catalog = catalog(items);
    Interactions.Builder builder = Interactions.builder(catalog);
    for (int user = 0; user < users; user++) {
      int n = random.nextInt(1, Math.max(2, items));
      for (int item : random.ints(0, items).distinct().limit(n).toArray()) {
        builder.add("u" + user, item, random.nextInt(3), builder.size());
      }
    }
    return split(catalog, builder.build());
  }

  /** Scores with many ties, and some items that are not recommended. */
  static float[][] scores(SplittableRandom random, int users, int items) {
    float[][] scores = new float[users][items];
    for (float[] row : scores) {
      for (int i = 0; i < items; i++) {
        int drawn = random.nextInt(12);
        row[i] = drawn == 0 ? Float.NaN : drawn == 1 ? Float.NEGATIVE_INFINITY : Math.floorDiv(drawn, 3);
      }
    }
    return scores;
  }

  static Scorer scorer(String name, float[]... byUser) {
    return new Scorer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void score(int user, float[] scores) {
        float[] row = byUser[byUser.length == 1 ? 0 : user];
        System.arraycopy(row, 0, scores, 0, row.length);
      }
    };
  }

  /** The same scores, given in blocks. */
  static BlockScorer blocks(String name, float[]... byUser) {
    return new BlockScorer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void score(int[] users, int from, int to, int firstItem, int endItem, float[] scores) {
        for (int u = from; u < to; u++) {
          System.arraycopy(byUser[users[u]], firstItem, scores, (u - from) * (endItem - firstItem), endItem
              - firstItem);
        }
      }
    };
  }

  static float[][] normal(SplittableRandom random, int rows, int dim) {
    List<float[]> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[] vector = new float[dim];
      for (int d = 0; d < dim; d++) {
        vector[d] = (float) random.nextGaussian();
      }
      all.add(vector);
    }
    return all.toArray(float[][]::new);
  }
}
