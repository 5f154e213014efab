package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds a learned vector to every position. Parameter {@code <name>.weight} [positions, width], where no
 * other is given.
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
    def sum(self: __torch__.Script, g: Tensor, factors: Tensor, offset: int, rows: int, shape: List[int]) -> Tensor:
      n, t, d = torch.size(g, 0), torch.size(g, 1), torch.size(g, 2)
      s = torch.view(torch.matmul(torch.view(factors, [n]), torch.reshape(g, [n, -1])), [t, d])
      behind = torch.sub(torch.sub(rows, t), offset)
      return torch.view(torch.constant_pad_nd(s, [0, 0, offset, behind], 0), shape)
    """);

  private final Parameter weight;
  private final int offset;
  private final long rows;

  /**
   * A table with normal values.
   *
   * @param name prefix of the parameter's name
   * @param positions greatest length of a sequence
   * @param width number of features
   */
  public PositionEmbedding(String name, int positions, int width, Init init) {
    this(init.normal(name + ".weight", positions, width), 0);
  }

  /**
   * A table on a parameter that exists already and now belongs to it.
   *
   * @param weight [rows, width], or [1, rows, width] as in ViT
   * @param offset rows before that of the first position, as in RoBERTa, where padding and what is below have rows too;
   *     the greatest length of a sequence is rows − offset
   */
  public PositionEmbedding(Parameter weight, int offset) {
    int rank = weight.shape().dimension();
    if ((rank != 2 && (rank != 3 || weight.shape().get(0) != 1)) || offset < 0
        || offset >= weight.shape().get(rank - 2)) {
      throw new IllegalArgumentException(
          "positions need a table [rows, width] or [1, rows, width] with more than " + offset + " rows, not " + weight);
    }
    this.weight = weight;
    this.offset = offset;
    this.rows = weight.shape().get(rank - 2);
  }

  /** x [n, t, width] with t at most the number of positions; result of the same shape. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    long t = x.getShape().get(1);
    if (t > rows - offset) {
      throw new IllegalArgumentException(
          "sequence of " + t + " positions, " + weight.name() + " has " + (rows - offset));
    }
    NDArray table = weight.value(scope, tape);
    String range = offset + ":" + (offset + t);
    NDArray first = table.get(scope.manager(), new NDIndex(table.getShape().dimension() == 3 ? "0," + range : range));
    NDArray z = scope.own(x.add(first));
    return tape == null ? z : tape.record(this, x, z);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    long longest = uses.stream().mapToLong(use -> use.shape().get(1)).max().orElse(0);
    NDArray g = Uses.summed(scope, uses, examples, use -> RULE.call(scope, "padded", use.gradient(), longest));
    return new PerExampleGradient() {
      @Override
      public NDArray squaredNorms() {
        return RULE.call(scope, "norms", g);
      }

      @Override
      public Map<Parameter, NDArray> clippedSum(NDArray factors) {
        return Map.of(weight,
            RULE.call(scope, "sum", g, factors, offset, rows, weight.shape().getShape()));
      }
    };
  }
}
