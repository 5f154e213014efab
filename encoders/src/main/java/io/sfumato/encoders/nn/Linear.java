package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y = x Wᵀ + b. Parameters {@code <name>.weight} [out, in] and {@code <name>.bias} [out].
 *
 * <p>Per-example gradients: {@link LinearGradient}.
 */
public final class Linear implements TapedLayer {
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** A layer with bias, the bias zero at first. */
  public Linear(String name, int in, int out, Init init) {
    this(name, in, out, true, init);
  }

  /**
   * A layer of normal weights, with a bias of zeros where wanted.
   *
   * @param name prefix of the parameters' names
   * @param in number of input features
   * @param out number of output features
   */
  public Linear(String name, int in, int out, boolean withBias, Init init) {
    this(init.normal(name + ".weight", out, in), withBias ? init.constant(name + ".bias", 0, out) : null);
  }

  /**
   * A layer on parameters that exist already and now belong to it.
   *
   * @param weight [out, in]
   * @param bias [out]; null for a layer without
   */
  public Linear(Parameter weight, @Nullable Parameter bias) {
    if (weight.shape().dimension() != 2) {
      throw new IllegalArgumentException("a linear weight must be [out, in] but " + weight.name() + " is "
          + weight.shape());
    }
    if (bias != null && !bias.shape().equals(new Shape(weight.shape().get(0)))) {
      throw new IllegalArgumentException("the bias of " + weight + " must be [" + weight.shape().get(0) + "] but "
          + bias.name() + " is " + bias.shape());
    }
    this.weight = weight;
    this.bias = bias;
  }

  /** x [n, …, in]; result [n, …, out]. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray b = bias == null ? null : bias.value(scope, tape);
    NDArray z = TensorRuntime.get().kernels().linear(scope, x, weight.value(scope, tape), b);
    return tape == null ? z : tape.record(this, x, z);
  }

  /** Keeps the bias as it is, where there is one. */
  public void freezeBias() {
    if (bias != null) {
      bias.setTrainable(false);
    }
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    return LinearGradient.of(scope, uses, examples, List.of(this));
  }

  Parameter weight() {
    return weight;
  }

  @Nullable
  Parameter bias() {
    return bias;
  }
}
