package io.sfumato.privacy.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.runtime.Autograd;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.accounting.NoiseSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The one implementation, twice: in Java and in tensor operations, number by number the same from the same bits, up to
 * the last bits of the logarithm and the cosine. Numbers come in chunks of {@value #CHUNK}; a chunk of n takes 2⌈n/2⌉
 * words of 64 bits: first the uniforms of the radii, then those of the angles; cosines go to the first half of the
 * numbers and sines to the second.
 */
final class GaussianNoise implements NoiseGenerator {
  /** Small enough that a chunk's arrays stay in the cache of a core. */
  static final int CHUNK = 1 << 15;

  private static final long MASK = (1L << 53) - 1;
  private static final double LARGEST = 0x1p36;
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final Script KERNEL = Script.of("noise",
      """
        def normals(self: __torch__.Script, bits: Tensor, u: Tensor, sine: Tensor, scale: float) -> Tensor:
          p = torch.size(sine, 0)
          torch.copy_(u, torch.bitwise_and_(bits, 9007199254740991))
          r, angle = torch.narrow(u, 0, 0, p), torch.narrow(u, 0, p, p)
          torch.mul_(torch.add_(r, 1), 1.1102230246251565e-16)
          torch.mul_(torch.sqrt_(torch.mul_(torch.log_(r), -2)), scale)
          torch.mul_(angle, 6.975736996017264e-16)
          torch.mul_(torch.sin_(torch.copy_(sine, angle)), r)
          torch.mul_(r, torch.cos_(angle))
          torch.copy_(angle, sine)
          return u
        def release(self: __torch__.Script, sums: Tensor, out: Tensor, z: Tensor, k: Tensor, start: int, grid: float, limit: float) -> Tensor:
          n = torch.size(k, 0)
          torch.copy_(k, torch.narrow(sums, 0, start, n))
          torch.clamp_(torch.div_(k, grid), torch.neg(limit), limit)
          torch.mul_(torch.round_(torch.add_(k, torch.narrow(z, 0, 0, n))), grid)
          return torch.copy_(torch.narrow(out, 0, start, n), k)
        """);

  private final KeyStream bits;
  private final NoiseSource source;
  private final int normals;
  private final byte[] bytes = new byte[CHUNK * Long.BYTES];
  private final ByteBuffer direct = ByteBuffer.allocateDirect(CHUNK * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private GaussianNoise(KeyStream bits, NoiseSource source, int normals) {
    if (normals < 1 || normals > 64) {
      throw new IllegalArgumentException("normals a number must be in [1, 64] but were " + normals);
    }
    this.bits = bits;
    this.source = source;
    this.normals = normals;
  }

  static GaussianNoise secure(int normals) {
    return new GaussianNoise(KeyStream.secure(), NoiseSource.SECURE, normals);
  }

  static GaussianNoise seeded(long seed) {
    return new GaussianNoise(KeyStream.seeded(seed), NoiseSource.SEEDED, 1);
  }

  @Override
  public NoiseSource source() {
    return source;
  }

  @Override
  public String mode() {
    String bitsFrom = source == NoiseSource.SECURE ? "AES-256-CTR with a fresh key"
        : "AES-256-CTR with a key from a seed";
    return bitsFrom + ", Box-Muller in float64, grid of deviation/2^" + GRID_BITS
        + (normals == 1 ? "" : ", sums of " + normals + " normals");
  }

  @Override
  public void add(double[] sums, double deviation) {
    if (check(deviation) == 0) {
      return;
    }
    double grid = grid(deviation);
    double[] z = new double[Math.min(CHUNK, sums.length + 1)];
    for (int start = 0; start < sums.length; start += CHUNK) {
      int n = Math.min(CHUNK, sums.length - start);
      Arrays.fill(z, 0);
      for (int i = 0; i < normals; i++) {
        addNormals(z, (n + 1) / 2);
      }
      for (int i = 0; i < n; i++) {
        double k = Math.clamp(sums[start + i] / grid, -limit(), limit()) + z[i];
        sums[start + i] = Math.rint(k) * grid;
      }
    }
  }

  /** Adds normals in grid steps to the first {@code 2·pairs} numbers. */
  private void addNormals(double[] z, int pairs) {
    bits.fill(bytes, 2 * pairs * Long.BYTES);
    for (int i = 0; i < pairs; i++) {
      double radius = Math.sqrt(-2 * Math.log((uniform(i) + 1) * 0x1p-53)) * scale();
      double angle = uniform(pairs + i) * (2 * Math.PI * 0x1p-53);
      z[i] += radius * Math.cos(angle);
      z[pairs + i] += radius * Math.sin(angle);
    }
  }

  /** 53 bits, in [0, 2⁵³). */
  private double uniform(int word) {
    return (double) ((long) LONGS.get(bytes, word * Long.BYTES) & MASK);
  }

  @Override
  public NDArray addTo(Scope scope, NDArray sums, double deviation) {
    NDArray out = scope.manager().create(sums.getShape(), DataType.FLOAT32);
    if (check(deviation) == 0) {
      TensorRuntime.get().kernels().copy(scope, out, sums);
    } else {
      noise(scope, sums, out, deviation);
    }
    return out;
  }

  @Override
  public void addInto(Scope scope, NDArray sums, double deviation) {
    if (check(deviation) > 0) {
      noise(scope, sums, sums, deviation);
    }
  }

  private void noise(Scope outer, NDArray sums, NDArray out, double deviation) {
    if (sums.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException("sums must be float32 but were " + sums.getDataType());
    }
    long size = sums.size();
    try (GradMode off = TensorRuntime.get().inference(); Scope scope = outer.child()) {
      NDArray from = Autograd.constant(scope, sums).reshape(size);
      NDArray to = Autograd.constant(scope, out).reshape(size);
      Workspace whole = size < CHUNK ? null : new Workspace(scope, CHUNK);
      for (long start = 0; start < size; start += CHUNK) {
        int n = (int) Math.min(CHUNK, size - start);
        Workspace space = n == CHUNK && whole != null ? whole : new Workspace(scope, n);
        try (Scope step = scope.child()) {
          draw(step, space);
          KERNEL.call(step, "release", from, to, space.total, space.k, start, grid(deviation), limit());
        }
      }
    }
  }

  /** Normals in grid steps into {@code space.total}. */
  private void draw(Scope scope, Workspace space) {
    int length = 2 * space.pairs * Long.BYTES;
    for (int i = 0; i < normals; i++) {
      bits.fill(bytes, length);
      direct.clear().put(bytes, 0, length).flip();
      try (NDArray words = scope.manager().create(direct, new Shape(2L * space.pairs), DataType.INT64)) {
        KERNEL.call(scope, "normals", words, i == 0 ? space.total : space.u, space.sine, scale());
      }
      if (i > 0) {
        space.total.addi(space.u);
      }
    }
  }

  /**
   * Arrays of float64 for one chunk of n numbers, made once: fresh memory for every operation costs more than the
   * operations.
   */
  private final class Workspace {
    private final int pairs;
    private final NDArray total;
    private final NDArray u;
    private final NDArray sine;
    private final NDArray k;

    Workspace(Scope scope, int n) {
      pairs = (n + 1) / 2;
      total = scope.manager().create(new Shape(2L * pairs), DataType.FLOAT64);
      u = normals == 1 ? total : scope.manager().create(new Shape(2L * pairs), DataType.FLOAT64);
      sine = scope.manager().create(new Shape(pairs), DataType.FLOAT64);
      k = scope.manager().create(new Shape(n), DataType.FLOAT64);
    }
  }

  private static double grid(double deviation) {
    return deviation / (1 << GRID_BITS);
  }

  /** Grid steps of a normal's deviation. */
  private double scale() {
    return (1 << GRID_BITS) / Math.sqrt(normals);
  }

  /** The largest sum, in grid steps. */
  private static double limit() {
    return LARGEST * (1 << GRID_BITS);
  }

  private static double check(double deviation) {
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException("deviation of the noise must be finite and not negative but was " + deviation);
    }
    return deviation;
  }
}
