package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The per-example gradients of linear maps of one input: of one layer, or of several whose outputs stand side by side.
 *
 * <p>With inputs a and output gradients g over T positions, W's gradient is gᵀa, whose squared length is
 * Σ (a aᵀ) ∘ (g gᵀ) over pairs of positions (Li et al. 2022, "ghost norm"); the bias is one more input that is always 1.
 * Both products are symmetric: from 48 positions on, the lower left quarter is not computed and the upper right one counts
 * twice. They are made for a few examples at a time, so that they stay in the cache. Where T² is large against the weight, the gradients themselves are cheaper and are held (Bu et al. 2022,
 * "mixed").
 */
final class LinearGradient implements PerExampleGradient {
  private static final Script RULE = Script.of("linear", """
    def product(self: __torch__.Script, aa: Tensor, gg: Tensor, one: float) -> Tensor:
      if torch.gt(one, 0.):
        gg = torch.addcmul_(gg, gg, aa)
      else:
        gg = torch.mul_(gg, aa)
      return gg
    def norms_block(self: __torch__.Script, a: Tensor, g: Tensor, one: float) -> Tensor:
      t = torch.size(a, 1)
      h = t
      if torch.ge(t, 48):
        h = torch.floordiv(t, 2)
      r = torch.sub(t, h)
      aa = torch.bmm(torch.narrow(a, 1, 0, h), torch.transpose(a, 1, 2))
      gg = torch.bmm(torch.narrow(g, 1, 0, h), torch.transpose(g, 1, 2))
      upper = (self).product(aa, gg, one, )
      total = torch.sum(upper, [1, 2])
      if torch.gt(r, 0):
        al, gl = torch.narrow(a, 1, h, r), torch.narrow(g, 1, h, r)
        lower = torch.bmm(gl, torch.transpose(gl, 1, 2))
        lower = (self).product(torch.bmm(al, torch.transpose(al, 1, 2)), lower, one, )
        twice = torch.sum(torch.narrow(upper, 2, h, r), [1, 2])
        total = torch.add_(torch.add_(total, twice), torch.sum(lower, [1, 2]))
      return total
    def norms(self: __torch__.Script, a: Tensor, g: Tensor, one: float, at_once: int) -> Tensor:
      if torch.eq(torch.size(a, 1), 1):
        aa = torch.square(torch.linalg_vector_norm(a, 2, [1, 2]))
        total = torch.mul(torch.add(aa, one), torch.square(torch.linalg_vector_norm(g, 2, [1, 2])))
      else:
        blocks = annotate(List[Tensor], [])
        gs = torch.split(g, at_once)
        xs = torch.split(a, at_once)
        for i in range(torch.len(xs)):
          _0 = torch.append(blocks, (self).norms_block(xs[i], gs[i], one, ))
        total = torch.cat(blocks)
      return total
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
  private static final long PRODUCTS_AT_ONCE = 1 << 18;

  private final Scope scope;
  private final NDArray a;
  private final NDArray g;
  private final List<Linear> parts;

  private LinearGradient(Scope scope, NDArray a, NDArray g, List<Linear> parts) {
    this.scope = scope;
    this.a = a;
    this.g = g;
    this.parts = parts;
  }

  /**
   * The gradients of a layer's uses.
   *
   * @param parts the maps whose outputs the recorded output holds, in order; weights all trainable or none, biases likewise
   */
  static PerExampleGradient of(Scope scope, List<Tape.Use> uses, int examples, List<Linear> parts) {
    NDArray g = Uses.positions(scope, uses, examples, use -> use.gradient());
    NDArray a = Uses.positions(scope, uses, examples, Tape.Use::input);
    if (!wantsProducts(a.getShape().get(1), parts)) {
      return held(scope, a, g, parts);
    }
    return new LinearGradient(scope, a, g, parts);
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
    long positions = a.getShape().get(1);
    long atOnce = Math.max(1, PRODUCTS_AT_ONCE / (positions * positions));
    return RULE.call(scope, "norms", a, g, biased(parts) ? 1.0 : 0.0, atOnce);
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
