package io.sfumato.encoders.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;

/**
 * The definition of private gradients, as the oracle of the fast way: one backward pass for each row alone, the rows of a
 * unit added up, its length taken, clipped, added to the sum. Clipping is active for half of the units.
 */
final class Microbatches {
  private Microbatches() {}

  /** The sum of the losses of the rows of a batch. */
  @FunctionalInterface
  interface Loss {
    /** One number, of inputs of equally many rows. */
    NDArray of(Scope scope, List<NDArray> inputs, @Nullable Tape tape);
  }

  /**
   * Compares norms and clipped sums of one backward pass with the definition: every norm within 1e-5, the whole gradient
   * within 1e-5, every tensor within 1e-4, relatively.
   *
   * @param inputs arrays of equally many rows
   * @param unitOfRow as {@link Tape#units}
   */
  static void check(List<Parameter> parameters, Loss loss, Function<Scope, List<NDArray>> inputs,
      int @Nullable [] unitOfRow) {
    List<Parameter> trainable = parameters.stream().filter(Parameter::trainable).toList();
    int rows = rows(inputs);
    int[] units = new int[rows];
    Arrays.setAll(units, row -> unitOfRow == null ? row : unitOfRow[row]);
    int examples = Arrays.stream(units).max().orElseThrow() + 1;
    List<Map<Parameter, float[]>> alone = new ArrayList<>();
    double[] norms = new double[examples];
    for (int unit = 0; unit < examples; unit++) {
      alone.add(gradient(trainable, loss, inputs, units, unit));
      norms[unit] = Math.sqrt(alone.get(unit).values().stream().mapToDouble(Microbatches::square).sum());
    }
    double[] sorted = norms.clone();
    Arrays.sort(sorted);
    double limit = sorted[examples / 2];
    float[] factors = new float[examples];
    for (int unit = 0; unit < examples; unit++) {
      factors[unit] = (float) Math.min(1, limit / norms[unit]);
    }
    try (Scope scope = TensorRuntime.get().scope()) {
      Tape tape = new Tape(scope, examples, parameters);
      tape.units(unitOfRow);
      tape.backward(loss.of(scope, inputs.apply(scope), tape));
      float[] squares = tape.squaredNorms().toFloatArray();
      for (int unit = 0; unit < examples; unit++) {
        assertThat(Math.sqrt(squares[unit])).isCloseTo(norms[unit], Percentage.withPercentage(0.001));
      }
      Map<Parameter, NDArray> sums = tape.clippedSum(scope.floats(factors, examples));
      assertThat(sums.keySet()).containsExactlyInAnyOrderElementsOf(trainable);
      double error = 0;
      double total = 0;
      for (Parameter parameter : trainable) {
        float[] expected = weighted(alone, parameter, factors);
        NDArray sum = Objects.requireNonNull(sums.get(parameter));
        assertThat(sum.getShape()).as(parameter.name()).isEqualTo(parameter.shape());
        double own = squareOfDifference(sum.toFloatArray(), expected);
        // A gradient may be zero in truth: a key's bias shifts all scores of a query alike.
        assertThat(Math.sqrt(own)).as(parameter.name())
            .isLessThanOrEqualTo(1e-4 * Math.sqrt(square(expected)) + 1e-6 * limit);
        error += own;
        total += square(expected);
      }
      assertThat(Math.sqrt(error / total)).isLessThanOrEqualTo(1e-5);
    }
  }

  private static int rows(Function<Scope, List<NDArray>> inputs) {
    try (Scope scope = TensorRuntime.get().scope()) {
      return (int) inputs.apply(scope).get(0).getShape().get(0);
    }
  }

  private static float[] weighted(List<Map<Parameter, float[]>> alone, Parameter parameter, float[] factors) {
    double[] sum = new double[Math.toIntExact(parameter.size())];
    for (int unit = 0; unit < factors.length; unit++) {
      float[] g = Objects.requireNonNull(alone.get(unit).get(parameter));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) factors[unit] * g[i];
      }
    }
    float[] rounded = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      rounded[i] = (float) sum[i];
    }
    return rounded;
  }

  /** The gradient of one unit's rows, each row alone in its batch; zeros where the loss does not reach a parameter. */
  private static Map<Parameter, float[]> gradient(List<Parameter> trainable, Loss loss,
      Function<Scope, List<NDArray>> inputs, int[] units, int unit) {
    trainable.forEach(Parameter::zeroGradient);
    try (Scope scope = TensorRuntime.get().scope()) {
      List<NDArray> all = inputs.apply(scope);
      for (int row = 0; row < units.length; row++) {
        if (units[row] == unit) {
          String slice = row + ":" + (row + 1);
          Backward.run(loss.of(scope, all.stream().map(x -> x.get(slice)).toList(), null));
        }
      }
      Map<Parameter, float[]> gradient = new LinkedHashMap<>();
      for (Parameter parameter : trainable) {
        gradient.put(parameter, Objects.requireNonNull(parameter.gradient(scope), parameter.name()).toFloatArray());
      }
      return gradient;
    }
  }

  private static double square(float[] values) {
    return squareOfDifference(values, new float[values.length]);
  }

  private static double squareOfDifference(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }
}
