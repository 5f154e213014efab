package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Several linear layers of one input as one product, their outputs side by side: for q, k and v under a tape, where weights
 * are constants, so that joining them needs no gradient. Owns nothing: the layers own their parameters.
 */
final class JoinedLinear implements TapedLayer {
  private static final Script SCRIPT = Script.of("joined", """
    def cat(self: __torch__.Script, parts: List[Tensor]) -> Tensor:
      return torch.cat(parts)
    def split(self: __torch__.Script, z: Tensor, widths: List[int]) -> List[Tensor]:
      return torch.split_with_sizes(z, widths, -1)
    """);

  private final List<Linear> parts;

  /** @param parts layers of the same number of inputs, all with bias or none */
  JoinedLinear(List<Linear> parts) {
    this.parts = List.copyOf(parts);
  }

  /** Whether all weights and biases learn and no adapter stands beside one, which one rule for all needs. */
  boolean learnsAsOne() {
    return parts.stream().allMatch(part -> part.adapter() == null)
        && parameters().stream().allMatch(Parameter::trainable);
  }

  /** x [n, …, in]; one output [n, …, out] a layer. */
  NDArray[] forward(Scope scope, NDArray x, Tape tape) {
    NDArray weight = joined(scope, parts.stream().map(Linear::weight).toList(), tape);
    NDArray bias = parts.get(0).bias() == null
        ? null
        : joined(scope, parts.stream().map(part -> Objects.requireNonNull(part.bias())).toList(), tape);
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray z = parts.get(0).precision() == Precision.BFLOAT16
        ? kernels.toFloat(scope, kernels.linearBfloat16(scope, x, weight, bias))
        : kernels.linear(scope, x, weight, bias);
    long[] widths = parts.stream().mapToLong(part -> part.weight().shape().get(0)).toArray();
    return SCRIPT.callAll(scope, "split", tape.record(this, x, z), widths);
  }

  private static NDArray joined(Scope scope, List<Parameter> parameters, @Nullable Tape tape) {
    return SCRIPT.call(scope, "cat", parameters.stream().map(parameter -> parameter.value(scope, tape)).toList());
  }

  @Override
  public List<Parameter> parameters() {
    return parts.stream().flatMap(part -> part.parameters().stream()).toList();
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    return LinearGradient.of(scope, uses, examples, parts);
  }
}
