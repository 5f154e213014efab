package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The per-example gradients of linear maps of one input: of one layer, or of several whose outputs stand side by side.
 *
 * <p>With inputs a and output gradients g over T positions, W's gradient is gᵀa, whose squared length is
 * Σ (a aᵀ) ∘ (g gᵀ) over pairs of positions (Li et al. 2022, "ghost norm"); the bias is one more input that is always 1.
 * Both products are symmetric: from {@code 48} positions on, the lower left quarter is not computed and the upper right one
 * counts twice. Where T² is large against the weight, the gradients themselves are cheaper and are held (Bu et al. 2022,
 * "mixed").
 */
final class LinearGradient implements PerExampleGradient {
  private static final Script RULE = Script.of("linear", """
    def norms_vector(self: __torch__.Script, a: Tensor, g: Tensor, one: float) -> Tensor:
      aa = torch.square(torch.linalg_vector_norm(a, 2, [1, 2]))
      return torch.mul(torch.add(aa, one), torch.square(torch.linalg_vector_norm(g, 2, [1, 2])))
    def split(self: __torch__.Script, t: int) -> int:
      h = t
      if torch.ge(t, 48):
        h = torch.floordiv(t, 2)
      return h
    def gram(self: __torch__.Script, a: Tensor, one: float) -> Tuple[Tensor, Tensor]:
      t = torch.size(a, 1)
      h = (self).split(t, )
      below = torch.narrow(a, 1, h, torch.sub(t, h))
      upper = torch.add_(torch.bmm(torch.narrow(a, 1, 0, h), torch.transpose(a, 1, 2)), one)
      _0 = torch.mul_(torch.narrow(upper, 2, h, torch.sub(t, h)), 2.)
      return (upper, torch.add_(torch.bmm(below, torch.transpose(below, 1, 2)), one))
    def norms_gram(self: __torch__.Script, upper: Tensor, lower: Tensor, g: Tensor) -> Tensor:
      t = torch.size(g, 1)
      h = (self).split(t, )
      below = torch.narrow(g, 1, h, torch.sub(t, h))
      gu = torch.bmm(torch.narrow(g, 1, 0, h), torch.transpose(g, 1, 2))
      gl = torch.bmm(below, torch.transpose(below, 1, 2))
      return torch.add(torch.sum(torch.mul_(gu, upper), [1, 2]), torch.sum(torch.mul_(gl, lower), [1, 2]))
    def sums(self: __torch__.Script, a: Tensor, g: Tensor, factors: Tensor, widths: List[int]) -> List[Tensor]:
      c = torch.view(factors, [-1, 1, 1])
      if torch.lt(torch.size(a, 2), torch.size(g, 2)):
        ca = torch.reshape(torch.mul(a, c), [-1, torch.size(a, 2)])
        g2 = torch.reshape(g, [-1, torch.size(g, 2)])
        w = torch.mm(torch.t(g2), ca)
        b = torch.mv(torch.t(g2), torch.reshape(torch.expand(c, [-1, torch.size(g, 1), 1]), [-1]))
      else:
        cg = torch.reshape(torch.mul(g, c), [-1, torch.size(g, 2)])
        w = torch.mm(torch.t(cg), torch.reshape(a, [-1, torch.size(a, 2)]))
        b = torch.sum(cg, [0])
      return torch.add(torch.split_with_sizes(w, widths), torch.split_with_sizes(b, widths))
    def explicit(self: __torch__.Script, a: Tensor, g: Tensor, widths: List[int]) -> List[Tensor]:
      return torch.split_with_sizes(torch.bmm(torch.transpose(g, 1, 2), a), widths, 1)
    def explicit_bias(self: __torch__.Script, g: Tensor, widths: List[int]) -> List[Tensor]:
      return torch.split_with_sizes(torch.sum(g, [1]), widths, 1)
    """);

  private static final long HELD_PASSES = 50;

  private final Scope scope;
  private final NDArray a;
  private final NDArray g;
  private final Tape.@Nullable Use only;
  private final List<Linear> parts;

  private LinearGradient(Scope scope, NDArray a, NDArray g, Tape.@Nullable Use only, List<Linear> parts) {
    this.scope = scope;
    this.a = a;
    this.g = g;
    this.only = only;
    this.parts = parts;
  }

  /**
   * The gradients of a layer's uses.
   *
   * @param parts the maps whose outputs the recorded output holds, in order; weights all trainable or none, biases likewise
   */
  static PerExampleGradient of(Scope scope, List<Tape.Use> uses, int examples, List<Linear> parts) {
    NDArray g = Uses.positions(scope, uses, examples, use -> use.gradient(scope));
    NDArray a = Uses.positions(scope, uses, examples, Tape.Use::input);
    if (!wantsProducts(a.getShape().get(1), parts)) {
      return held(scope, a, g, parts);
    }
    Tape.Use only = uses.size() == 1 && uses.get(0).unitOfRow() == null ? uses.get(0) : null;
    return new LinearGradient(scope, a, g, only, parts);
  }

  /** Records a use, and makes the products of the input's positions, where they will be wanted, while it is in the cache. */
  static NDArray record(Tape tape, TapedLayer layer, NDArray input, NDArray output, List<Linear> parts) {
    NDArray recorded = tape.record(layer, input, output);
    long positions = input.size() / input.getShape().get(0) / input.getShape().getLastDimension();
    if (positions > 1 && wantsProducts(positions, parts)) {
      tape.products(input, one(parts));
    }
    return recorded;
  }

  /** The products of all pairs of positions, plus {@code one}, in the form that {@code norms_gram} wants. */
  static NDArray[] products(Scope scope, NDArray a, double one) {
    return RULE.callAll(scope, "gram", a, one);
  }

  /**
   * Whether the products of positions cost less than the gradients themselves, counted in multiplications an example:
   * {@value #HELD_PASSES} is what writing and reading a held value was measured to be worth, beside the product that makes
   * it.
   */
  private static boolean wantsProducts(long positions, List<Linear> parts) {
    long in = parts.get(0).weight().shape().get(1);
    long out = parts.stream().mapToLong(part -> part.weight().shape().get(0)).sum();
    return parts.get(0).weight().trainable()
        && (positions == 1 || positions * positions * (in + out) <= in * out * (positions + HELD_PASSES));
  }

  private static boolean biased(List<Linear> parts) {
    Parameter bias = parts.get(0).bias();
    return bias != null && bias.trainable();
  }

  private static double one(List<Linear> parts) {
    return biased(parts) ? 1 : 0;
  }

  private static PerExampleGradient held(Scope scope, NDArray a, NDArray g, List<Linear> parts) {
    Map<Parameter, NDArray> held = new LinkedHashMap<>();
    if (parts.get(0).weight().trainable()) {
      NDArray[] weights = RULE.callAll(scope, "explicit", a, g, widths(parts));
      for (int i = 0; i < weights.length; i++) {
        held.put(parts.get(i).weight(), weights[i]);
      }
    }
    if (biased(parts)) {
      NDArray[] biases = RULE.callAll(scope, "explicit_bias", g, widths(parts));
      for (int i = 0; i < biases.length; i++) {
        held.put(Objects.requireNonNull(parts.get(i).bias()), biases[i]);
      }
    }
    return new ExplicitGradient(scope, held);
  }

  private static long[] widths(List<Linear> parts) {
    return parts.stream().mapToLong(part -> part.weight().shape().get(0)).toArray();
  }

  @Override
  public NDArray squaredNorms() {
    if (a.getShape().get(1) == 1) {
      return RULE.call(scope, "norms_vector", a, g, one(parts));
    }
    NDArray[] products = only == null ? products(scope, a, one(parts)) : only.products(scope, one(parts));
    return RULE.call(scope, "norms_gram", products[0], products[1], g);
  }

  @Override
  public Map<Parameter, NDArray> clippedSum(NDArray factors) {
    NDArray[] sums = RULE.callAll(scope, "sums", a, g, factors, widths(parts));
    Map<Parameter, NDArray> result = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      result.put(parts.get(i).weight(), sums[i]);
      if (biased(parts)) {
        result.put(Objects.requireNonNull(parts.get(i).bias()), sums[parts.size() + i]);
      }
    }
    return result;
  }
}
