package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention with separate projections, named as in Hugging Face checkpoints: {@code <self>.query},
 * {@code <self>.key}, {@code <self>.value} and {@code <output>}, each with weight and bias.
 */
public final class Attention implements Layer {
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final JoinedLinear joined;
  private final int heads;

  /**
   * Four projections with normal weights and zero biases.
   *
   * @param self prefix of the three projections' names, such as {@code encoder.layer.0.attention.self}
   * @param output prefix of the output projection's names, such as {@code encoder.layer.0.attention.output.dense}
   * @param heads divides {@code width}
   */
  public Attention(String self, String output, int width, int heads, Init init) {
    if (width % heads != 0) {
      throw new IllegalArgumentException("width " + width + " does not divide into " + heads + " heads");
    }
    this.query = new Linear(self + ".query", width, width, init);
    this.key = new Linear(self + ".key", width, width, init);
    this.value = new Linear(self + ".value", width, width, init);
    this.output = new Linear(output, width, width, init);
    this.joined = new JoinedLinear(List.of(query, key, value));
    this.heads = heads;
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
    NDArray mixed = TensorRuntime.get().kernels().attention(scope, qkv[0], qkv[1], qkv[2], mask, heads);
    return output.forward(scope, mixed, tape);
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    List.of(query, key, value, output).forEach(layer -> all.addAll(layer.parameters()));
    return all;
  }
}
