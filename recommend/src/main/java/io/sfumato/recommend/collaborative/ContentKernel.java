package io.sfumato.recommend.collaborative;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorValues;
import io.sfumato.encoders.linalg.DenseSolver;
import io.sfumato.encoders.linalg.Eigen;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Content seen through a Gaussian kernel: {@code k(x, y) = exp(γ (cos(x, y) - 1))} of centred rows, so that a linear model on what comes out is a kernel model, which likes "dark AND funny" without liking
 * all that is dark. The kernel is centred over landmark items and cut to its leading directions (kernel principal components, Schölkopf et al. 1998; landmarks as in Nyström, Williams and Seeger 2001):
 * the inner product of two mapped rows is their centred kernel, as far as those directions tell it.
 *
 * <p>A row of zeros, an item without content, maps to zeros. Immutable, thread-safe, no native memory.
 */
final class ContentKernel {
  /** The most landmarks: their kernel matrix is dense. */
  static final int LANDMARKS = 4_096;
  /** The most directions that are kept; half of it over {@value #WIDE} items. */
  static final int DIRECTIONS = 512;
  private static final int WIDE = 50_000;
  private static final int ROUNDS = 6;
  private static final int CHUNK = 2_048;
  private static final double LEAST = 1e-6;

  private final Centred centring;
  private final double gamma;
  private final float[] landmarks;
  private final float[] projection;
  private final float[] offset;

  private ContentKernel(Centred centring, double gamma, float[] landmarks, float[] projection, float[] offset) {
    this.centring = centring;
    this.gamma = gamma;
    this.landmarks = landmarks;
    this.projection = projection;
    this.offset = offset;
  }

  /**
   * Finds the directions.
   *
   * @param items the landmarks are drawn from, such as those with interactions; those without content are passed over
   * @param gamma γ, above 0: 4 makes items of cosine 0.8 half as alike as equal ones
   * @throws IllegalArgumentException where no item has content
   */
  static ContentKernel fit(ContentFeatures content, int[] items, double gamma, long seed) {
    if (!(gamma > 0)) {
      throw new IllegalArgumentException("gamma must be above 0 but was " + gamma);
    }
    Centred centring = Centred.by(content, items);
    int[] chosen = sample(Arrays.stream(items).filter(item -> Centred.isPresent(content.rows()[item])).toArray(), seed);
    if (chosen.length == 0) {
      throw new IllegalArgumentException("a content kernel needs an item with content");
    }
    int m = chosen.length;
    int width = content.width();
    float[] rows = new float[Math.multiplyExact(m, width)];
    for (int l = 0; l < m; l++) {
      System.arraycopy(unit(centring.apply(content.rows()[chosen[l]])), 0, rows, l * width, width);
    }
    float[] kernel = kernel(rows, m, transposed(rows, m, width), m, width, gamma);
    float[] means = centre(kernel, m);
    int count = Math.min(m, content.rows().length > WIDE ? DIRECTIONS / 2 : DIRECTIONS);
    Eigen eigen = Eigen.leading(kernel, m, count, 0, ROUNDS, seed);
    int kept = (int) Arrays.stream(eigen.values()).filter(value -> value > LEAST * eigen.values()[0]).count();
    float[] projection = new float[m * kept];
    for (int r = 0; r < kept; r++) {
      double scale = 1 / Math.sqrt(eigen.values()[r]);
      for (int l = 0; l < m; l++) {
        projection[l * kept + r] = (float) (scale * eigen.vectors()[r][l]);
      }
    }
    return new ContentKernel(centring, gamma, transposed(rows, m, width), projection, DenseSolver.multiply(means,
        projection, 1, m, kept));
  }

  private static int[] sample(int[] items, long seed) {
    if (items.length <= LANDMARKS) {
      return items;
    }
    int[] shuffled = items.clone();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < LANDMARKS; i++) {
      int other = random.nextInt(i, shuffled.length);
      int swapped = shuffled[i];
      shuffled[i] = shuffled[other];
      shuffled[other] = swapped;
    }
    return Arrays.stream(shuffled, 0, LANDMARKS).sorted().toArray();
  }

  /** {@code exp(γ (A B - 1))} of unit rows [n, width] and unit columns [width, m]. */
  private static float[] kernel(float[] rows, int n, float[] columns, int m, int width, double gamma) {
    float[] kernel = DenseSolver.multiply(rows, columns, n, width, m);
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) Math.exp(gamma * (kernel[i] - 1));
    }
    return kernel;
  }

  /** Centres a kernel matrix [m, m] in both directions, in place; returns the means that its columns had. */
  private static float[] centre(float[] kernel, int m) {
    float[] means = new float[m];
    double total = 0;
    for (int j = 0; j < m; j++) {
      double sum = 0;
      for (int i = 0; i < m; i++) {
        sum += kernel[j * m + i];
      }
      means[j] = (float) (sum / m);
      total += sum / m;
    }
    float mean = (float) (total / m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        kernel[i * m + j] += mean - means[i] - means[j];
      }
    }
    return means;
  }

  /** The number of values of a mapped row. */
  int width() {
    return offset.length;
  }

  /** The blocks of the rows that it maps. */
  Centred centring() {
    return centring;
  }

  /** Maps a row. */
  float[] apply(float[] row) {
    return apply(new float[][]{row})[0];
  }

  /** Maps rows of raw features: a row of {@link #width} values each. */
  float[][] apply(float[][] rows) {
    int width = centring.mean().length;
    int m = landmarks.length / width;
    float[][] mapped = new float[rows.length][width()];
    for (int from = 0; from < rows.length; from += CHUNK) {
      int count = Math.min(CHUNK, rows.length - from);
      float[] units = new float[count * width];
      for (int i = 0; i < count; i++) {
        System.arraycopy(unit(centring.apply(rows[from + i])), 0, units, i * width, width);
      }
      float[] projected = DenseSolver.multiply(kernel(units, count, landmarks, m, width, gamma), projection, count, m,
          width());
      for (int i = 0; i < count; i++) {
        for (int r = 0; r < width() && Centred.isPresent(rows[from + i]); r++) {
          mapped[from + i][r] = projected[i * width() + r] - offset[r]; // what centring takes from a row is orthogonal to the directions
        }
      }
    }
    return mapped;
  }

  private static float[] unit(float[] row) {
    double square = 0;
    for (float value : row) {
      square += (double) value * value;
    }
    float[] unit = row.clone();
    for (int k = 0; k < unit.length && square > 0; k++) {
      unit[k] = (float) (row[k] / Math.sqrt(square));
    }
    return unit;
  }

  private static float[] transposed(float[] rows, int count, int width) {
    float[] columns = new float[rows.length];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < width; k++) {
        columns[k * count + i] = rows[i * width + k];
      }
    }
    return columns;
  }

  List<FloatTensor> tensors() {
    int width = centring.mean().length;
    return List.of(new FloatTensor("kernel.gamma", new long[]{1}, new float[]{(float) gamma}),
        new FloatTensor("kernel.landmarks", new long[]{width, landmarks.length / width}, landmarks),
        new FloatTensor("kernel.projection", new long[]{projection.length / width(), width()}, projection),
        new FloatTensor("kernel.offset", new long[]{width()}, offset));
  }

  static ContentKernel read(SafeTensors file, Centred centring) {
    float[] offset = TensorValues.finite(file, "kernel.offset");
    int width = centring.mean().length;
    long[] shape = file.shape("kernel.landmarks");
    if (width == 0 || offset.length == 0 || shape.length != 2 || shape[0] != width || shape[1] < 1) {
      throw new EncoderException("SHAPE_MISMATCH",
          "%s: a kernel over %d columns with %d directions cannot have landmarks of shape %s".formatted(file.origin(),
              width, offset.length, Arrays.toString(shape)));
    }
    return new ContentKernel(centring, TensorValues.finite(file, "kernel.gamma", 1)[0],
        TensorValues.finite(file, "kernel.landmarks"),
        TensorValues.finite(file, "kernel.projection", Math.multiplyExact(shape[1], (long) offset.length)), offset);
  }
}
