package io.sfumato.encoders.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.TinyModels.Net;
import io.sfumato.encoders.runtime.OneThread;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Norms and clipped sums from one backward pass against the definition: one backward pass an example (or a unit of
 * several rows), clip, add. Clipping is active for half of the examples.
 */
@ExtendWith(OneThread.class)
class PerExampleGradientTest {
  private static final int N = 6;

  @Test
  void mlp() {
    try (Net net = TinyModels.mlp()) {
      check(net, PerExampleGradientTest::vectors, null);
    }
  }

  @Test
  void transformerWithPaddingAndSequencesShorterThanTheTable() {
    try (Net net = TinyModels.transformer()) {
      check(net, PerExampleGradientTest::sentences, null);
    }
  }

  @Test
  void resnetWithGroupNorm() {
    try (Net net = TinyModels.resnet()) {
      check(net, PerExampleGradientTest::images, null);
    }
  }

  @Test
  void severalRowsAreOneUnit() {
    int[] units = {2, 0, 0, 2, 1, 2};
    try (Net mlp = TinyModels.mlp(); Net transformer = TinyModels.transformer(); Net resnet = TinyModels.resnet()) {
      check(mlp, PerExampleGradientTest::vectors, units);
      check(transformer, PerExampleGradientTest::sentences, units);
      check(resnet, PerExampleGradientTest::images, units);
    }
  }

  @Test
  void aNetworkUsedTwiceHasItsCrossTerms() {
    try (Net transformer = TinyModels.transformer(); Net resnet = TinyModels.resnet()) {
      check(twice(transformer), PerExampleGradientTest::sentences, null);
      check(twice(resnet), PerExampleGradientTest::images, null);
      check(twice(transformer), PerExampleGradientTest::sentences, new int[]{0, 1, 1, 0, 0, 1});
    }
  }

  @Test
  void frozenParametersHaveNone() {
    List<String> frozen = List.of("head.weight", "norm.bias", "positions.weight");
    try (Net net = TinyModels.transformer()) {
      for (Parameter parameter : net.parameters()) {
        parameter.setTrainable(!parameter.name().startsWith("encoder.layer.0") && !frozen.contains(parameter.name()));
      }
      check(net, PerExampleGradientTest::sentences, null);
    }
  }

  private static Net twice(Net net) {
    return TinyModels.of(net.parameters(), (scope, x, tape) -> {
      NDArray once = net.forward(scope, x, tape);
      return once.mul(net.forward(scope, x.flip(-1), tape).add(1));
    });
  }

  private static void check(Net net, Function<Scope, NDArray> input, int @Nullable [] unitOfRow) {
    int[] units = unitOfRow == null ? new int[]{0, 1, 2, 3, 4, 5} : unitOfRow;
    int examples = Arrays.stream(units).max().orElseThrow() + 1;
    List<Parameter> trainable = net.parameters().stream().filter(Parameter::trainable).toList();
    List<Map<Parameter, float[]>> single = new ArrayList<>();
    double[] norms = new double[examples];
    for (int unit = 0; unit < examples; unit++) {
      single.add(gradient(net, trainable, input, units, unit));
      norms[unit] = Math.sqrt(single.get(unit).values().stream().mapToDouble(PerExampleGradientTest::square).sum());
    }
    double[] sorted = norms.clone();
    Arrays.sort(sorted);
    double limit = sorted[examples / 2];
    float[] factors = new float[examples];
    for (int unit = 0; unit < examples; unit++) {
      factors[unit] = (float) Math.min(1, limit / norms[unit]);
    }

    try (Scope scope = TensorRuntime.get().scope()) {
      Tape tape = new Tape(scope, examples);
      tape.units(unitOfRow);
      tape.backward(loss(net.forward(scope, input.apply(scope), tape)));
      float[] squares = tape.squaredNorms().toFloatArray();
      for (int unit = 0; unit < examples; unit++) {
        assertThat(Math.sqrt(squares[unit])).isCloseTo(norms[unit], Percentage.withPercentage(0.001));
      }
      Map<Parameter, NDArray> sums = tape.clippedSum(scope.floats(factors, examples));
      assertThat(sums.keySet()).containsExactlyInAnyOrderElementsOf(trainable);
      double difference = 0;
      double total = 0;
      for (Parameter parameter : trainable) {
        float[] expected = new float[Math.toIntExact(parameter.size())];
        for (int unit = 0; unit < examples; unit++) {
          float[] g = Objects.requireNonNull(single.get(unit).get(parameter));
          for (int i = 0; i < expected.length; i++) {
            expected[i] += factors[unit] * g[i];
          }
        }
        NDArray sum = Objects.requireNonNull(sums.get(parameter));
        assertThat(sum.getShape()).as(parameter.name()).isEqualTo(parameter.shape());
        double error = squareOfDifference(sum.toFloatArray(), expected);
        // A gradient may be zero in truth: a key's bias shifts all scores of a query alike.
        assertThat(Math.sqrt(error)).as(parameter.name())
            .isLessThanOrEqualTo(1e-4 * Math.sqrt(square(expected)) + 1e-6 * limit);
        difference += error;
        total += square(expected);
      }
      assertThat(Math.sqrt(difference / total)).isLessThanOrEqualTo(1e-5);
    }
  }

  /** The gradient of one unit's rows, each row alone in its batch. */
  private static Map<Parameter, float[]> gradient(Net net, List<Parameter> trainable, Function<Scope, NDArray> input,
      int[] units, int unit) {
    trainable.forEach(Parameter::zeroGradient);
    try (Scope scope = TensorRuntime.get().scope()) {
      NDArray x = input.apply(scope);
      for (int row = 0; row < N; row++) {
        if (units[row] == unit) {
          Backward.run(loss(net.forward(scope, x.get(row + ":" + (row + 1)), null)));
        }
      }
      Map<Parameter, float[]> gradient = new LinkedHashMap<>();
      for (Parameter parameter : trainable) {
        gradient.put(parameter, Objects.requireNonNull(parameter.gradient(scope), parameter.name()).toFloatArray());
      }
      return gradient;
    }
  }

  private static NDArray loss(NDArray out) {
    return out.sub(1).square().sum();
  }

  private static NDArray vectors(Scope scope) {
    return scope.floats(numbers(N * 12), N, 12);
  }

  private static NDArray images(Scope scope) {
    return scope.floats(numbers(N * 3 * 144), N, 3, 12, 12);
  }

  /** Seven positions each, zeros for padding, words that repeat. */
  private static NDArray sentences(Scope scope) {
    long[][] ids = {{3, 4, 3, 3, 5, 0, 0}, {7, 8, 9, 10, 11, 12, 13}, {2, 0, 0, 0, 0, 0, 0}, {1, 1, 1, 1, 1, 1, 0},
      {19, 3, 19, 3, 2, 3, 0}, {6, 5, 4, 3, 2, 1, 15}};
    return scope.longs(Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray(), N, 7);
  }

  private static float[] numbers(int count) {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1) * (1 + 3f * i / count);
    }
    return values;
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
