package io.sfumato.fusion.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.training.Clipping;
import io.sfumato.privacy.training.PrivateStep;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Objectives for private image–text pairs: what one pair changes in a clipped sum of gradients stays within the declared bound. */
class PairObjectiveTest {
  private static final int PAIRS = 24;
  private static final int WIDTH = 6;
  private static final double CLIP = 0.01;

  @Test
  void aGroupIsContrastedWithinItself() {
    try (Scope scope = TensorRuntime.get().scope()) {
      NDArray first = scope.floats(new float[]{1, 0, 0, 1, 1, 0}, 3, 2);
      NDArray second = scope.floats(new float[]{0, 1, 1, 0, 1, 0}, 3, 2);
      StepBatch batch = batch(scope, first, second);
      float[] losses = new GroupedContrastiveObjective(1, new int[]{1, 1, 0}, 3).unitLosses(scope, batch)
          .toFloatArray();
      // Two pairs whose own products are 0 and whose others are 1: ln(1 + e) each; one alone has nothing to be told from.
      assertThat(losses).containsExactly(new float[]{0, 2 * 1.31326f, 0}, within(1e-4f));
    }
  }

  @Test
  void anchorsAreTheOnlyOnesThatAPairIsComparedWith() {
    float[][] anchors = {{1, 0}, {0, 1}};
    try (Scope scope = TensorRuntime.get().scope()) {
      NDArray first = scope.floats(new float[]{1, 0, 0, 1}, 2, 2);
      NDArray second = scope.floats(new float[]{1, 0, 1, 0}, 2, 2);
      float[] losses = new PublicAnchorObjective(1, anchors).unitLosses(scope, batch(scope, first, second))
          .toFloatArray();
      double p = Math.E / (Math.E + 1);
      double entropy = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
      double crossed = -p * Math.log(1 - p) - (1 - p) * Math.log(p);
      assertThat(losses).containsExactly(new float[]{(float) entropy, (float) crossed}, within(1e-5f));
    }
  }

  /** D = 2C: a pair that leaves changes its group's clipped vector for another. */
  @Test
  void onePairMovesTheSumByTwoClipsInGroups() {
    int count = 6;
    int[] groups = IntStream.range(0, PAIRS)
        .map(i -> GroupedContrastiveObjective.groupOf("pair-" + i, 99, count))
        .toArray();
    double worst = 0;
    for (int leaver = 0; leaver < PAIRS; leaver++) {
      int[] rest = without(leaver);
      worst = Math.max(worst, distance(
          sum(IntStream.range(0, PAIRS).toArray(), new GroupedContrastiveObjective(0.07, groups, count), groups, count),
          sum(rest, new GroupedContrastiveObjective(0.07, pick(groups, rest), count), pick(groups, rest), count)));
    }
    assertThat(worst).isBetween(0.5 * CLIP, 2 * CLIP * 1.0001);
    assertThat(new GroupedContrastiveObjective(0.07, groups, count).sensitivity().clips()).isEqualTo(2);
  }

  /** D = C: the term of a pair reads nothing of another. */
  @Test
  void onePairMovesTheSumByOneClipWithAnchors() {
    PublicAnchorObjective objective = new PublicAnchorObjective(0.07, rows(8, 3));
    int[] all = IntStream.range(0, PAIRS).toArray();
    for (int leaver = 0; leaver < PAIRS; leaver++) {
      int[] rest = without(leaver);
      double moved = distance(sum(all, objective, all, PAIRS),
          sum(rest, objective, IntStream.range(0, PAIRS - 1).toArray(), PAIRS - 1));
      assertThat(moved).isLessThanOrEqualTo(CLIP * 1.0001);
    }
    assertThat(objective.sensitivity().clips()).isEqualTo(1);
  }

  @Test
  void inOneBatchNoBoundHoldsAndTheAlternativesAreNamed() {
    try (Scope scope = TensorRuntime.get().scope()) {
      StepBatch batch = batch(scope, scope.floats(new float[]{1, 0, 0, 1}, 2, 2),
          scope.floats(new float[]{1, 0, 1, 0}, 2, 2));
      assertThatThrownBy(() -> new ContrastiveObjective(0.1).unitLosses(scope, batch))
          .isInstanceOf(FusionException.class)
          .hasMessageContaining("PublicAnchorObjective");
    }
  }

  @Test
  void groupsOfIdsAreSpread() {
    long[] sizes = new long[7];
    for (int i = 0; i < 7000; i++) {
      sizes[GroupedContrastiveObjective.groupOf("item-" + i, 5, 7)]++;
    }
    assertThat(Arrays.stream(sizes)).allMatch(size -> size > 850 && size < 1150);
  }

  private static int[] without(int leaver) {
    return IntStream.range(0, PAIRS).filter(i -> i != leaver).toArray();
  }

  private static int[] pick(int[] values, int[] which) {
    return IntStream.of(which).map(i -> values[i]).toArray();
  }

  private static StepBatch batch(Scope scope, NDArray first, NDArray second) {
    int n = Math.toIntExact(first.getShape().get(0));
    boolean[] all = new boolean[n];
    Arrays.fill(all, true);
    NDArray none = scope.floats(new float[1], 1);
    return new StepBatch(none, none, none, none, List.of(first, second), new boolean[][]{all, all}, null);
  }

  /** The clipped sum of the units' gradients of two projections, for some of the fixed pairs. */
  private static double[] sum(int[] which, Objective objective, int[] unitOfRow, int units) {
    Linear text = new Linear("text", WIDTH, 3, new Init(1, 1));
    Linear image = new Linear("image", WIDTH, 3, new Init(2, 1));
    List<Parameter> parameters = IntStream.range(0, 2)
        .mapToObj(i -> i == 0 ? text : image)
        .flatMap(layer -> layer.parameters().stream())
        .toList();
    try (text;
        image;
        PrivateStep step = PrivateStep.builder(parameters)
            .sensitivity(objective.sensitivity())
            .clipping(Clipping.flat(CLIP))
            .sigma(0)
            .expectedUnits(1)
            .build();
        Scope scope = TensorRuntime.get().scope()) {
      Tape tape = step.tape(scope, units);
      tape.units(unitOfRow);
      NDArray a = unit(scope, text.forward(scope, scope.matrix(pick(rows(PAIRS, 4), which)), tape));
      NDArray b = unit(scope, image.forward(scope, scope.matrix(pick(rows(PAIRS, 5), which)), tape));
      step.accumulate(scope, tape, objective.unitLosses(scope, batch(scope, a, b)).sum());
      var released = step.release(scope);
      return parameters.stream()
          .flatMapToDouble(p -> IntStream.range(0, (int) p.size())
              .mapToDouble(i -> Objects.requireNonNull(released.get(p)).toFloatArray()[i]))
          .toArray();
    }
  }

  private static NDArray unit(Scope scope, NDArray x) {
    return TensorRuntime.get().kernels().unit(scope, x);
  }

  private static float[][] pick(float[][] rows, int[] which) {
    return IntStream.of(which).mapToObj(i -> rows[i]).toArray(float[][]::new);
  }

  private static float[][] rows(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] rows = new float[count][seed == 3 ? 3 : WIDTH];
    for (float[] row : rows) {
      for (int k = 0; k < row.length; k++) {
        row[k] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  private static double distance(double[] a, double[] b) {
    double square = 0;
    for (int i = 0; i < a.length; i++) {
      square += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(square);
  }
}
