package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * y = x Wᵀ + b. Parameters {@code <name>.weight} [out, in] and {@code <name>.bias} [out].
 *
 * <p>Per-example gradients: with inputs a and output gradients g over T positions, W's gradient is gᵀa, whose squared
 * length is Σ (a aᵀ) ∘ (g gᵀ) over pairs of positions (Li et al. 2022, "ghost norm"); the bias has Σ g. Where
 * T² is large against the weight, the gradients themselves are cheaper and are held (Bu et al. 2022, "mixed").
 */
public final class Linear implements TapedLayer {
  private static final Script RULE = Script.of("linear", """
    def norms_vector(self: __torch__.Script, a: Tensor, g: Tensor) -> Tensor:
      return torch.mul(torch.sum(torch.square(a), [1, 2]), torch.sum(torch.square(g), [1, 2]))
    def gram(self: __torch__.Script, a: Tensor) -> Tensor:
      return torch.bmm(a, torch.transpose(a, 1, 2))
    def norms_gram(self: __torch__.Script, aa: Tensor, g: Tensor) -> Tensor:
      return torch.sum(torch.mul(aa, torch.bmm(g, torch.transpose(g, 1, 2))), [1, 2])
    def squares(self: __torch__.Script, b: Tensor) -> Tensor:
      return torch.sum(torch.square(b), [1])
    def sum_weight(self: __torch__.Script, a: Tensor, g: Tensor, factors: Tensor) -> Tensor:
      c = torch.view(factors, [-1, 1, 1])
      if torch.lt(torch.size(a, 2), torch.size(g, 2)):
        ca = torch.reshape(torch.mul(a, c), [-1, torch.size(a, 2)])
        w = torch.mm(torch.t(torch.reshape(g, [-1, torch.size(g, 2)])), ca)
      else:
        cg = torch.reshape(torch.mul(g, c), [-1, torch.size(g, 2)])
        w = torch.mm(torch.t(cg), torch.reshape(a, [-1, torch.size(a, 2)]))
      return w
    def sum_bias(self: __torch__.Script, b: Tensor, factors: Tensor) -> Tensor:
      return torch.matmul(torch.view(factors, [-1]), b)
    def explicit(self: __torch__.Script, a: Tensor, g: Tensor) -> Tensor:
      return torch.bmm(torch.transpose(g, 1, 2), a)
    """);

  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** A layer with bias, the bias zero at first. */
  public Linear(String name, int in, int out, Init init) {
    this(name, in, out, true, init);
  }

  /**
   * A layer of normal weights, with a bias of zeros where wanted.
   *
   * @param name prefix of the parameters' names
   * @param in number of input features
   * @param out number of output features
   */
  public Linear(String name, int in, int out, boolean withBias, Init init) {
    this(init.normal(name + ".weight", out, in), withBias ? init.constant(name + ".bias", 0, out) : null);
  }

  /**
   * A layer on parameters that exist already and now belong to it.
   *
   * @param weight [out, in]
   * @param bias [out]; null for a layer without
   */
  public Linear(Parameter weight, @Nullable Parameter bias) {
    if (weight.shape().dimension() != 2) {
      throw new IllegalArgumentException("a linear weight must be [out, in] but " + weight.name() + " is "
          + weight.shape());
    }
    if (bias != null && !bias.shape().equals(new Shape(weight.shape().get(0)))) {
      throw new IllegalArgumentException("the bias of " + weight + " must be [" + weight.shape().get(0) + "] but "
          + bias.name() + " is " + bias.shape());
    }
    this.weight = weight;
    this.bias = bias;
  }

  /** x [n, …, in]; result [n, …, out]. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray b = bias == null ? null : bias.value(scope, tape);
    NDArray z = TensorRuntime.get().kernels().linear(scope, x, weight.value(scope, tape), b);
    return tape == null ? z : tape.record(this, x, z);
  }

  /** Keeps the bias as it is, where there is one. */
  public void freezeBias() {
    if (bias != null) {
      bias.setTrainable(false);
    }
  }

  @Override
  public List<Parameter> parameters() {
    return bias == null ? List.of(weight) : List.of(weight, bias);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    NDArray g = Uses.positions(scope, uses, examples, use -> use.gradient(scope));
    NDArray a = Uses.positions(scope, uses, examples, Tape.Use::input);
    NDArray biases = bias == null || !bias.trainable() ? null : g.sum(new int[]{1});
    long positions = a.getShape().get(1);
    if (!weight.trainable() || (positions > 1 && 2 * positions * positions > weight.size())) {
      Map<Parameter, NDArray> held = new LinkedHashMap<>();
      if (weight.trainable()) {
        held.put(weight, RULE.call(scope, "explicit", a, g));
      }
      if (bias != null && biases != null) {
        held.put(bias, biases);
      }
      return new ExplicitGradient(scope, held);
    }
    boolean plain = uses.size() == 1 && uses.get(0).unitOfRow() == null;
    Supplier<NDArray> gram = plain ? () -> uses.get(0).inputGram(scope) : () -> RULE.call(scope, "gram", a);
    return new Ghost(scope, a, gram, g, biases);
  }

  /** Norms from the products of positions; a [n, T, in], its products [n, T, T], g [n, T, out], Σ g [n, out]. */
  private final class Ghost implements PerExampleGradient {
    private final Scope scope;
    private final NDArray a;
    private final Supplier<NDArray> gram;
    private final NDArray g;
    private final @Nullable NDArray biases;

    Ghost(Scope scope, NDArray a, Supplier<NDArray> gram, NDArray g, @Nullable NDArray biases) {
      this.scope = scope;
      this.a = a;
      this.gram = gram;
      this.g = g;
      this.biases = biases;
    }

    @Override
    public NDArray squaredNorms() {
      NDArray weights = a.getShape().get(1) == 1
          ? RULE.call(scope, "norms_vector", a, g)
          : RULE.call(scope, "norms_gram", gram.get(), g);
      return biases == null ? weights : weights.add(RULE.call(scope, "squares", biases));
    }

    @Override
    public Map<Parameter, NDArray> clippedSum(NDArray factors) {
      Map<Parameter, NDArray> result = new LinkedHashMap<>();
      result.put(weight, RULE.call(scope, "sum_weight", a, g, factors));
      if (bias != null && biases != null) {
        result.put(bias, RULE.call(scope, "sum_bias", biases, factors));
      }
      return result;
    }
  }
}
