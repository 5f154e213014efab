package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.training.Models.Net;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Adding a unit moves the sum before noise by at most D = C, whatever the others are, how many rows it has and how wild
 * they are. And the control: clipped to twice as much, the same units break the bound, so the test can fail.
 */
@ExtendWith(OneThread.class)
class StepSensitivityTest {
  private static final double C = 0.8;
  private static final int TRIALS = 40;

  @ParameterizedTest
  @ValueSource(strings = {"flat", "layer", "auto", "adaptive"})
  void addingAUnitMovesTheSumByAtMostTheBound(String kind) {
    assertThat(largestMove(Clipping.parse(kind, C))).isBetween(0.5 * C, C * (1 + 1e-5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flat", "layer", "auto", "adaptive"})
  void theBoundIsReachedSoThatHalfOfItWouldBeBroken(String kind) {
    assertThat(largestMove(Clipping.parse(kind, 2 * C))).isGreaterThan(C);
  }

  /** Norms from products of positions lose digits where they cancel; not so many that a unit gets away with more than C. */
  @Test
  void sentencesAreClippedToTheBoundToo() {
    try (Net net = Models.bert();
        PrivateStep step = PrivateStep.builder(net.parameters())
            .sensitivity(Sensitivity.user(1))
            .clipping(Clipping.flat(0.01))
            .sigma(0)
            .expectedUnits(1)
            .build()) {
      for (int sentence = 0; sentence < 100; sentence++) {
        try (Scope scope = TensorRuntime.get().scope()) {
          PrivateStepTest.accumulate(step, net, scope, Models.sentences(scope, 1, sentence));
          assertThat(Reference.length(Reference.read(step.release(scope)), net.parameters()))
              .isBetween(0.01 * (1 - 1e-5), 0.01 * (1 + 1e-6));
        }
      }
      assertThat(step.statistics().clippedShare()).isEqualTo(1);
      assertThat(step.statistics().meanBatchSize()).isEqualTo(1);
    }
  }

  private static double largestMove(Clipping clipping) {
    SplittableRandom random = new SplittableRandom(11);
    double largest = 0;
    try (Net net = Models.mlp()) {
      for (int trial = 0; trial < TRIALS; trial++) {
        int units = random.nextInt(0, 6);
        int rowsEach = random.nextInt(1, 4);
        float[] values = new float[(units + 1) * rowsEach * 6];
        double scale = Math.pow(10, random.nextDouble(-4, 4));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (random.nextDouble(-1, 1) * scale);
        }
        if (trial % 10 == 9) {
          values[values.length - 1] = Float.NaN; // of the unit that is added
        }
        Map<Parameter, double[]> with = sum(net, clipping, values, units + 1, rowsEach);
        Map<Parameter, double[]> without = sum(net, clipping, values, units, rowsEach);
        largest = Math.max(largest, Reference.length(Reference.plus(with, without, -1), net.parameters()));
      }
    }
    return largest;
  }

  private static Map<Parameter, double[]> sum(Net net, Clipping clipping, float[] values, int units, int rowsEach) {
    try (Scope scope = TensorRuntime.get().scope();
        PrivateStep step = PrivateStep.builder(net.parameters())
            .sensitivity(Sensitivity.user(1))
            .clipping(clipping)
            .sigma(0)
            .expectedUnits(1)
            .build()) {
      if (units > 0) {
        int rows = units * rowsEach;
        int[] unitOfRow = new int[rows];
        for (int row = 0; row < rows; row++) {
          unitOfRow[row] = row / rowsEach;
        }
        Tape tape = step.tape(scope, units);
        tape.units(unitOfRow);
        NDArray x = scope.floats(Arrays.copyOf(values, rows * 6), rows, 6);
        step.accumulate(scope, tape, Models.loss(net.apply(scope, x, tape)));
      }
      return Reference.read(step.release(scope));
    }
  }
}
