package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table by id. Parameter {@code <name>.weight} [rows, width].
 *
 * <p>Per-example gradients: row r's is the sum of g over the positions with id r, so the squared length over the table
 * is Σ (g gᵀ) ∘ [id = id'] over pairs of positions; the table itself is never held an example. A table that is also the
 * output weight ({@link #scores}, "tied") adds the products' positions s, with inputs x and output gradients h, whose own
 * squared length is Σ (x xᵀ) ∘ (h hᵀ), and twice the cross terms, Σ h[s, id_p] (g_p · x_s) over pairs of a looked-up and
 * a scored position.
 */
public final class Embedding implements TapedLayer {
  private static final Script RULE = Script.of("embedding", """
    def norms(self: __torch__.Script, ids: Tensor, g: Tensor) -> Tensor:
      gg = torch.bmm(g, torch.transpose(g, 1, 2))
      same = torch.eq(ids, torch.transpose(ids, 1, 2))
      return torch.sum(torch.mul(gg, same), [1, 2])
    def norms_products(self: __torch__.Script, x: Tensor, h: Tensor) -> Tensor:
      xx = torch.bmm(x, torch.transpose(x, 1, 2))
      return torch.sum(torch.mul(xx, torch.bmm(h, torch.transpose(h, 1, 2))), [1, 2])
    def norms_cross(self: __torch__.Script, ids: Tensor, g: Tensor, x: Tensor, h: Tensor) -> Tensor:
      at = torch.expand(torch.transpose(ids, 1, 2), [-1, torch.size(h, 1), -1])
      xg = torch.bmm(x, torch.transpose(g, 1, 2))
      return torch.mul(torch.sum(torch.mul(torch.gather(h, 2, at), xg), [1, 2]), 2.)
    def add_sum(self: __torch__.Script, sum: Tensor, ids: Tensor, g: Tensor, factors: Tensor) -> Tensor:
      cg = torch.reshape(torch.mul(g, torch.view(factors, [-1, 1, 1])), [-1, torch.size(g, 2)])
      return torch.index_add_(sum, 0, torch.reshape(ids, [-1]), cg)
    def sum(self: __torch__.Script, ids: Tensor, g: Tensor, factors: Tensor, rows: int) -> Tensor:
      d = torch.size(g, 2)
      cg = torch.reshape(torch.mul(g, torch.view(factors, [-1, 1, 1])), [-1, d])
      return torch.index_add_(torch.new_zeros(g, [rows, d]), 0, torch.reshape(ids, [-1]), cg)
    def sum_products(self: __torch__.Script, x: Tensor, h: Tensor, factors: Tensor) -> Tensor:
      cx = torch.reshape(torch.mul(x, torch.view(factors, [-1, 1, 1])), [-1, torch.size(x, 2)])
      return torch.mm(torch.t(torch.reshape(h, [-1, torch.size(h, 2)])), cx)
    """);

  private final Parameter weight;

  /**
   * A table with normal values.
   *
   * @param name prefix of the parameter's name
   * @param rows number of ids
   * @param width length of a row
   */
  public Embedding(String name, int rows, int width, Init init) {
    weight = init.normal(name + ".weight", rows, width);
  }

  /** Int64 ids [n, …] in [0, rows); result [n, …, width]. */
  public NDArray forward(Scope scope, NDArray ids, @Nullable Tape tape) {
    NDArray z = TensorRuntime.get().kernels().embedding(scope, ids, weight.value(scope, tape));
    return tape == null ? z : tape.record(this, ids, z);
  }

  /**
   * The scores of all rows, x Wᵀ: the table as output weights, tied to its use by id.
   *
   * @param x [n, …, width]
   * @return [n, …, rows]
   */
  public NDArray scores(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray z = TensorRuntime.get().kernels().linear(scope, x, weight.value(scope, tape), null);
    return tape == null ? z : tape.record(this, x, z);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight);
  }

  @Override
  public PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples) {
    List<Tape.Use> lookups = uses.stream().filter(use -> use.input().getDataType().isInteger()).toList();
    List<Tape.Use> products = uses.stream().filter(use -> !use.input().getDataType().isInteger()).toList();
    if (products.isEmpty()) {
      return new Lookups(scope, lookups, examples);
    }
    Products scored = new Products(scope, products, examples);
    return lookups.isEmpty() ? scored : new Tied(scope, new Lookups(scope, lookups, examples), scored);
  }

  /** Of the looked-up rows: ids [n, P, 1] and the output's gradients [n, P, width]. */
  private final class Lookups implements PerExampleGradient {
    private final Scope scope;
    private final NDArray ids;
    private final NDArray g;

    Lookups(Scope scope, List<Tape.Use> uses, int examples) {
      this.scope = scope;
      this.ids = Uses.positions(scope, uses, examples, use -> use.input().expandDims(-1));
      this.g = Uses.positions(scope, uses, examples, use -> use.gradient());
    }

    @Override
    public NDArray squaredNorms() {
      return RULE.call(scope, "norms", ids, g);
    }

    @Override
    public Map<Parameter, NDArray> clippedSum(NDArray factors) {
      return Map.of(weight, RULE.call(scope, "sum", ids, g, factors, weight.shape().get(0)));
    }
  }

  /** Of the scores: inputs x [n, S, width] and the output's gradients h [n, S, rows]. */
  private final class Products implements PerExampleGradient {
    private final Scope scope;
    private final NDArray x;
    private final NDArray h;

    Products(Scope scope, List<Tape.Use> uses, int examples) {
      this.scope = scope;
      this.x = Uses.positions(scope, uses, examples, Tape.Use::input);
      this.h = Uses.positions(scope, uses, examples, use -> use.gradient());
    }

    @Override
    public NDArray squaredNorms() {
      return RULE.call(scope, "norms_products", x, h);
    }

    @Override
    public Map<Parameter, NDArray> clippedSum(NDArray factors) {
      return Map.of(weight, RULE.call(scope, "sum_products", x, h, factors));
    }
  }

  /** Of both, with what they have in common. */
  private final class Tied implements PerExampleGradient {
    private final Scope scope;
    private final Lookups lookups;
    private final Products products;

    Tied(Scope scope, Lookups lookups, Products products) {
      this.scope = scope;
      this.lookups = lookups;
      this.products = products;
    }

    @Override
    public NDArray squaredNorms() {
      NDArray apart = lookups.squaredNorms().add(products.squaredNorms());
      return apart.add(RULE.call(scope, "norms_cross", lookups.ids, lookups.g, products.x, products.h));
    }

    @Override
    public Map<Parameter, NDArray> clippedSum(NDArray factors) {
      NDArray sum = RULE.call(scope, "sum_products", products.x, products.h, factors);
      return Map.of(weight, RULE.call(scope, "add_sum", sum, lookups.ids, lookups.g, factors));
    }
  }
}
