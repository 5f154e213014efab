package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolution with square kernels. Parameters {@code <name>.weight} [out, in, k, k] and, where wanted,
 * {@code <name>.bias} [out].
 *
 * <p>Per-example gradients: a convolution is a linear layer on the patches (im2col) of its input, P patches an image.
 * Where few of them stand against a large weight, norms come from the products of patches and the sum from a convolution
 * backward; else the gradients are held.
 */
public final class Conv2d implements TapedLayer {
  private static final Script RULE = Script.of("conv2d",
      """
        def patches(self: __torch__.Script, x: Tensor, k: int, s: int, p: int) -> Tensor:
          return torch.transpose(torch.im2col(x, [k, k], [1, 1], [p, p], [s, s]), 1, 2)
        def pixels(self: __torch__.Script, g: Tensor) -> Tensor:
          return torch.transpose(torch.flatten(g, 2), 1, 2)
        def explicit(self: __torch__.Script, x: Tensor, g: Tensor, k: int, s: int, p: int) -> Tensor:
          u = torch.im2col(x, [k, k], [1, 1], [p, p], [s, s])
          return torch.bmm(torch.flatten(g, 2), torch.transpose(u, 1, 2))
        def bias(self: __torch__.Script, g: Tensor) -> Tensor:
          return torch.sum(g, [2, 3])
        def norms(self: __torch__.Script, u: Tensor, g: Tensor, one: float) -> Tensor:
          uu = torch.add_(torch.bmm(u, torch.transpose(u, 1, 2)), one)
          return torch.sum(torch.mul_(uu, torch.bmm(g, torch.transpose(g, 1, 2))), [1, 2])
        def sums(self: __torch__.Script, x: Tensor, g: Tensor, w: Tensor, factors: Tensor, s: int, p: int) -> Tuple[Tensor, Tensor]:
          cg = torch.mul(g, torch.view(factors, [-1, 1, 1, 1]))
          _0, gw, gb = torch.convolution_backward(cg, x, w, [torch.size(w, 0)], [s, s], [p, p], [1, 1], False, [0, 0], 1, [False, True, True])
          return (gw, gb)
        """);

  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final int kernel;
  private final int stride;
  private final int padding;

  /**
   * A layer of normal weights with He's deviation, with a bias of zeros where wanted.
   *
   * @param name prefix of the parameters' names
   * @param in number of input channels
   * @param out number of output channels
   * @param kernel height and width of the kernel, in pixels
   * @param stride in pixels
   * @param padding zeros added on each side, in pixels
   */
  public Conv2d(String name, int in, int out, int kernel, int stride, int padding, boolean withBias, Init init) {
    this.weight = init.he(name + ".weight", (long) in * kernel * kernel, out, in, kernel, kernel);
    this.bias = withBias ? init.constant(name + ".bias", 0, out) : null;
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
  }

  /** x [n, in, h, w]; result [n, out, (h + 2 padding − kernel)/stride + 1, likewise]. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray b = bias == null ? null : bias.value(scope, tape);
    NDArray z = TensorRuntime.get().kernels().conv2d(scope, x, weight.value(scope, tape), b, stride, padding);
    return tape == null ? z : tape.record(this, x, z);
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    long patches = 0;
    for (Tape.Use use : uses) {
      Shape out = use.shape();
      patches += out.get(2) * out.get(3) * Uses.rowsOfOne(use, examples);
    }
    long in = weight.size() / weight.shape().get(0);
    if (weight.trainable() && patches * (in + weight.shape().get(0)) <= weight.size()) {
      return new Ghost(scope, uses, examples);
    }
    Map<Parameter, NDArray> held = new LinkedHashMap<>();
    if (weight.trainable()) {
      held.put(weight, Uses.summed(scope, uses, examples,
          use -> RULE.call(scope, "explicit", use.input(), use.gradient(), kernel, stride, padding)));
    }
    if (bias != null && bias.trainable()) {
      held.put(bias, Uses.summed(scope, uses, examples, use -> RULE.call(scope, "bias", use.gradient())));
    }
    return new ExplicitGradient(scope, held);
  }

  /** Norms from the products of an example's patches over all its rows and uses, sums from a convolution backward a use. */
  private final class Ghost implements PerExampleGradient {
    private final Scope scope;
    private final List<Tape.Use> uses;
    private final int examples;
    private final boolean withBias = bias != null && bias.trainable();

    Ghost(Scope scope, List<Tape.Use> uses, int examples) {
      this.scope = scope;
      this.uses = uses;
      this.examples = examples;
    }

    @Override
    public NDArray squaredNorms() {
      NDArray u = Uses.positions(scope, uses, examples,
          use -> RULE.call(scope, "patches", use.input(), kernel, stride, padding));
      NDArray g = Uses.positions(scope, uses, examples, use -> RULE.call(scope, "pixels", use.gradient()));
      return RULE.call(scope, "norms", u, g, withBias ? 1.0 : 0.0);
    }

    @Override
    public Map<Parameter, NDArray> clippedSum(NDArray factors) {
      NDArray[] total = null;
      for (Tape.Use use : uses) {
        NDArray[] sums = RULE.callAll(scope, "sums", use.input(), use.gradient(), weight.value(),
            Uses.ofRows(scope, use, factors), stride, padding);
        total = total == null ? sums : new NDArray[]{total[0].add(sums[0]), total[1].add(sums[1])};
      }
      NDArray[] sums = Objects.requireNonNull(total);
      Map<Parameter, NDArray> result = new LinkedHashMap<>();
      result.put(weight, sums[0]);
      if (bias != null && withBias) {
        result.put(bias, sums[1]);
      }
      return result;
    }
  }
}
