package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Normalises groups of channels of one image to mean 0 and variance 1, then scales and shifts each channel (Wu and He
 * 2018). Never mixes examples, unlike batch normalisation. Parameters {@code <name>.weight} (ones at first) and
 * {@code <name>.bias} (zeros), both [channels].
 */
public final class GroupNorm implements TapedLayer {
  private static final double EPS = 1e-5;
  private static final Script RULE = Script.of("group_norm", """
    def gradients(self: __torch__.Script, x: Tensor, g: Tensor, groups: int, eps: float) -> Tuple[Tensor, Tensor]:
      xh = torch.group_norm(x, groups, None, None, eps)
      return (torch.sum(torch.mul_(xh, g), [2, 3]), torch.sum(g, [2, 3]))
    """);

  private final Parameter weight;
  private final Parameter bias;
  private final int groups;

  /**
   * A layer of scale one and shift zero.
   *
   * @param name prefix of the parameters' names
   * @param groups divides {@code channels}
   */
  public GroupNorm(String name, int groups, int channels, Init init) {
    if (channels % groups != 0) {
      throw new IllegalArgumentException(channels + " channels do not divide into " + groups + " groups");
    }
    weight = init.constant(name + ".weight", 1, channels);
    bias = init.constant(name + ".bias", 0, channels);
    this.groups = groups;
  }

  /** x [n, channels, h, w]; result of the same shape. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray z = TensorRuntime.get()
        .kernels()
        .groupNorm(scope, x, groups, weight.value(scope, tape), bias.value(scope, tape), EPS);
    return tape == null ? z : tape.record(this, x, z);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    return NormGradient.of(scope, uses, examples, weight, bias,
        use -> RULE.callAll(scope, "gradients", use.input(), use.gradient(), groups, EPS));
  }
}
