package io.sfumato.encoders.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations that {@code ai.djl.ndarray} lacks or makes of many small ones. Every result lands in the scope that is
 * given; all are differentiable unless they say otherwise. Thread-safe. Shapes: n examples, t positions, d features,
 * c channels, h by w pixels.
 */
public final class Kernels {
  private static final Script SCRIPT = Script.resource("kernels.torchscript");

  Kernels() {}

  /**
   * Multi-head scaled dot-product attention, softmax(q kᵀ / √(d/heads)) v, fused.
   *
   * @param q queries [n, t, d]
   * @param k keys [n, s, d]
   * @param v values [n, s, d]
   * @param mask [n, s], any number type: 0 where a key is padding, else 1; null when none is. Every example needs one key
   *     at least
   * @param heads divides d
   * @return [n, t, d]
   */
  public NDArray attention(Scope scope, NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, int heads) {
    // For the gradients of bfloat16 on a CPU the engine's fused kernel takes ten times as long as its parts.
    boolean parts = isBfloat16(q) && JniUtils.isGradMode() && !q.getDevice().isGpu();
    String kind = parts ? "attention_products" : "attention";
    return mask == null
        ? SCRIPT.call(scope, kind, q, k, v, heads)
        : SCRIPT.call(scope, kind + "_masked", q, k, v, mask, heads);
  }

  /** As {@link #attention}, but a position sees itself and those before it only; t and s must be equal. */
  public NDArray causalAttention(Scope scope, NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, int heads) {
    return mask == null
        ? SCRIPT.call(scope, "attention_causal", q, k, v, heads)
        : SCRIPT.call(scope, "attention_causal_masked", q, k, v, mask, heads);
  }

  /** x wᵀ + b: x [..., in], w [out, in], b [out] or null; result [..., out]. */
  public NDArray linear(Scope scope, NDArray x, NDArray w, @Nullable NDArray b) {
    return scope.own(JniUtils.linear(pt(x), pt(w), b == null ? null : pt(b)));
  }

  /**
   * As {@link #linear} with a bfloat16 product: operands are rounded to bfloat16, sums are made in float32, the result is
   * bfloat16. Gradients reach x, w and b in their own types.
   */
  public NDArray linearBfloat16(Scope scope, NDArray x, NDArray w, @Nullable NDArray b) {
    return b == null
        ? SCRIPT.call(scope, "linear_bf16", x, w)
        : SCRIPT.call(scope, "linear_bias_bf16", x, w, b);
  }

  /** The values as float32; the array itself where it is float32 already. */
  public NDArray toFloat(Scope scope, NDArray x) {
    return x.getDataType() == DataType.FLOAT32 ? x : SCRIPT.call(scope, "to_float", x);
  }

  /** Whether an array is of the type that {@link #linearBfloat16} gives, which the engine's Java side has no name for. */
  private static boolean isBfloat16(NDArray x) {
    return x.getDataType() == DataType.UNKNOWN || x.getDataType() == DataType.BFLOAT16;
  }

  /** Sets each value to zero with probability p and divides the others by 1 − p. */
  public NDArray dropout(Scope scope, NDArray x, double p) {
    return SCRIPT.call(scope, "dropout", x, p);
  }

  /** z + scale · (x aᵀ) bᵀ in z's number type: z [..., out], x [..., in], a [r, in], b [out, r]; result [..., out]. */
  public NDArray addLowRank(Scope scope, NDArray z, NDArray x, NDArray a, NDArray b, double scale) {
    return SCRIPT.call(scope, "add_low_rank", z, x, a, b, scale);
  }

  /** Adds scale · b a to w, in place: w [out, in], b [out, r], a [r, in]; not differentiable. */
  public void addProduct(Scope scope, NDArray w, NDArray b, NDArray a, double scale) {
    try (GradMode off = new GradMode(false)) {
      SCRIPT.call(scope, "add_product", w, b, a, scale).close();
    }
  }

  /** Rows of a table [v, d] by int64 ids [...]; result [..., d]. */
  public NDArray embedding(Scope scope, NDArray ids, NDArray table) {
    return scope.own(JniUtils.embedding(pt(ids), pt(table), false));
  }

  /** Layer normalisation over the last dimension d, with weight and bias [d]. */
  public NDArray layerNorm(Scope scope, NDArray x, NDArray weight, NDArray bias, double eps) {
    return scope.own(JniUtils.layerNorm(pt(x), weight.getShape(), pt(weight), pt(bias), eps));
  }

  /** Group normalisation of x [n, c, h, w] with weight and bias [c]; groups divides c. */
  public NDArray groupNorm(Scope scope, NDArray x, int groups, NDArray weight, NDArray bias, double eps) {
    return SCRIPT.call(scope, "group_norm", x, groups, weight, bias, eps);
  }

  /** Two-dimensional convolution: x [n, in, h, w], weight [out, in, k, k], bias [out] or null. */
  public NDArray conv2d(Scope scope, NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding) {
    if (bias == null) {
      return SCRIPT.call(scope, "conv2d", x, weight, stride, padding);
    }
    return scope.own(JniUtils.convolution(pt(x), pt(weight), pt(bias), new Shape(stride, stride),
        new Shape(padding, padding), new Shape(1, 1), 1));
  }

  /** Largest value in windows of k by k pixels: x [n, c, h, w]. */
  public NDArray maxPool2d(Scope scope, NDArray x, int k, int stride, int padding) {
    return scope.own(JniUtils.maxPool(pt(x), new Shape(k, k), new Shape(stride, stride), new Shape(padding, padding),
        false));
  }

  /** Mean over the pixels of x [n, c, h, w]; result [n, c]. */
  public NDArray meanPool2d(Scope scope, NDArray x) {
    return SCRIPT.call(scope, "mean_pool", x);
  }

  /** The exact Gaussian error linear unit, x Φ(x). */
  public NDArray gelu(Scope scope, NDArray x) {
    return scope.own(JniUtils.gelu(pt(x)));
  }

  /** x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), GELU's approximation. */
  public NDArray geluTanh(Scope scope, NDArray x) {
    return SCRIPT.call(scope, "gelu_tanh", x);
  }

  /** x σ(1.702 x), GELU's approximation in CLIP. */
  public NDArray quickGelu(Scope scope, NDArray x) {
    return SCRIPT.call(scope, "quick_gelu", x);
  }

  /** x σ(x). */
  public NDArray silu(Scope scope, NDArray x) {
    return SCRIPT.call(scope, "silu", x);
  }

  /** The hyperbolic tangent. */
  public NDArray tanh(Scope scope, NDArray x) {
    return SCRIPT.call(scope, "tanh", x);
  }

  /** max(x, 0). */
  public NDArray relu(Scope scope, NDArray x) {
    return scope.own(JniUtils.relu(pt(x)));
  }

  /** Divides the vectors of the last dimension by their length, or by {@code 1e-12} where they are shorter. */
  public NDArray unit(Scope scope, NDArray x) {
    return SCRIPT.call(scope, "unit", x, 1e-12);
  }

  /** Mean over the positions of x [n, t, d] where mask [n, t] is 1; zero for an example without any. */
  public NDArray maskedMean(Scope scope, NDArray x, NDArray mask) {
    return SCRIPT.call(scope, "masked_mean", x, mask);
  }

  /** −log softmax(logits)[label] an example: logits [n, classes], labels int64 [n]; result [n]. */
  public NDArray crossEntropy(Scope scope, NDArray logits, NDArray labels) {
    return SCRIPT.call(scope, "cross_entropy", logits, labels);
  }

  /** Rows of a table [v, ...] by int64 index [m]; result [m, ...]. */
  public NDArray rows(Scope scope, NDArray table, NDArray index) {
    return SCRIPT.call(scope, "rows", table, index);
  }

  /** Sums rows that share an index: values [m, ...], int64 index [m] in [0, size); result [size, ...]. */
  public NDArray indexAdd(Scope scope, long size, NDArray index, NDArray values) {
    return SCRIPT.call(scope, "index_add", size, index, values);
  }

  /**
   * One step of AdamW (Loshchilov and Hutter 2019) on many tensors at once, in place; not differentiable.
   *
   * @param parameters, gradients, first, second: lists of equal length and shapes
   * @param steps one float32 scalar a parameter, counted up
   */
  public void adamw(Scope scope, List<NDArray> parameters, List<NDArray> gradients, List<NDArray> first,
      List<NDArray> second, List<NDArray> steps, double lr, double beta1, double beta2, double decay, double eps) {
    if (parameters.isEmpty()) {
      return;
    }
    try (GradMode off = new GradMode(false)) {
      SCRIPT.call(scope, "adamw", parameters, gradients, first, second, steps, lr, beta1, beta2, decay, eps).close();
    }
  }

  /** Euclidean norms of arrays, [arrays.size()]; not differentiable. */
  public NDArray norms(Scope scope, List<NDArray> arrays) {
    try (GradMode off = new GradMode(false)) {
      return SCRIPT.call(scope, "norms", arrays);
    }
  }

  /** Multiplies arrays by a number, in place; not differentiable. */
  public void scale(Scope scope, List<NDArray> arrays, double factor) {
    if (arrays.isEmpty()) {
      return;
    }
    try (GradMode off = new GradMode(false)) {
      SCRIPT.call(scope, "scale", arrays, factor).close();
    }
  }

  /**
   * x · factor, as a new array of x's shape and number type (float32 for whole numbers). Not DJL's
   * {@code x.mul(number)}: that lends the engine a few bytes of Java memory which are free again before the backward pass
   * reads them.
   */
  public NDArray scaled(Scope scope, NDArray x, double factor) {
    return SCRIPT.call(scope, "scaled", x, factor);
  }

  /** x / divisor, as {@link #scaled}. */
  public NDArray divided(Scope scope, NDArray x, double divisor) {
    return SCRIPT.call(scope, "divided", x, divisor);
  }

  /** Overwrites {@code target} by {@code values} of the same size, in place; not differentiable. */
  public void copy(Scope scope, NDArray target, NDArray values) {
    try (GradMode off = new GradMode(false)) {
      SCRIPT.call(scope, "copy", target, values).close();
    }
  }

  private static PtNDArray pt(NDArray array) {
    return (PtNDArray) array;
  }
}
