package io.sfumato.encoders.linalg;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The largest eigenvalues of a symmetric matrix with their eigenvectors, computed by the tensor engine in float32.
 *
 * @param values descending
 * @param vectors one unit vector of length n an eigenvalue
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Eigen(double[] values, float[][] vectors) {
  private static final int SPARE = 8;

  private static final Script SCRIPT = Script.of("eigen", """
    def iterate(self: __torch__.Script, a: Tensor, q: Tensor, shift: float, rounds: int) -> Tensor:
      basis = q
      for _0 in range(rounds):
        moved = torch.add(torch.mm(a, basis), basis, alpha=shift)
        basis, _1 = torch.linalg_qr(moved, mode="reduced")
      return basis
    def orthonormal(self: __torch__.Script, q: Tensor) -> Tensor:
      basis, _0 = torch.linalg_qr(q, mode="reduced")
      return basis
    def projected(self: __torch__.Script, q: Tensor, moved: Tensor) -> Tensor:
      small = torch.mm(torch.t(q), moved)
      return torch.mul(torch.add(small, torch.t(small)), 0.5)
    def project(self: __torch__.Script, a: Tensor, q: Tensor) -> Tensor:
      small = torch.mm(torch.t(q), torch.mm(a, q))
      return torch.mul(torch.add(small, torch.t(small)), 0.5)
    def values(self: __torch__.Script, small: Tensor) -> Tensor:
      values, _0 = torch.linalg_eigh(small, UPLO="L")
      return values
    def vectors(self: __torch__.Script, small: Tensor, q: Tensor) -> Tensor:
      _0, vectors = torch.linalg_eigh(small, UPLO="L")
      return torch.contiguous(torch.t(torch.mm(q, vectors)))
    """);

  /**
   * Finds them by subspace iteration with a Rayleigh–Ritz step at the end (Saad 2011, section 5.2).
   *
   * <p>An eigenvalue λ is found to a relative error of about {@code ((e + s)/(λ + s))^(2·rounds)}, e being the largest one that is left out. Needs n² + O(n·count) floats of native memory, and
   * {@code 2·n²·count·rounds} operations.
   *
   * @param matrix symmetric, row-major [n, n]
   * @param count how many, 1 to n
   * @param shift s, at least 0: as large as the most negative eigenvalue is, so that this does not come first
   * @param rounds of the iteration, at least 1
   * @param seed of the first subspace
   */
  public static Eigen leading(float[] matrix, int n, int count, double shift, int rounds, long seed) {
    if (n < 1 || matrix.length != (long) n * n || count < 1 || count > n || rounds < 1 || !(shift >= 0)) {
      throw new IllegalArgumentException(
          "the %d leading eigenvalues of a matrix [%d, %d] of %d values by %d rounds with shift %s cannot be had: they are 1 to n, rounds 1 or more, the shift 0 or more"
              .formatted(count, n, n, matrix.length, rounds, shift));
    }
    int width = Math.min(n, count + SPARE);
    TensorRuntime runtime = TensorRuntime.get();
    try (Scope scope = runtime.scope(); GradMode off = runtime.inference()) {
      NDArray a = matrix(scope, matrix, n, n);
      NDArray q = matrix(scope, start(n * width, seed), n, width);
      NDArray basis = SCRIPT.call(scope, "iterate", a, q, shift, rounds);
      return ritz(scope, SCRIPT.call(scope, "project", a, basis), basis, n, count);
    }
  }

  /** A symmetric matrix that is known by what it makes of vectors, such as a sparse one. */
  public interface Operator {
    /**
     * Multiplies.
     *
     * @param vectors row-major [n, width]; not to be changed
     * @return the products, row-major [n, width], fresh
     */
    float[] times(float[] vectors, int width);
  }

  /**
   * As {@link #leading(float[], int, int, double, int, long)}, for a positive semi-definite matrix that is never written down: it is multiplied with {@code count + 8} vectors {@code rounds + 1} times.
   *
   * @param count how many, 1 to n
   * @param rounds of the iteration, at least 1
   * @param seed of the first subspace
   */
  public static Eigen leading(Operator matrix, int n, int count, int rounds, long seed) {
    if (n < 1 || count < 1 || count > n || rounds < 1) {
      throw new IllegalArgumentException(
          "the %d leading eigenvalues of an operator on %d dimensions by %d rounds cannot be had: they are 1 to n, rounds 1 or more"
              .formatted(count, n, rounds));
    }
    int width = Math.min(n, count + SPARE);
    float[] basis = start(n * width, seed);
    for (int round = 0; round < rounds; round++) {
      basis = orthonormal(round == 0 ? basis : matrix.times(basis, width), n, width);
    }
    basis = orthonormal(matrix.times(basis, width), n, width);
    float[] moved = matrix.times(basis, width);
    TensorRuntime runtime = TensorRuntime.get();
    try (Scope scope = runtime.scope(); GradMode off = runtime.inference()) {
      NDArray q = matrix(scope, basis, n, width);
      return ritz(scope, SCRIPT.call(scope, "projected", q, matrix(scope, moved, n, width)), q, n, count);
    }
  }

  private static float[] start(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] start = new float[size];
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) random.nextGaussian();
    }
    return start;
  }

  private static float[] orthonormal(float[] basis, int n, int width) {
    TensorRuntime runtime = TensorRuntime.get();
    try (Scope scope = runtime.scope(); GradMode off = runtime.inference()) {
      return SCRIPT.call(scope, "orthonormal", matrix(scope, basis, n, width)).toFloatArray();
    }
  }

  private static NDArray matrix(Scope scope, float[] values, int rows, int columns) {
    return scope.floats(values, rows, columns);
  }

  /** The Rayleigh–Ritz step: eigenvalues and -vectors of the matrix seen within a basis. */
  private static Eigen ritz(Scope scope, NDArray small, NDArray basis, int n, int count) {
    float[] ascending = SCRIPT.call(scope, "values", small).toFloatArray();
    float[] rows = SCRIPT.call(scope, "vectors", small, basis).toFloatArray();
    double[] values = new double[count];
    float[][] vectors = new float[count][];
    for (int k = 0; k < count; k++) {
      int from = ascending.length - 1 - k;
      values[k] = ascending[from];
      vectors[k] = Arrays.copyOfRange(rows, from * n, (from + 1) * n);
    }
    return new Eigen(values, vectors);
  }
}
