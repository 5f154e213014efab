package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Normalises the last dimension to mean 0 and variance 1, then scales and shifts it. Parameters {@code <name>.weight}
 * (ones at first) and {@code <name>.bias} (zeros), both [width].
 *
 * <p>Per-example gradients are held: Σ over positions of x̂ ∘ g and of g.
 */
public final class LayerNorm implements TapedLayer {
  private static final Script RULE = Script.of("layer_norm", """
    def gradients(self: __torch__.Script, x: Tensor, g: Tensor, eps: float) -> Tuple[Tensor, Tensor]:
      n, d = torch.size(x, 0), torch.size(x, -1)
      xh = torch.layer_norm(x, [d], None, None, eps)
      return (torch.sum(torch.view(torch.mul_(xh, g), [n, -1, d]), [1]), torch.sum(torch.reshape(g, [n, -1, d]), [1]))
    """);

  private final Parameter weight;
  private final Parameter bias;
  private final double eps;

  /**
   * A layer of scale one and shift zero.
   *
   * @param name prefix of the parameters' names
   * @param eps added to the variance; 1e-12 in BERT and ViT checkpoints
   */
  public LayerNorm(String name, int width, double eps, Init init) {
    weight = init.constant(name + ".weight", 1, width);
    bias = init.constant(name + ".bias", 0, width);
    this.eps = eps;
  }

  /** x [n, …, width]; result of the same shape. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray z = TensorRuntime.get()
        .kernels()
        .layerNorm(scope, x, weight.value(scope, tape), bias.value(scope, tape), eps);
    return tape == null ? z : tape.record(this, x, z);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    return NormGradient.of(scope, uses, examples, weight, bias,
        use -> RULE.callAll(scope, "gradients", use.input(), use.gradient(), eps));
  }
}
