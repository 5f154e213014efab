package io.sfumato.recommend.collaborative;

import io.sfumato.encoders.linalg.Eigen;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Eigenvalues of a symmetric matrix above a threshold, with their eigenvectors. Immutable.
 *
 * @param values descending
 * @param vectors one unit vector an eigenvalue
 */
@SuppressWarnings("ArrayRecordComponent") // internal to fitting, never compared
record Spectrum(double[] values, float[][] vectors) {
  private static final int ROUNDS = 40;

  /**
   * Finds them.
   *
   * @param matrix symmetric, row-major [n, n]
   * @param most how many at most
   * @param threshold those not above it are left out; about as large as the most negative eigenvalue is
   */
  static Spectrum leading(float[] matrix, int n, int most, double threshold, long seed) {
    Eigen eigen = Eigen.leading(matrix, n, most, threshold, ROUNDS, seed);
    int kept = (int) Arrays.stream(eigen.values()).takeWhile(value -> value > threshold).count();
    return new Spectrum(Arrays.copyOf(eigen.values(), kept), Arrays.copyOf(eigen.vectors(), kept));
  }

  /** The same with each eigenvalue λ of signal plus noise of spectral edge e taken back to that of the signal: {@code (λ + √(λ² − e²))/2}. */
  Spectrum shrunk(double edge) {
    double[] signal = Arrays.stream(values)
        .map(value -> (value + Math.sqrt(Math.max(0, value * value - edge * edge))) / 2)
        .toArray();
    return new Spectrum(signal, vectors);
  }

  /** The matrix of these eigenvalues and eigenvectors alone, row-major [n, n]. */
  float[] toMatrix(int n) {
    if (values.length == 0) {
      return new float[Math.multiplyExact(n, n)];
    }
    float[][] scaled = IntStream.range(0, n).mapToObj(i -> {
      float[] row = new float[values.length];
      for (int k = 0; k < row.length; k++) {
        row[k] = (float) (Math.sqrt(values[k]) * vectors[k][i]);
      }
      return row;
    }).toArray(float[][]::new);
    float[] matrix = new float[Math.multiplyExact(n, n)];
    Dense.addGram(matrix, scaled, 1);
    return matrix;
  }
}
