package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Per-example gradients that are held: [n, …] for every parameter. For layers whose parameters are few (norms, gates,
 * scalars, positions), where holding them is cheapest.
 */
public final class ExplicitGradient implements PerExampleGradient {
  private static final Script RULE = Script.of("explicit", """
    def squared_norms(self: __torch__.Script, gs: List[Tensor]) -> Tensor:
      total = torch.square(torch.linalg_vector_norm(torch.flatten(gs[0], 1), 2, [1]))
      for i in range(1, torch.len(gs)):
        part = torch.square(torch.linalg_vector_norm(torch.flatten(gs[i], 1), 2, [1]))
        total = torch.add(total, part)
      return total
    def clipped_sum(self: __torch__.Script, g: Tensor, factors: Tensor) -> Tensor:
      n = torch.size(g, 0)
      return torch.matmul(torch.view(factors, [n]), torch.reshape(g, [n, -1]))
    """);

  private final Scope scope;
  private final Map<Parameter, NDArray> perExample;

  /**
   * Holds gradients that the layer has computed.
   *
   * @param scope owner of the results
   * @param perExample trainable parameters with their gradients [n, …], each of the parameter's size an example
   */
  public ExplicitGradient(Scope scope, Map<Parameter, NDArray> perExample) {
    this.scope = scope;
    this.perExample = new LinkedHashMap<>(perExample);
    if (perExample.isEmpty()) {
      throw new IllegalArgumentException("no trainable parameter");
    }
  }

  @Override
  public NDArray squaredNorms() {
    return RULE.call(scope, "squared_norms", List.copyOf(perExample.values()));
  }

  @Override
  public Map<Parameter, NDArray> clippedSum(NDArray factors) {
    Map<Parameter, NDArray> sums = new LinkedHashMap<>();
    perExample.forEach((parameter, gradient) -> sums.put(parameter,
        RULE.call(scope, "clipped_sum", gradient, factors).reshape(parameter.shape())));
    return sums;
  }
}
