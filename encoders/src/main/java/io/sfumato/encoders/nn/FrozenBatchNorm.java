package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation with the statistics that a checkpoint brings (Ioffe and Szegedy 2015, as at inference):
 * {@code (x − mean) / √(variance + eps) · weight + bias} a channel. The scale and the shift learn; mean and variance are
 * {@linkplain #buffers() buffers}, which no training changes, so that no example ever depends on its neighbours and private
 * training works. Parameters {@code <name>.weight} and {@code <name>.bias}, buffers {@code <name>.running_mean} and
 * {@code <name>.running_var}, all [channels].
 *
 * <p>Per-example gradients are held: Σ over pixels of x̂ ∘ g and of g.
 */
public final class FrozenBatchNorm implements TapedLayer {
  private static final Script SCRIPT = Script.of("frozen_batch_norm",
      """
        def forward(self: __torch__.Script, x: Tensor, w: Tensor, b: Tensor, mean: Tensor, var: Tensor, eps: float) -> Tensor:
          return torch.batch_norm(x, w, b, mean, var, False, 0., eps, False)
        def gradients(self: __torch__.Script, x: Tensor, g: Tensor, mean: Tensor, var: Tensor, eps: float) -> Tuple[Tensor, Tensor]:
          xh = torch.batch_norm(x, None, None, mean, var, False, 0., eps, False)
          return (torch.sum(torch.mul_(xh, g), [2, 3]), torch.sum(g, [2, 3]))
        """);

  private final Parameter weight;
  private final Parameter bias;
  private final Parameter mean;
  private final Parameter variance;
  private final double eps;

  /**
   * A layer of scale one, shift zero, mean zero and variance one: the identity but for {@code eps}.
   *
   * @param name prefix of the names
   * @param eps added to the variance; 1e-5 in the usual checkpoints
   */
  public FrozenBatchNorm(String name, int channels, double eps, Init init) {
    weight = init.constant(name + ".weight", 1, channels);
    bias = init.constant(name + ".bias", 0, channels);
    mean = init.constant(name + ".running_mean", 0, channels);
    variance = init.constant(name + ".running_var", 1, channels);
    buffers().forEach(buffer -> buffer.setTrainable(false));
    this.eps = eps;
  }

  /** x [n, channels, h, w]; result of the same shape. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray z = SCRIPT.call(scope, "forward", x, weight.value(scope, tape), bias.value(scope, tape), mean.value(),
        variance.value(), eps);
    return tape == null ? z : tape.record(this, x, z);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  /** The running mean and variance, which belong to the checkpoint and never learn. */
  public List<Parameter> buffers() {
    return List.of(mean, variance);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    return NormGradient.of(scope, uses, examples, weight, bias,
        use -> SCRIPT.callAll(scope, "gradients", use.input(), use.gradient(), mean.value(), variance.value(), eps));
  }

  @Override
  public void close() {
    parameters().forEach(Parameter::close);
    buffers().forEach(Parameter::close);
  }
}
