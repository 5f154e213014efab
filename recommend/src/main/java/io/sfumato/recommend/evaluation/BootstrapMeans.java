package io.sfumato.recommend.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Means of columns over users who are drawn with replacement. How often each user was drawn is the same for all columns, so the means are a matrix product, of counts {@code [resamples, users]} with values {@code [users, columns]}, and are
 * computed as one: in single precision within {@link #CHUNK} users, in double precision over them.
 */
final class BootstrapMeans {
  private static final int CHUNK = 512;
  private static final int BLOCK = 8 * Kernel.USERS;

  private final int users;
  private final int columns;
  private final int width = Kernel.BEST.panel();
  /** Panels of columns, each {@code [users, width]}. */
  private final float[][] panels;

  /**
   * Takes the columns over, one after the other.
   *
   * @param values of a column, one a user
   */
  BootstrapMeans(int columns, int users, IntFunction<double[]> values) {
    this.users = users;
    this.columns = columns;
    this.panels = new float[(columns + width - 1) / width][Math.multiplyExact(users, width)];
    for (int c = 0; c < columns; c++) {
      double[] column = values.apply(c);
      if (column.length != users) {
        throw new IllegalArgumentException(
            "columns must be of the same users but have %d and %d values".formatted(users, column.length));
      }
      for (int u = 0; u < users; u++) {
        panels[c / width][u * width + c % width] = (float) column[u];
      }
    }
  }

  /** The means, {@code [columns, resamples]}. */
  double[][] draw(int resamples, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] means = new double[columns][resamples];
    int[] drawn = new int[users];
    float[][] counts = new float[BLOCK / Kernel.USERS][users * Kernel.USERS];
    for (int first = 0; first < resamples; first += BLOCK) {
      int block = Math.min(BLOCK, resamples - first);
      for (int r = 0; r < block; r++) {
        Arrays.fill(drawn, 0);
        drawOne(random, drawn);
        spread(drawn, counts[r / Kernel.USERS], r % Kernel.USERS);
      }
      for (int panel = 0; panel < panels.length; panel++) {
        multiply(panel, counts, first, block, means);
      }
    }
    return means;
  }

  /** Two draws a number of the generator: 32 bits times the number of users, whose bias is below users / 2³². */
  private void drawOne(SplittableRandom random, int[] drawn) {
    int u = 0;
    for (; u + 1 < users; u += 2) {
      long bits = random.nextLong();
      drawn[index(bits >>> 32)]++;
      drawn[index(bits & 0xffff_ffffL)]++;
    }
    if (u < users) {
      drawn[index(random.nextLong() >>> 32)]++;
    }
  }

  private int index(long bits) {
    return (int) ((bits * users) >>> 32);
  }

  private static void spread(int[] drawn, float[] group, int lane) {
    for (int u = 0; u < drawn.length; u++) {
      group[u * Kernel.USERS + lane] = drawn[u];
    }
  }

  private void multiply(int panel, float[][] counts, int first, int block, double[][] means) {
    float[] sums = new float[Kernel.USERS * width];
    double[] totals = new double[BLOCK * width];
    for (int from = 0; from < users; from += CHUNK) {
      int chunk = Math.min(CHUNK, users - from);
      for (int group = 0; group * Kernel.USERS < block; group++) {
        Kernel.BEST.products(counts[group], from * Kernel.USERS, panels[panel], from * width, chunk, sums, 0, width);
        for (int i = 0; i < sums.length; i++) {
          totals[group * sums.length + i] += sums[i];
        }
      }
    }
    int inPanel = Math.min(width, columns - panel * width);
    for (int r = 0; r < block; r++) {
      for (int c = 0; c < inPanel; c++) {
        means[panel * width + c][first + r] = totals[r * width + c] / users;
      }
    }
  }
}
