package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Brings several uses of a layer, each with rows of its own, to one form by example: a weight's gradient is a sum over
 * positions, and whether two positions come from one use or two, from one row or two of the same example, is all the
 * same to it.
 */
final class Uses {
  private static final Script GROUP = Script.of("uses", """
    def group(self: __torch__.Script, x: Tensor, slots: Tensor, n: int, width: int) -> Tensor:
      t, d = torch.size(x, 1), torch.size(x, 2)
      out = torch.new_zeros(x, [torch.mul(n, width), t, d])
      return torch.view(torch.index_copy(out, 0, slots, x), [n, torch.mul(width, t), d])
    """);

  private Uses() {}

  /**
   * Positions by example.
   *
   * @param values of a use, [rows, …, d]
   * @return [n, T, d], T positions over all uses and rows of an example, padded with zeros
   */
  static NDArray positions(Scope scope, List<Tape.Use> uses, int examples, Function<Tape.Use, NDArray> values) {
    List<NDArray> parts = new ArrayList<>();
    for (Tape.Use use : uses) {
      NDArray x = values.apply(use);
      long rows = x.getShape().get(0);
      long d = x.getShape().get(x.getShape().dimension() - 1);
      parts.add(grouped(scope, scope.own(x.reshape(rows, -1, d)), use, examples));
    }
    return parts.size() == 1 ? parts.get(0) : scope.own(NDArrays.concat(new NDList(parts), 1));
  }

  /**
   * Explicit gradients by example.
   *
   * @param values per-row gradients of a use, [rows, …]
   * @return [n, …], summed over rows of an example and over uses
   */
  static NDArray summed(Scope scope, List<Tape.Use> uses, int examples, Function<Tape.Use, NDArray> values) {
    NDArray total = null;
    for (Tape.Use use : uses) {
      NDArray x = values.apply(use);
      int[] units = use.unitOfRow();
      if (units != null) {
        x = TensorRuntime.get().kernels().indexAdd(scope, examples, scope.longs(longs(units), units.length), x);
      }
      total = total == null ? x : scope.own(total.add(x));
    }
    return java.util.Objects.requireNonNull(total, "a layer without uses");
  }

  /** The greatest number of rows that an example has in a use. */
  static int rowsOfOne(Tape.Use use, int examples) {
    int[] units = use.unitOfRow();
    if (units == null) {
      return 1;
    }
    int[] seen = new int[examples];
    int most = 1;
    for (int unit : units) {
      most = Math.max(most, ++seen[unit]);
    }
    return most;
  }

  /** What stands by example, [n], by row of a use. */
  static NDArray ofRows(Scope scope, Tape.Use use, NDArray byExample) {
    int[] units = use.unitOfRow();
    return units == null
        ? byExample
        : TensorRuntime.get().kernels().rows(scope, byExample, scope.longs(longs(units), units.length));
  }

  private static NDArray grouped(Scope scope, NDArray x, Tape.Use use, int examples) {
    int[] units = use.unitOfRow();
    if (units == null) {
      return x;
    }
    int width = rowsOfOne(use, examples);
    int[] next = new int[examples];
    long[] slots = new long[units.length];
    for (int row = 0; row < units.length; row++) {
      slots[row] = (long) units[row] * width + next[units[row]]++;
    }
    return GROUP.call(scope, "group", x, scope.longs(slots, slots.length), examples, width);
  }

  private static long[] longs(int[] values) {
    long[] wide = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
