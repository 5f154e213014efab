package io.sfumato.encoders.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.sfumato.encoders.EncoderException;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KernelsTest {
  private final TensorRuntime runtime = TensorRuntime.get();
  private final Kernels kernels = runtime.kernels();

  @Test
  void attentionIsSoftmaxOfScoresTimesValuesAndLeavesPaddingOut() {
    try (Scope scope = runtime.scope()) {
      int n = 2;
      int t = 5;
      int heads = 3;
      int width = 12;
      NDArray q = numbers(scope, 1, n, t, width);
      NDArray k = numbers(scope, 2, n, t, width);
      NDArray v = numbers(scope, 3, n, t, width);
      NDArray mask = scope.longs(new long[]{1, 1, 1, 0, 0, 1, 1, 1, 1, 1}, n, t);
      NDArray scores = heads(q, heads).matMul(heads(k, heads).transpose(0, 1, 3, 2))
          .mul(Math.sqrt((double) heads / width));
      NDArray hidden = mask.reshape(n, 1, 1, t).sub(1).mul(1e9f);

      NDArray expected = merged(scores.softmax(-1).matMul(heads(v, heads)));
      NDArray expectedMasked = merged(scores.add(hidden).softmax(-1).matMul(heads(v, heads)));
      assertClose(kernels.attention(scope, q, k, v, null, heads), expected, 1e-6f);
      assertClose(kernels.attention(scope, q, k, v, mask, heads), expectedMasked, 1e-6f);
    }
  }

  private static NDArray heads(NDArray x, int heads) {
    return x.reshape(x.getShape().get(0), x.getShape().get(1), heads, -1).transpose(0, 2, 1, 3);
  }

  private static NDArray merged(NDArray x) {
    return x.transpose(0, 2, 1, 3).reshape(x.getShape().get(0), x.getShape().get(2), -1);
  }

  @Test
  void gradientsGoThroughScripts() {
    try (Scope scope = runtime.scope()) {
      NDArray x = scope.floats(new float[]{3, 4}, 1, 2);
      x.setRequiresGradient(true);
      NDArray unit = kernels.unit(scope, x);
      assertThat(unit.toFloatArray()).containsExactly(new float[]{0.6f, 0.8f}, within(1e-6f));
      Autograd.backward(unit.get("0, 0"));
      // d(x/√(x²+y²))/dx = y²/r³ = 16/125, /dy = −xy/r³ = −12/125
      assertThat(gradient(scope, x)).containsExactly(new float[]{0.128f, -0.096f}, within(1e-6f));
    }
  }

  @Test
  void gradientsByInnerAndLeafArraysComeWithoutTouchingWhatBackwardAddsUp() {
    try (Scope scope = runtime.scope()) {
      NDArray x = scope.floats(new float[]{1, 2, 3}, 3);
      NDArray unused = scope.floats(new float[]{7}, 1);
      x.setRequiresGradient(true);
      unused.setRequiresGradient(true);
      NDArray z = kernels.scaled(scope, x, 2);
      var found = Autograd.gradients(scope, z.square().sum(), List.of(z, unused, x));
      assertThat(Objects.requireNonNull(found.get(0)).toFloatArray()).containsExactly(4, 8, 12);
      assertThat(found.get(1)).isNull();
      assertThat(Objects.requireNonNull(found.get(2)).toFloatArray()).containsExactly(8, 16, 24);
      assertThat(Autograd.gradient(scope, x)).isNull();
      assertThatThrownBy(() -> Autograd.gradients(scope, x.stopGradient().sum(), List.of(x)))
          .isInstanceOf(EncoderException.class)
          .hasMessageContaining("does not require grad")
          .extracting("code")
          .isEqualTo("NO_GRADIENT");
    }
  }

  @Test
  void crossEntropyMaskedMeanAndIndexAdd() {
    try (Scope scope = runtime.scope()) {
      NDArray logits = scope.floats(new float[]{0, 0, (float) Math.log(3), 0}, 2, 2);
      // −log(1/2) and −log(3/4)
      assertThat(kernels.crossEntropy(scope, logits, scope.longs(new long[]{1, 0}, 2)).toFloatArray())
          .containsExactly(new float[]{0.6931472f, 0.2876821f}, within(1e-6f));

      NDArray x = scope.floats(new float[]{1, 3, 100, 7, 8, 9}, 2, 3, 1);
      NDArray mask = scope.longs(new long[]{1, 1, 0, 0, 0, 0}, 2, 3);
      assertThat(kernels.maskedMean(scope, x, mask).toFloatArray()).containsExactly(2, 0);

      NDArray rows = scope.floats(new float[]{1, 2, 3, 4, 5, 6}, 3, 2);
      NDArray index = scope.longs(new long[]{2, 0, 2}, 3);
      assertThat(kernels.indexAdd(scope, 3, index, rows).toFloatArray()).containsExactly(3, 4, 0, 0, 6, 8);
      assertThat(kernels.rows(scope, rows, index).toFloatArray()).containsExactly(5, 6, 1, 2, 5, 6);
    }
  }

  @Test
  void scaledArraysKeepTheirNumberTypeAndLandInTheScope() {
    try (Scope scope = runtime.scope(); Scope other = runtime.scope()) {
      NDArray x = scope.floats(new float[]{3, -4}, 2);
      NDArray scaled = kernels.scaled(other, x, 0.1);
      assertThat(scaled.getManager()).isSameAs(other.manager());
      assertThat(scaled.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(scaled.toFloatArray()).containsExactly(3 * 0.1f, -4 * 0.1f);
      assertThat(kernels.divided(scope, x, 3).toFloatArray()).containsExactly(1, -4 / 3f);
      NDArray bfloat16 = kernels.linearBfloat16(scope, x.reshape(1, 2), x.reshape(1, 2), null);
      assertThat(kernels.scaled(scope, bfloat16, 2).getDataType()).isEqualTo(bfloat16.getDataType());
    }
  }

  @Test
  void normsAndScaleOfManyArrays() {
    try (Scope scope = runtime.scope()) {
      NDArray a = scope.floats(new float[]{3, 4}, 2);
      NDArray b = scope.floats(new float[]{-2}, 1);
      assertThat(kernels.norms(scope, List.of(a, b)).toFloatArray()).containsExactly(5, 2);
      kernels.scale(scope, List.of(a, b), 0.5);
      assertThat(a.toFloatArray()).containsExactly(1.5f, 2);
      assertThat(b.toFloatArray()).containsExactly(-1);
    }
  }

  @Test
  void failuresSayWhichKernelAndWhy() {
    try (Scope scope = runtime.scope()) {
      NDArray table = scope.floats(new float[]{1, 2}, 2, 1);
      assertThatThrownBy(() -> kernels.rows(scope, table, scope.longs(new long[]{5}, 1)))
          .isInstanceOf(EncoderException.class)
          .hasMessageStartingWith("Kernel kernels.torchscript.rows failed: ")
          .hasMessageContaining("out of range");
      Script broken = Script.of("broken",
          "def f(self: __torch__.Script, x: Tensor) -> Tensor:\n  return torch.nonsense(x)\n");
      assertThatThrownBy(() -> broken.call(scope, "f", table)).isInstanceOf(EncoderException.class)
          .hasMessageStartingWith("Kernels 'broken' do not compile");
      assertThatThrownBy(() -> Autograd.backward(table)).hasMessageContaining("must be one number");
      assertThatThrownBy(() -> Autograd.backward(table.sum())).isInstanceOf(EncoderException.class)
          .hasMessageContaining("does not require grad");
    }
  }

  private static NDArray numbers(Scope scope, long seed, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    long size = 1;
    for (long dimension : shape) {
      size *= dimension;
    }
    float[] values = new float[Math.toIntExact(size)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-2, 2);
    }
    return scope.floats(values, shape);
  }

  private static float[] gradient(Scope scope, NDArray x) {
    return Objects.requireNonNull(Autograd.gradient(scope, x)).toFloatArray();
  }

  private static void assertClose(NDArray actual, NDArray expected, float tolerance) {
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    assertThat(actual.toFloatArray()).containsExactly(expected.toFloatArray(), within(tolerance));
  }
}
