package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y = x Wᵀ + b. Parameters {@code <name>.weight} [out, in] and {@code <name>.bias} [out].
 *
 * <p>A {@link LowRankAdapter} may stand beside it, whose parameters then count as its own. In bfloat16 the product is made
 * of rounded operands and the result is bfloat16; in 8-bit integers it is for inference only.
 *
 * <p>Per-example gradients: {@link LinearGradient}.
 */
public final class Linear implements TapedLayer {
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private @Nullable LowRankAdapter adapter;
  private boolean merged;
  private Precision precision = Precision.FLOAT32;

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
    NDArray w = weight.value(scope, tape);
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray z = precision == Precision.BFLOAT16
        ? kernels.linearBfloat16(scope, x, w, b)
        : kernels.linear(scope, kernels.toFloat(scope, x), w, b);
    NDArray own = tape == null ? z : tape.record(this, x, z);
    return adapter == null || merged ? own : scope.own(own.add(adapter.forward(scope, x, tape)));
  }

  /** The layer's name in the checkpoint. */
  public String name() {
    String name = weight.name();
    return name.endsWith(".weight") ? name.substring(0, name.length() - ".weight".length()) : name;
  }

  /** The adapter beside this layer; null where there is none. */
  public @Nullable LowRankAdapter adapter() {
    return adapter;
  }

  /** Whether the adapter's product is part of the weight at present. */
  public boolean merged() {
    return merged;
  }

  /** Puts a fresh adapter beside this layer, which owns it. */
  LowRankAdapter adapt(int rank, double alpha) {
    if (adapter != null) {
      throw new IllegalStateException(name() + " has an adapter already");
    }
    LowRankAdapter fresh = new LowRankAdapter(name(), Math.toIntExact(weight.shape().get(1)),
        Math.toIntExact(weight.shape().get(0)), rank, alpha, 0);
    fresh.setPrecision(precision);
    adapter = fresh;
    return fresh;
  }

  /** Makes the adapter part of the weight, or takes it out again; nothing happens where it is as wanted. */
  void setMerged(boolean wanted) {
    if (adapter != null && wanted != merged) {
      adapter.addTo(weight, wanted ? 1 : -1);
      merged = wanted;
    }
  }

  void setPrecision(Precision wanted) {
    precision = wanted;
    if (adapter != null) {
      adapter.setPrecision(wanted);
    }
  }

  /** Keeps the bias as it is, where there is one. */
  public void freezeBias() {
    if (bias != null) {
      bias.setTrainable(false);
    }
  }

  /** The adapter beside this layer, where there is one. */
  @Override
  public List<Layer> children() {
    return adapter == null ? List.of() : List.of(adapter);
  }

  /** Weight and bias, without those of the adapter. */
  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  @Override
  public void close() {
    parameters().forEach(Parameter::close);
    if (adapter != null) {
      adapter.close();
    }
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
