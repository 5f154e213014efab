package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention with separate projections, each with a weight and, as a rule, a bias, under the names that a
 * checkpoint gives them.
 */
public final class Attention implements Layer {
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final JoinedLinear joined;
  private final BlockShape shape;

  /**
   * The prefixes of the four projections' names, such as {@code encoder.layer.0.attention.self.query} and
   * {@code encoder.layer.0.attention.output.dense}.
   */
  public record Names(String query, String key, String value, String output) {}

  /** Four projections with normal weights and zero biases. */
  public Attention(Names names, BlockShape shape, Init init) {
    int width = shape.width();
    this.query = new Linear(names.query(), width, width, shape.qkvBias(), init);
    this.key = new Linear(names.key(), width, width, shape.qkvBias(), init);
    this.value = new Linear(names.value(), width, width, shape.qkvBias(), init);
    this.output = new Linear(names.output(), width, width, init);
    this.joined = new JoinedLinear(List.of(query, key, value));
    this.shape = shape;
  }

  /**
   * Every position as a mixture of the positions that count.
   *
   * @param x [n, t, width]
   * @param mask [n, t]: 1 for a position that counts, 0 for padding; null when all count
   * @return [n, t, width]
   */
  public NDArray forward(Scope scope, NDArray x, @Nullable NDArray mask, @Nullable Tape tape) {
    NDArray[] qkv = tape != null && joined.learnsAsOne()
        ? joined.forward(scope, x, tape)
        : new NDArray[]{query.forward(scope, x, tape), key.forward(scope, x, tape), value.forward(scope, x, tape)};
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray mixed = shape.causal()
        ? kernels.causalAttention(scope, qkv[0], qkv[1], qkv[2], mask, shape.heads())
        : kernels.attention(scope, qkv[0], qkv[1], qkv[2], mask, shape.heads());
    return output.forward(scope, mixed, tape);
  }

  /** The two projections that adapters stand beside where nothing else is said. */
  List<Linear> queryAndValue() {
    return List.of(query, value);
  }

  @Override
  public List<Layer> children() {
    return List.of(query, key, value, output);
  }
}
