package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds a learned vector to every position. Parameter {@code <name>.weight} [positions, width].
 *
 * <p>The gradient of an example is that of its output, position by position, and zero behind the last one.
 */
public final class PositionEmbedding implements TapedLayer {
  private static final Script RULE = Script.of("position", """
    def padded(self: __torch__.Script, g: Tensor, positions: int) -> Tensor:
      behind = torch.sub(positions, torch.size(g, 1))
      if torch.gt(behind, 0):
        g = torch.constant_pad_nd(g, [0, 0, 0, behind], 0)
      return g
    def norms(self: __torch__.Script, g: Tensor) -> Tensor:
      return torch.square(torch.linalg_vector_norm(g, 2, [1, 2]))
    def sum(self: __torch__.Script, g: Tensor, factors: Tensor, positions: int) -> Tensor:
      n, t, d = torch.size(g, 0), torch.size(g, 1), torch.size(g, 2)
      s = torch.view(torch.matmul(torch.view(factors, [n]), torch.reshape(g, [n, -1])), [t, d])
      return torch.constant_pad_nd(s, [0, 0, 0, torch.sub(positions, t)], 0)
    """);

  private final Parameter weight;

  /**
   * A table with normal values.
   *
   * @param name prefix of the parameter's name
   * @param positions greatest length of a sequence
   * @param width number of features
   */
  public PositionEmbedding(String name, int positions, int width, Init init) {
    weight = init.normal(name + ".weight", positions, width);
  }

  /** x [n, t, width] with t at most the number of positions; result of the same shape. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    long t = x.getShape().get(1);
    if (t > weight.shape().get(0)) {
      throw new IllegalArgumentException(
          "sequence of " + t + " positions, " + weight.name() + " has " + weight.shape().get(0));
    }
    NDArray first = weight.value(scope, tape).get(scope.manager(), new NDIndex("0:" + t));
    NDArray z = scope.own(x.add(first));
    return tape == null ? z : tape.record(this, x, z);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    long longest = uses.stream().mapToLong(use -> use.output().getShape().get(1)).max().orElse(0);
    NDArray g = Uses.summed(scope, uses, examples, use -> RULE.call(scope, "padded", use.gradient(), longest));
    return new PerExampleGradient() {
      @Override
      public NDArray squaredNorms() {
        return RULE.call(scope, "norms", g);
      }

      @Override
      public Map<Parameter, NDArray> clippedSum(NDArray factors) {
        return Map.of(weight, RULE.call(scope, "sum", g, factors, weight.shape().get(0)));
      }
    };
  }
}
