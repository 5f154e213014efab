package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.PackedLinear;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of one number that stand between linear layers, with the names that Hugging Face configurations use. */
public enum Activation {
  /** The exact Gaussian error linear unit, x Φ(x) (Hendrycks and Gimpel 2016). */
  GELU("gelu", "gelu_python"),
  /** Its approximation by a hyperbolic tangent, x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))). */
  GELU_TANH("gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh"),
  /** Its approximation by a logistic function, x σ(1.702 x), as in CLIP. */
  QUICK_GELU("quick_gelu"),
  /** max(x, 0). */
  RELU("relu"),
  /** x σ(x). */
  SILU("silu", "swish"),
  /** The hyperbolic tangent. */
  TANH("tanh");

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> names;

  Activation(String... names) {
    this.names = List.of(names);
  }

  /**
   * The activation of a configuration.
   *
   * @param name such as {@code gelu}
   * @throws EncoderException {@code UNSUPPORTED_MODEL}, naming those that are supported
   */
  public static Activation parse(String name) {
    return Arrays.stream(values())
        .filter(activation -> activation.names.contains(name))
        .findFirst()
        .orElseThrow(() -> new EncoderException("UNSUPPORTED_MODEL", "the activation '" + name
            + "' is not supported; supported are " + Arrays.stream(values()).flatMap(a -> a.names.stream()).toList()));
  }

  /** The name that configurations are written with. */
  public String configName() {
    return names.get(0);
  }

  /** The same for products that apply it on the way; null where they cannot. */
  PackedLinear.@Nullable Fused fused() {
    return switch (this) {
      case GELU -> PackedLinear.Fused.GELU;
      case GELU_TANH -> PackedLinear.Fused.GELU_TANH;
      case QUICK_GELU -> null;
      case RELU -> PackedLinear.Fused.RELU;
      case SILU -> PackedLinear.Fused.SILU;
      case TANH -> PackedLinear.Fused.TANH;
    };
  }

  /** f(x), element by element, in {@code scope}. */
  public NDArray apply(Scope scope, NDArray x) {
    Kernels kernels = TensorRuntime.get().kernels();
    return switch (this) {
      case GELU -> kernels.gelu(scope, x);
      case GELU_TANH -> kernels.geluTanh(scope, x);
      case QUICK_GELU -> kernels.quickGelu(scope, x);
      case RELU -> kernels.relu(scope, x);
      case SILU -> kernels.silu(scope, x);
      case TANH -> kernels.tanh(scope, x);
    };
  }
}
