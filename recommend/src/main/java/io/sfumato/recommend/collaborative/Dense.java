package io.sfumato.recommend.collaborative;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.checkpoint.TensorValues;
import io.sfumato.encoders.linalg.DenseSolver;

/** Rows to row-major arrays and back, for the dense products that fitting needs. */
final class Dense {
  private Dense() {}

  /** The inverse of a symmetric positive-definite matrix [n, n], row-major. */
  static float[] inverse(float[] matrix, int n) {
    return DenseSolver.inverseSpd(matrix, n);
  }

  /** Adds {@code weight · R Rᵀ} to a matrix [n, n], in place; R has n rows. */
  static void addGram(float[] matrix, float[][] rows, float weight) {
    int n = rows.length;
    int width = n == 0 ? 0 : rows[0].length;
    if (width == 0) {
      return;
    }
    float[] product = DenseSolver.multiply(flat(rows), transposed(rows), n, width, n);
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] += weight * product[i];
    }
  }

  /** {@code A B} of row-major matrices [n, m] and [m, k], as n rows. */
  static float[][] product(float[][] a, float[][] b) {
    return rows(DenseSolver.multiply(flat(a), flat(b), a.length, b.length, b[0].length), a.length);
  }

  /** {@code RᵀR} of rows [n, d]: a matrix [d, d]. */
  static float[] columnGram(float[][] rows) {
    int width = rows.length == 0 ? 0 : rows[0].length;
    return width == 0 ? new float[0] : DenseSolver.multiply(transposed(rows), flat(rows), width, rows.length, width);
  }

  /**
   * A saved matrix of finite numbers, which must have so many rows.
   *
   * @throws EncoderException {@code SHAPE_MISMATCH} where it has another shape
   */
  static float[][] rows(TensorSource file, String name, int count) {
    long[] shape = file.shape(name);
    if (shape.length != 2 || shape[0] != count) {
      throw new EncoderException("SHAPE_MISMATCH", "%s: tensor '%s' must be a matrix of %d rows but has shape %s"
          .formatted(file.origin(), name, count, java.util.Arrays.toString(shape)));
    }
    return rows(TensorValues.finite(file, name), count);
  }

  static float[][] rows(float[] flat, int count) {
    int width = count == 0 ? 0 : flat.length / count;
    float[][] rows = new float[count][width];
    for (int i = 0; i < count; i++) {
      System.arraycopy(flat, i * width, rows[i], 0, width);
    }
    return rows;
  }

  private static float[] flat(float[][] rows) {
    int width = rows[0].length;
    float[] flat = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * width, width);
    }
    return flat;
  }

  private static float[] transposed(float[][] rows) {
    int width = rows[0].length;
    float[] flat = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < width; k++) {
        flat[k * rows.length + i] = rows[i][k];
      }
    }
    return flat;
  }
}
