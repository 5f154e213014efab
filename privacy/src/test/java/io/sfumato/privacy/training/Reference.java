package io.sfumato.privacy.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.nn.TapedLayer;
import io.sfumato.encoders.runtime.Autograd;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.training.Models.Net;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Clipped sums by their definition: an ordinary backward pass a row, rows of a unit added, clipped in float64, added.
 */
final class Reference {
  private Reference() {}

  /** Gradients by parameter, row-major. */
  static Map<Parameter, double[]> gradient(Net net, Function<Scope, NDArray> input, int[] units, int unit) {
    Map<Parameter, double[]> total = zeros(net);
    try (Scope scope = TensorRuntime.get().scope()) {
      NDArray x = input.apply(scope);
      for (int row = 0; row < units.length; row++) {
        if (units[row] == unit) {
          List<@Nullable NDArray> found = Autograd.gradients(scope,
              Models.loss(net.apply(scope, x.get(row + ":" + (row + 1)), null)),
              net.parameters().stream().map(Parameter::value).toList());
          for (int i = 0; i < found.size(); i++) {
            NDArray gradient = found.get(i);
            if (gradient != null) {
              add(of(total, net.parameters().get(i)), gradient.toFloatArray(), 1);
            }
          }
        }
      }
    }
    return total;
  }

  static double[] of(Map<Parameter, double[]> values, Parameter parameter) {
    return Objects.requireNonNull(values.get(parameter), parameter.name());
  }

  static Map<Parameter, double[]> zeros(Net net) {
    Map<Parameter, double[]> zeros = new LinkedHashMap<>();
    net.parameters().forEach(parameter -> zeros.put(parameter, new double[(int) parameter.size()]));
    return zeros;
  }

  /** Parameters by layer, as a tape sees the layers. */
  static List<List<Parameter>> layers(Net net, Function<Scope, NDArray> input) {
    try (Scope scope = TensorRuntime.get().scope()) {
      NDArray x = input.apply(scope);
      Tape tape = new Tape(scope, (int) x.getShape().get(0));
      net.apply(scope, x, tape);
      return tape.layers().stream().map(TapedLayer::parameters).toList();
    }
  }

  /** The clipped sum over units, given the groups that are clipped on their own when it is by layer. */
  static Map<Parameter, double[]> clippedSum(Net net, List<Map<Parameter, double[]>> gradients, Clipping clipping,
      double norm, List<List<Parameter>> layers) {
    Map<Parameter, double[]> sum = zeros(net);
    for (Map<Parameter, double[]> gradient : gradients) {
      List<List<Parameter>> groups = clipping instanceof Clipping.PerLayer ? layers : List.of(net.parameters());
      for (List<Parameter> group : groups) {
        double length = length(gradient, group);
        double bound = norm * Math.sqrt((double) group.size() / net.parameters().size());
        double factor = clipping instanceof Clipping.Automatic ? bound / (length + 0.01) : Math.min(1, bound / length);
        for (Parameter parameter : group) {
          double[] target = of(sum, parameter);
          double[] g = of(gradient, parameter);
          for (int i = 0; i < target.length; i++) {
            target[i] += factor * g[i];
          }
        }
      }
    }
    return sum;
  }

  static double length(Map<Parameter, double[]> gradient, List<Parameter> group) {
    double square = 0;
    for (Parameter parameter : group) {
      for (double g : of(gradient, parameter)) {
        square += g * g;
      }
    }
    return Math.sqrt(square);
  }

  /** What a step released, as float64. */
  static Map<Parameter, double[]> read(Map<Parameter, NDArray> released) {
    Map<Parameter, double[]> values = new LinkedHashMap<>();
    released.forEach((parameter, array) -> {
      double[] target = new double[(int) parameter.size()];
      add(target, array.toFloatArray(), 1);
      values.put(parameter, target);
    });
    return values;
  }

  /** a + factor·b. */
  static Map<Parameter, double[]> plus(Map<Parameter, double[]> a, Map<Parameter, double[]> b, double factor) {
    Map<Parameter, double[]> sum = new LinkedHashMap<>();
    UnaryOperator<double[]> copy = double[]::clone;
    a.forEach((parameter, values) -> sum.put(parameter, copy.apply(values)));
    b.forEach((parameter, values) -> {
      double[] target = of(sum, parameter);
      for (int i = 0; i < values.length; i++) {
        target[i] += factor * values[i];
      }
    });
    return sum;
  }

  private static void add(double[] target, float[] values, double factor) {
    for (int i = 0; i < target.length; i++) {
      target[i] += factor * values[i];
    }
  }
}
