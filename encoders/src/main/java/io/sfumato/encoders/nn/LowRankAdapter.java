package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside a linear layer while adapters learn: (α/r) B A x with A [r, in] and B [out, r] (Hu et al. 2021,
 * equation 3). B is zero at first, so that the layer begins as it was. Parameters {@code <name>.lora_A.weight} and
 * {@code <name>.lora_B.weight}, as in PEFT.
 *
 * <p>Two linear layers, so that private training needs no further rule. Owns its parameters.
 */
public final class LowRankAdapter implements Layer {
  private final Linear down;
  private final Linear up;
  private final int rank;
  private final double alpha;

  /**
   * An adapter that changes nothing yet.
   *
   * @param name of the linear layer
   * @param seed of A's values: normal with the deviation 1/√(3 in), that of PEFT's uniform ones
   */
  LowRankAdapter(String name, int in, int out, int rank, double alpha, long seed) {
    this.down = new Linear(name + ".lora_A", in, rank, false, new Init(seed, 1 / Math.sqrt(3.0 * in)));
    this.up = new Linear(name + ".lora_B", rank, out, false, Init.none());
    this.rank = rank;
    this.alpha = alpha;
  }

  /** r. */
  public int rank() {
    return rank;
  }

  /** α. */
  public double alpha() {
    return alpha;
  }

  /** The layer's output and what the adapter adds to it: z [n, …, out], x [n, …, in]; result [n, …, out]. */
  NDArray addTo(Scope scope, NDArray z, NDArray x, @Nullable Tape tape) {
    if (tape == null) {
      return TensorRuntime.get()
          .kernels()
          .addLowRank(scope, z, x, down.weight().value(), up.weight().value(), alpha / rank);
    }
    NDArray inner = TensorRuntime.get().kernels().scaled(scope, down.forward(scope, x, tape), alpha / rank);
    return scope.own(z.add(up.forward(scope, inner, tape)));
  }

  /** Adds the adapter to a weight [out, in], or takes it out again (sign −1). */
  void addTo(Parameter weight, int sign) {
    TensorRuntime runtime = TensorRuntime.get();
    try (Scope scope = runtime.scope()) {
      runtime.kernels()
          .addProduct(scope, weight.value(), up.weight().value(), down.weight().value(), sign * alpha / rank);
    }
    weight.changed();
  }

  void setPrecision(io.sfumato.encoders.Precision precision) {
    down.setPrecision(precision);
    up.setPrecision(precision);
  }

  @Override
  public List<Layer> children() {
    return List.of(down, up);
  }
}
