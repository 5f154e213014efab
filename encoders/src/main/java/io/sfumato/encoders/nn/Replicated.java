package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a small parameter for every row of the batch, so that what the row's loss says about its copy is the
 * row's own gradient: for fusion weights, gates, temperatures and other scalars, whatever the formula that they enter.
 *
 * <p>Per-example gradients are held, [n, size]. Owns the parameter.
 */
public final class Replicated implements TapedLayer {
  private static final Script RULE = Script.of("replicated", """
    def copies(self: __torch__.Script, p: Tensor, rows: int) -> Tensor:
      return torch.repeat(torch.reshape(p, [1, -1]), [rows, 1])
    """);

  private final Parameter parameter;

  /** Copies of a parameter of any shape; it now belongs to this layer. */
  public Replicated(Parameter parameter) {
    this.parameter = parameter;
  }

  /**
   * The parameter's values, once a row.
   *
   * @param rows of the batch: with a tape, as many as it has examples or, by {@link Tape#units}, rows
   * @return [rows, size], row-major order of the parameter
   */
  public NDArray forward(Scope scope, int rows, @Nullable Tape tape) {
    NDArray copies = RULE.call(scope, "copies", parameter.value(scope, tape), rows);
    return tape == null ? copies : tape.record(this, parameter.value(), copies);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(parameter);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    NDArray gradients = Uses.summed(scope, uses, examples, use -> use.gradient());
    return new ExplicitGradient(scope, Map.of(parameter, gradients));
  }
}
