package io.sfumato.encoders.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer as inference computes it on a CPU: the weight in the block order that oneDNN's products want, which
 * need not be made anew at each call, in float32, bfloat16 or 8-bit integers, and the activation applied while the result
 * is in the cache. Not differentiable.
 *
 * <p>In 8-bit integers a weight has one scale an output, symmetric; an input has one scale and offset for the whole batch,
 * chosen from its least and greatest value as it comes (dynamic quantisation).
 *
 * <p>Immutable and thread-safe. Owns native memory, as much as the weight in its number type: close it.
 */
public final class PackedLinear implements AutoCloseable {
  /** Functions that can be applied to the result on the way. */
  public enum Fused {
    /** None. */
    NONE("\"none\"", "\"\""),
    /** x Φ(x). */
    GELU("\"gelu\"", "\"none\""),
    /** GELU's approximation by a hyperbolic tangent. */
    GELU_TANH("\"gelu\"", "\"tanh\""),
    /** max(x, 0). */
    RELU("\"relu\"", "\"\""),
    /** x σ(x). */
    SILU("\"swish\"", "\"\""),
    /** The hyperbolic tangent. */
    TANH("\"tanh\"", "\"\"");

    private final String kind;
    private final String algorithm;

    Fused(String kind, String algorithm) {
      this.kind = kind;
      this.algorithm = algorithm;
    }

    private String method(String prefix) {
      return prefix + "_" + name().toLowerCase(Locale.ROOT);
    }
  }

  /** The number of rows that the block order is chosen for; it serves every other number as well. */
  private static final long ROWS = 2048;

  private static final Script SCRIPT = Script.of("packed", source());

  private static final int TRIAL = 64;
  private static final double ROUNDING = 0.02;

  /** By number type, whether its products are there and right; asked once. */
  private static final Map<String, Boolean> SUPPORTED = new HashMap<>();

  private final String prefix;
  private final List<NDArray> operands;

  private PackedLinear(String prefix, List<NDArray> operands) {
    this.prefix = prefix;
    this.operands = List.copyOf(operands);
  }

  private static String source() {
    StringBuilder text = new StringBuilder("""
      def pack(self: __torch__.Script, w: Tensor, rows: int) -> Tensor:
        return ops.mkldnn._reorder_linear_weight(w, rows)
      def pack_bfloat16(self: __torch__.Script, w: Tensor, b: Tensor, rows: int) -> List[Tensor]:
        return [ops.mkldnn._reorder_linear_weight(torch.to(w, 15), rows), torch.to(b, 15)]
      def pack_int8(self: __torch__.Script, w: Tensor) -> List[Tensor]:
        s = torch.clamp_min(torch.div(torch.amax(torch.abs(w), [-1]), 127.), 1e-30)
        q = torch.to(torch.round(torch.div(w, torch.unsqueeze(s, -1))), 1)
        return [ops.onednn.qlinear_prepack(q, None), s, torch.to(torch.zeros_like(s), 3)]
      """);
    for (Fused fused : Fused.values()) {
      text.append(
          """
            def %1$s(self: __torch__.Script, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
              return ops.mkldnn._linear_pointwise(x, w, b, %4$s, annotate(List[Optional[number]], []), %5$s)
            def %2$s(self: __torch__.Script, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
              return ops.mkldnn._linear_pointwise(torch.to(x, 15), w, b, %4$s, annotate(List[Optional[number]], []), %5$s)
            def %3$s(self: __torch__.Script, x: Tensor, w: Tensor, s: Tensor, z: Tensor, b: Tensor) -> Tensor:
              xs, xz = torch._choose_qparams_per_tensor(x, False)
              q = torch.int_repr(torch.quantize_per_tensor(x, xs, xz, 13))
              return ops.onednn.qlinear_pointwise(q, xs, xz, w, s, z, b, 1., 0, 6, %4$s, annotate(List[Optional[number]], []), %5$s)
            """
              .formatted(fused.method("float32"), fused.method("bfloat16"), fused.method("int8"), fused.kind,
                  fused.algorithm));
    }
    return text.toString();
  }

  /** Whether this engine has these products in float32: on CPUs that it was built with oneDNN for, such as x86-64. */
  public static boolean supported() {
    return supported("float32", PackedLinear::float32);
  }

  /** Whether it has them in bfloat16: of x86-64, on CPUs with AVX-512 or instructions of its own for bfloat16. */
  public static boolean supportsBfloat16() {
    return supported("bfloat16", PackedLinear::bfloat16);
  }

  /** Whether it has them in 8-bit integers and adds them up without overflow: CPUs without instructions of their own for that may not. */
  public static boolean supportsInt8() {
    return supported("int8", PackedLinear::int8);
  }

  private static synchronized boolean supported(String type,
      BiFunction<NDArray, @Nullable NDArray, PackedLinear> pack) {
    return SUPPORTED.computeIfAbsent(type, any -> !TensorRuntime.get().device().isGpu() && works(pack));
  }

  /** Tries a product whose factors are all as large as their number type is given, where sums of too few bits overflow. */
  private static boolean works(BiFunction<NDArray, @Nullable NDArray, PackedLinear> pack) {
    TensorRuntime runtime = TensorRuntime.get();
    try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
      NDArray ones = scope.manager().ones(new Shape(TRIAL, TRIAL));
      try (PackedLinear trial = pack.apply(ones, null)) {
        NDArray product = runtime.kernels().toFloat(scope, trial.forward(scope, ones, Fused.NONE));
        for (float sum : product.toFloatArray()) {
          if (!(Math.abs(sum - TRIAL) <= ROUNDING * TRIAL)) {
            return false;
          }
        }
        return true;
      }
    } catch (EncoderException e) {
      return false;
    }
  }

  /**
   * Packs a weight as it is.
   *
   * @param w [out, in]
   * @param b [out]; null for none
   */
  public static PackedLinear float32(NDArray w, @Nullable NDArray b) {
    return make("float32", scope -> List.of(SCRIPT.call(scope, "pack", w, ROWS), bias(scope, w, b)));
  }

  /** Packs a weight rounded to bfloat16, where that {@linkplain #supportsBfloat16 is there}; the products' sums are float32, the result is bfloat16. As {@link #float32}. */
  public static PackedLinear bfloat16(NDArray w, @Nullable NDArray b) {
    return make("bfloat16", scope -> List.of(SCRIPT.callAll(scope, "pack_bfloat16", w, bias(scope, w, b), ROWS)));
  }

  /** Packs a weight rounded to 8-bit integers; the result is float32. As {@link #float32}. */
  public static PackedLinear int8(NDArray w, @Nullable NDArray b) {
    return make("int8", scope -> {
      List<NDArray> parts = new ArrayList<>(List.of(SCRIPT.callAll(scope, "pack_int8", w)));
      parts.add(bias(scope, w, b));
      return parts;
    });
  }

  private static NDArray bias(Scope scope, NDArray w, @Nullable NDArray b) {
    return b == null ? scope.manager().zeros(new Shape(w.getShape().get(0))) : scope.own(b.duplicate());
  }

  private interface Packing {
    List<NDArray> operands(Scope scope);
  }

  private static PackedLinear make(String prefix, Packing packing) {
    TensorRuntime runtime = TensorRuntime.get();
    try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
      List<NDArray> operands = packing.operands(scope);
      operands.forEach(scope::release);
      return new PackedLinear(prefix, operands);
    }
  }

  /**
   * f(x wᵀ + b), inside {@link TensorRuntime#inference()}.
   *
   * @param x [..., in], float32 or what {@link #bfloat16} gives
   * @return [..., out] in {@code scope}
   */
  public NDArray forward(Scope scope, NDArray x, Fused function) {
    NDArray input = prefix.equals("bfloat16") || x.getDataType() == DataType.FLOAT32
        ? x
        : TensorRuntime.get().kernels().toFloat(scope, x);
    List<Object> arguments = new ArrayList<>(operands.size() + 1);
    arguments.add(input);
    arguments.addAll(operands);
    return SCRIPT.call(scope, function.method(prefix), arguments.toArray());
  }

  /** Frees the packed weight. */
  @Override
  public void close() {
    operands.forEach(NDArray::close);
  }
}
