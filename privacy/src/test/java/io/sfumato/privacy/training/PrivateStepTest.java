package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.training.Models.Net;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step without noise releases, against clipping by definition; what noise adds; what it counts. */
@ExtendWith(OneThread.class)
class PrivateStepTest {
  private static final int ROWS = 6;
  private static final int @Nullable [] EACH = null;
  private static final int[] USERS = {2, 0, 0, 2, 1, 2};

  @ParameterizedTest
  @ValueSource(strings = {"flat", "layer", "auto", "adaptive"})
  void clippedSumsAreThoseOfMicrobatches(String kind) {
    try (Net mlp = Models.mlp(); Net bert = Models.bert()) {
      checkSums(mlp, scope -> Models.vectors(scope, ROWS, 1), EACH, kind);
      checkSums(mlp, scope -> Models.vectors(scope, ROWS, 2), USERS, kind);
      checkSums(bert, scope -> Models.sentences(scope, ROWS, 3), EACH, kind);
      checkSums(bert, scope -> Models.sentences(scope, ROWS, 4), USERS, kind);
    }
  }

  private static void checkSums(Net net, Function<Scope, NDArray> input, int @Nullable [] users, String kind) {
    int[] units = users == null ? new int[]{0, 1, 2, 3, 4, 5} : users;
    int count = Arrays.stream(units).max().orElseThrow() + 1;
    List<Map<Parameter, double[]>> gradients = new ArrayList<>();
    for (int unit = 0; unit < count; unit++) {
      gradients.add(Reference.gradient(net, input, units, unit));
    }
    double[] lengths = gradients.stream().mapToDouble(g -> Reference.length(g, net.parameters())).sorted().toArray();
    // Clips some units and not all; by layer, most layers of most units.
    double bound = kind.equals("layer") ? lengths[0] / 4 : (lengths[0] + lengths[count - 1]) / 2;
    Clipping clipping = Clipping.parse(kind, bound);
    try (PrivateStep step = step(net, clipping)) {
      double norm = bound;
      for (int round = 0; round < 2; round++) { // the second with a bound that adaptive clipping has moved
        assertThat(step.clip()).isCloseTo(norm, within(1e-9 * norm));
        Map<Parameter, double[]> expected = Reference.clippedSum(net, gradients, clipping, norm,
            Reference.layers(net, input));
        try (Scope scope = TensorRuntime.get().scope()) {
          Tape tape = step.tape(scope, count);
          tape.units(users);
          step.accumulate(scope, tape, Models.loss(net.apply(scope, input.apply(scope), tape)));
          checkEqual(net, Reference.read(step.release(scope)), expected);
        }
        if (clipping instanceof Clipping.Adaptive) {
          double at = norm;
          double below = Arrays.stream(lengths).filter(length -> length <= at).count();
          norm *= Math.exp(-0.2 * (Math.clamp(below - 0.5 * count + 0.5, 0, 1) - 0.5));
        }
      }
    }
  }

  private static void checkEqual(Net net, Map<Parameter, double[]> actual, Map<Parameter, double[]> expected) {
    Map<Parameter, double[]> difference = Reference.plus(actual, expected, -1);
    double whole = Reference.length(expected, net.parameters());
    assertThat(Reference.length(difference, net.parameters()) / whole).isLessThan(1e-5);
    for (Parameter parameter : net.parameters()) {
      List<Parameter> one = List.of(parameter);
      assertThat(Reference.length(difference, one)).as(parameter.name())
          .isLessThan(1e-4 * Reference.length(expected, one) + 1e-6 * whole);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flat", "layer", "auto", "adaptive"})
  void microbatchesGiveTheSame(String kind) {
    try (Net net = Models.mlp()) {
      int[] units = {0, 1, 2, 3, 4, 5};
      List<Map<Parameter, double[]>> gradients = new ArrayList<>();
      for (int unit = 0; unit < ROWS; unit++) {
        gradients.add(Reference.gradient(net, scope -> Models.vectors(scope, ROWS, 1), units, unit));
      }
      double bound = Reference.length(gradients.get(2), net.parameters());
      Clipping clipping = Clipping.parse(kind, bound);
      try (PrivateStep step = step(net, clipping); Scope scope = TensorRuntime.get().scope()) {
        NDArray x = Models.vectors(scope, ROWS, 1);
        for (int row = 0; row < ROWS; row++) {
          try (Scope one = scope.child()) {
            step.accumulateAlone(one,
                Models.loss(net.apply(one, one.own(x.get(row + ":" + (row + 1))), null)));
          }
        }
        List<List<Parameter>> alone = net.parameters().stream().map(List::of).toList();
        checkEqual(net, Reference.read(step.release(scope)),
            Reference.clippedSum(net, gradients, clipping, bound, alone));
        assertThat(step.statistics().units()).isEqualTo(ROWS);
      }
    }
  }

  @Test
  void physicalBatchesAddUpToTheLogicalOne() {
    try (Net net = Models.bert(); Scope scope = TensorRuntime.get().scope()) {
      Map<Parameter, double[]> whole;
      try (PrivateStep step = step(net, Clipping.flat(0.5))) {
        accumulate(step, net, scope, Models.sentences(scope, ROWS, 3));
        whole = Reference.read(step.release(scope));
      }
      try (PrivateStep step = step(net, Clipping.flat(0.5))) {
        NDArray x = Models.sentences(scope, ROWS, 3);
        accumulate(step, net, scope, x.get("0:1"));
        accumulate(step, net, scope, x.get("1:4"));
        accumulate(step, net, scope, x.get("4:6"));
        checkEqual(net, Reference.read(step.release(scope)), whole);
        assertThat(step.statistics().batchSizes()).containsExactly(Map.entry(ROWS, 1L));
      }
    }
  }

  @Test
  void noiseIsDrawnOnceAStepHoweverManyPhysicalBatches() {
    try (Net net = Models.mlp(); Scope scope = TensorRuntime.get().scope()) {
      NDArray x = Models.vectors(scope, ROWS, 1);
      List<Map<Parameter, double[]>> released = new ArrayList<>();
      for (int parts : new int[]{1, 3}) {
        try (PrivateStep step = PrivateStep.builder(net.parameters())
            .sensitivity(Sensitivity.record(1))
            .sigma(2)
            .expectedUnits(1)
            .noise(NoiseGenerator.seeded(3))
            .build()) {
          for (int part = 0; part < parts; part++) {
            accumulate(step, net, scope, x.get(part * ROWS / parts + ":" + (part + 1) * ROWS / parts));
          }
          released.add(Reference.read(step.release(scope)));
        }
      }
      double length = Reference.length(released.get(0), net.parameters());
      assertThat(length).as("mostly noise").isGreaterThan(10);
      assertThat(Reference.length(Reference.plus(released.get(0), released.get(1), -1), net.parameters()) / length)
          .isLessThan(1e-4);
    }
  }

  @Test
  void theDenominatorIsTheConstantWhateverTheBatch() {
    try (Net net = Models.mlp(); Scope scope = TensorRuntime.get().scope()) {
      NDArray x = Models.vectors(scope, ROWS, 1);
      Map<Parameter, double[]> one;
      Map<Parameter, double[]> tenth;
      try (PrivateStep step = step(net, Clipping.flat(1))) {
        accumulate(step, net, scope, x);
        one = Reference.read(step.release(scope));
      }
      try (PrivateStep step = PrivateStep.builder(net.parameters())
          .sensitivity(Sensitivity.record(1))
          .sigma(0)
          .expectedUnits(10)
          .build()) {
        accumulate(step, net, scope, x);
        tenth = Reference.read(step.release(scope));
        accumulate(step, net, scope, x.get("0:1"));
        assertThat(Reference.length(Reference.read(step.release(scope)), net.parameters()))
            .as("one clipped unit over ten")
            .isLessThanOrEqualTo(0.1 * (1 + 1e-6));
      }
      checkEqual(net, tenth, Reference.plus(Reference.zeros(net), one, 0.1));
    }
  }

  @Test
  void noiseIsOnEveryCoordinateAlsoOfAnEmptyBatchAndOfUntouchedRows() {
    try (Net net = Models.bert();
        Scope scope = TensorRuntime.get().scope();
        PrivateStep step = PrivateStep.builder(net.parameters())
            .sensitivity(Sensitivity.user(2))
            .clipping(Clipping.flat(0.5))
            .sigma(1.5)
            .expectedUnits(3)
            .build()) {
      assertThat(step.noiseDeviation()).isEqualTo(1.5 * 2 * 0.5);
      double square = 0;
      long numbers = 0;
      int rounds = 60;
      for (int round = 0; round < rounds; round++) {
        try (Scope inner = scope.child()) {
          Map<Parameter, NDArray> released = step.release(inner);
          assertThat(released.keySet()).containsExactlyElementsOf(net.parameters());
          for (double[] values : Reference.read(released).values()) {
            for (double value : values) {
              square += value * value;
              numbers++;
            }
          }
        }
      }
      // Every coordinate has noise: exact zeros have a probability of 2⁻¹⁶·0.4 each.
      assertThat(Math.sqrt(square / numbers)).isCloseTo(1.5 / 3, within(0.5 * 7 / Math.sqrt(2.0 * numbers)));
      assertThat(step.steps()).isEqualTo(rounds);
      assertThat(step.statistics().batchSizes()).containsExactly(Map.entry(0, (long) rounds));

      accumulate(step, net, scope, Models.sentences(scope, 2, 3));
      double[] words = Reference.of(Reference.read(step.release(scope)), net.parameters().getFirst());
      for (int row = 0; row < 20; row++) {
        double[] values = Arrays.copyOfRange(words, row * 8, row * 8 + 8);
        assertThat(Arrays.stream(values).map(Math::abs).max().orElseThrow()).as("row " + row).isGreaterThan(0.01);
      }
    }
  }

  @Test
  void noiseOfAStepWithUnitsHasTheDeviationThatItStates() {
    try (Net net = Models.mlp(); Scope scope = TensorRuntime.get().scope()) {
      NDArray x = Models.vectors(scope, ROWS, 1);
      Map<Parameter, double[]> sum;
      try (PrivateStep step = step(net, Clipping.automatic(0.7))) {
        accumulate(step, net, scope, x);
        sum = Reference.read(step.release(scope));
      }
      double square = 0;
      int rounds = 200;
      try (PrivateStep step = PrivateStep.builder(net.parameters())
          .sensitivity(Sensitivity.record(1))
          .clipping(Clipping.automatic(0.7))
          .sigma(0.8)
          .expectedUnits(1)
          .build()) {
        for (int round = 0; round < rounds; round++) {
          try (Scope inner = scope.child()) {
            accumulate(step, net, inner, inner.own(x.mul(1)));
            Map<Parameter, double[]> noise = Reference.plus(Reference.read(step.release(inner)), sum, -1);
            square += Math.pow(Reference.length(noise, net.parameters()), 2);
          }
        }
      }
      long numbers = rounds * net.parameters().stream().mapToLong(Parameter::size).sum();
      assertThat(Math.sqrt(square / numbers)).isCloseTo(0.56, within(0.56 * 7 / Math.sqrt(2.0 * numbers)));
    }
  }

  @Test
  void seededStepsRepeatAndSecureOnesDoNot() {
    try (Net net = Models.mlp(); Scope scope = TensorRuntime.get().scope()) {
      Map<Parameter, double[]> first = noisy(net, scope, NoiseGenerator.seeded(5));
      assertThat(Reference.length(Reference.plus(first, noisy(net, scope, NoiseGenerator.seeded(5)), -1),
          net.parameters())).isZero();
      assertThat(Reference.length(Reference.plus(first, noisy(net, scope, NoiseGenerator.seeded(6)), -1),
          net.parameters())).isGreaterThan(1);
      Map<Parameter, double[]> secure = noisy(net, scope, NoiseGenerator.secure());
      assertThat(Reference.length(Reference.plus(secure, noisy(net, scope, NoiseGenerator.secure()), -1),
          net.parameters())).isGreaterThan(1);
    }
  }

  private static Map<Parameter, double[]> noisy(Net net, Scope scope, NoiseGenerator noise) {
    try (PrivateStep step = PrivateStep.builder(net.parameters())
        .sensitivity(Sensitivity.record(1))
        .sigma(1)
        .expectedUnits(1)
        .noise(noise)
        .build()) {
      accumulate(step, net, scope, Models.vectors(scope, ROWS, 1));
      assertThat(step.noiseSource()).isEqualTo(noise.source());
      return Reference.read(step.release(scope));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flat", "layer", "auto", "adaptive"})
  void aUnitThatIsNotFiniteContributesNothingAndHarmsNobody(String kind) {
    try (Net mlp = Models.mlp(); Net vit = Models.vit(); Net resnet = Models.resnet()) {
      for (float bad : new float[]{Float.NaN, Float.POSITIVE_INFINITY, 1e30f}) {
        checkNotFinite(mlp, kind, bad, 6);
        checkNotFinite(vit, kind, bad, 4, 8);
        checkNotFinite(resnet, kind, bad, 3, 6, 6);
      }
    }
  }

  private static void checkNotFinite(Net net, String kind, float bad, long... shape) {
    int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    float[] numbers = new float[4 * size];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 3 * size; i++) {
      numbers[i] = (float) random.nextDouble(-1, 1);
    }
    Arrays.fill(numbers, 3 * size, 4 * size, bad);
    Clipping clipping = Clipping.parse(kind, 0.5);
    try (Scope scope = TensorRuntime.get().scope();
        PrivateStep three = step(net, clipping);
        PrivateStep four = step(net, clipping)) {
      accumulate(three, net, scope, batch(scope, numbers, 3, shape));
      accumulate(four, net, scope, batch(scope, numbers, 4, shape));
      checkEqual(net, Reference.read(four.release(scope)), Reference.read(three.release(scope)));
      assertThat(four.statistics().notFinite()).isEqualTo(1);
      NDArray alone = batch(scope, numbers, 4, shape).get("3:4");
      four.accumulateAlone(scope, Models.loss(net.apply(scope, alone, null)));
      assertThat(Reference.length(Reference.read(four.release(scope)), net.parameters())).isZero();
      assertThat(four.statistics().notFinite()).isEqualTo(2);
    }
  }

  private static NDArray batch(Scope scope, float[] numbers, int n, long... shape) {
    long[] whole = new long[shape.length + 1];
    whole[0] = n;
    System.arraycopy(shape, 0, whole, 1, shape.length);
    return scope.floats(Arrays.copyOf(numbers, n * numbers.length / 4), whole);
  }

  @Test
  void adaptiveClippingFindsTheMedianUnderNoise() {
    try (Net net = Models.mlp(); Scope scope = TensorRuntime.get().scope()) {
      int n = 400;
      NDArray x = Models.vectors(scope, n, 9);
      double[] lengths = new double[n];
      int[] each = IntStream.range(0, n).toArray();
      for (int unit = 0; unit < n; unit += 8) {
        lengths[unit] = Reference.length(Reference.gradient(net, scope2 -> Models.vectors(scope2, n, 9), each, unit),
            net.parameters());
      }
      double[] sorted = Arrays.stream(lengths).filter(length -> length > 0).sorted().toArray();
      double median = sorted[sorted.length / 2];
      try (PrivateStep step = PrivateStep.builder(net.parameters())
          .sensitivity(Sensitivity.user(1))
          .clipping(Clipping.adaptive(median * 8, 0.5, 0.2, 0))
          .sigma(1)
          .expectedUnits(n)
          .build()) {
        double first = step.noiseDeviation();
        for (int round = 0; round < 60; round++) {
          try (Scope inner = scope.child()) {
            accumulate(step, net, inner, inner.own(x.mul(1)));
            step.release(inner);
          }
        }
        assertThat(step.clip()).isBetween(median / 1.4, median * 1.4);
        assertThat(step.noiseDeviation() / first).as("the noise follows the bound")
            .isCloseTo(step.clip() / (median * 8), within(1e-9));
        assertThat(first).isCloseTo(median * 8 / Math.sqrt(0.99), within(1e-9 * first));
      }
    }
  }

  @Test
  void nothingLeaks() {
    try (Net net = Models.bert()) {
      int before = 0;
      for (int round = 0; round < 6; round++) {
        try (PrivateStep step = step(net, Clipping.flat(1))) {
          try (Scope scope = TensorRuntime.get().scope()) {
            accumulate(step, net, scope, Models.sentences(scope, 3, 3));
            accumulate(step, net, scope, Models.sentences(scope, 2, 4));
            step.release(scope);
            accumulate(step, net, scope, Models.sentences(scope, 2, 4));
          }
        }
        if (round == 1) {
          before = TensorRuntime.get().permanentArrays();
        }
      }
      assertThat(TensorRuntime.get().permanentArrays()).isEqualTo(before);
    }
  }

  private static PrivateStep step(Net net, Clipping clipping) {
    return PrivateStep.builder(net.parameters())
        .sensitivity(Sensitivity.record(1))
        .clipping(clipping)
        .sigma(0)
        .expectedUnits(1)
        .build();
  }

  static void accumulate(PrivateStep step, Net net, Scope scope, NDArray x) {
    Tape tape = step.tape(scope, (int) x.getShape().get(0));
    step.accumulate(scope, tape, Models.loss(net.apply(scope, x, tape)));
  }
}
