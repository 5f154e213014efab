package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.PackedLinear;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y = x Wᵀ + b. Parameters {@code <name>.weight} [out, in] and {@code <name>.bias} [out].
 *
 * <p>A {@link LowRankAdapter} may stand beside it, whose parameters then count as its own. In bfloat16 the product is made
 * of rounded operands and the result is bfloat16; in 8-bit integers it is for inference only. Inference keeps a copy of the
 * weight in the order that the processor's products want.
 *
 * <p>Per-example gradients: {@link LinearGradient}.
 */
public final class Linear implements TapedLayer {
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private @Nullable LowRankAdapter adapter;
  private boolean merged;
  private volatile Precision precision = Precision.FLOAT32;
  private volatile @Nullable Packed packed;

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
    NDArray own = apply(scope, x, PackedLinear.Fused.NONE, tape);
    return adapter == null || merged ? own : adapter.addTo(scope, own, x, tape);
  }

  /** The activation of {@link #forward(Scope, NDArray, Tape)}, at inference in one pass over the memory. */
  NDArray forward(Scope scope, NDArray x, Activation activation, @Nullable Tape tape) {
    PackedLinear.Fused fused = activation.fused();
    if (fused == null || tape != null || (adapter != null && !merged) || !packs()) {
      return activation.apply(scope, forward(scope, x, tape));
    }
    return apply(scope, x, fused, null);
  }

  private NDArray apply(Scope scope, NDArray x, PackedLinear.Fused fused, @Nullable Tape tape) {
    if (tape == null && packs()) {
      return packed().forward(scope, x, fused);
    }
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray w = weight.value(scope, tape);
    NDArray b = bias == null ? null : bias.value(scope, tape);
    NDArray z = precision == Precision.BFLOAT16
        ? kernels.linearBfloat16(scope, x, w, b)
        : kernels.linear(scope, kernels.toFloat(scope, x), w, b);
    // Norms and clipped sums are made of float32 inputs and gradients, whatever the product is made of.
    return tape == null ? z : tape.record(this, kernels.toFloat(scope, x), kernels.toFloat(scope, z));
  }

  /**
   * Whether the product is made of a packed copy of the weight: at inference, while nothing changes it.
   *
   * @throws EncoderException {@code NOT_TRAINABLE} where gradients are asked of 8-bit products
   */
  private boolean packs() {
    boolean inference = !TensorRuntime.get().recordsGradients() && !weight.trainable();
    if (precision == Precision.INT8 && !inference) {
      throw new EncoderException("NOT_TRAINABLE", "'" + name() + "' computes in int8, which gives no gradients: set the"
          + " precision to float32 or bfloat16 for training");
    }
    return inference && switch (precision) {
      case FLOAT32 -> PackedLinear.supported();
      case BFLOAT16 -> PackedLinear.supportsBfloat16();
      case INT8 -> true; // or setPrecision would have refused
    };
  }

  private PackedLinear packed() {
    Packed ready = packed;
    if (ready == null || !ready.holds(this)) {
      synchronized (this) {
        ready = packed;
        if (ready == null || !ready.holds(this)) {
          unpack();
          ready = Packed.of(this);
          packed = ready;
        }
      }
    }
    return ready.linear();
  }

  private void unpack() {
    if (packed != null) {
      packed.linear().close();
      packed = null;
    }
  }

  /** A packed copy, and what it is a copy of. */
  private record Packed(PackedLinear linear, Precision precision, int weightVersion, int biasVersion) {
    static Packed of(Linear layer) {
      NDArray w = layer.weight.value();
      NDArray b = layer.bias == null ? null : layer.bias.value();
      PackedLinear linear = switch (layer.precision) {
        case FLOAT32 -> PackedLinear.float32(w, b);
        case BFLOAT16 -> PackedLinear.bfloat16(w, b);
        case INT8 -> PackedLinear.int8(w, b);
      };
      return new Packed(linear, layer.precision, layer.weight.version(), version(layer.bias));
    }

    boolean holds(Linear layer) {
      return precision == layer.precision && weightVersion == layer.weight.version()
          && biasVersion == version(layer.bias);
    }

    private static int version(@Nullable Parameter parameter) {
      return parameter == null ? 0 : parameter.version();
    }
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

  Precision precision() {
    return precision;
  }

  /**
   * Sets the number type of the product.
   *
   * @throws EncoderException {@code UNSUPPORTED_PRECISION} for 8-bit integers where the engine has no such product, or a wrong one, on this processor
   */
  void setPrecision(Precision wanted) {
    if (wanted == Precision.INT8 && !PackedLinear.supportsInt8()) {
      throw new EncoderException("UNSUPPORTED_PRECISION",
          "this processor's tensor engine has no int8 products: use float32 or bfloat16");
    }
    precision = wanted;
    unpack();
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
    unpack();
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
