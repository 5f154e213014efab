package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.training.Models.Net;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OneThread.class)
class PlantedDirectionsTest {
  private static final double C = 0.8;

  private static PrivateStep step(Net net, String clipping, double sigma, @Nullable PlantedDirections directions) {
    return PrivateStep.builder(net.parameters())
        .sensitivity(Sensitivity.user(1))
        .clipping(Clipping.parse(clipping, C))
        .sigma(sigma)
        .expectedUnits(1)
        .noise(NoiseGenerator.seeded(7))
        .directions(directions)
        .build();
  }

  private static Map<Parameter, double[]> release(PrivateStep step) {
    try (Scope scope = TensorRuntime.get().scope()) {
      return Reference.read(step.release(scope));
    }
  }

  /** A canary is no more than any unit may be, and no less. */
  @ParameterizedTest
  @ValueSource(strings = {"flat", "auto", "adaptive"})
  void aCanaryAddsTheWholeClippingNorm(String clipping) {
    PlantedDirections directions = new PlantedDirections(5, 3);
    try (Net net = Models.mlp(); PrivateStep step = step(net, clipping, 0, directions)) {
      step.plant(new int[]{2});
      assertThat(Reference.length(release(step), net.parameters())).isBetween(C * (1 - 1e-5), C * (1 + 1e-5));
      assertThat(directions.scores()).containsExactly(new double[]{0, 0, 1, 0, 0}, within(1e-5));
      assertThat(step.statistics().meanBatchSize()).isEqualTo(1);
    }
  }

  @Test
  void withClippingByLayerACanaryAddsTheShareOfItsLayer() {
    PlantedDirections directions = new PlantedDirections(3, 3);
    try (Net net = Models.mlp(); PrivateStep step = step(net, "layer", 0, directions)) {
      step.plant(new int[]{1});
      assertThat(Reference.length(release(step), net.parameters()))
          .isCloseTo(C / Math.sqrt(net.parameters().size()), within(1e-5));
      assertThat(directions.scores()).containsExactly(new double[]{0, 1, 0}, within(1e-5));
    }
  }

  /** Others' gradients are known to the adversary and taken off, so that without noise a score counts how often a canary was drawn. */
  @Test
  void othersAreTakenOff() {
    PlantedDirections directions = new PlantedDirections(4, 9);
    try (Net net = Models.mlp(); PrivateStep step = step(net, "flat", 0, directions)) {
      for (int round = 0; round < 3; round++) {
        try (Scope scope = TensorRuntime.get().scope()) {
          float[] rows = new float[5 * 6];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) Math.sin(i);
          }
          PrivateStepTest.accumulate(step, net, scope, scope.floats(rows, 5, 6));
        }
        step.plant(round == 0 ? new int[]{0, 3} : new int[]{3});
        release(step);
      }
      assertThat(directions.scores()).containsExactly(new double[]{1, 0, 0, 3}, within(1e-4));
      assertThat(directions.deviation()).isZero();
      assertThat(directions.steps()).isEqualTo(3);
    }
  }

  /** Those that are out score noise of the deviation that is told, which σ√T is. */
  @Test
  void noiseHasTheDeviationThatIsTold() {
    try (Net net = Models.mlp()) {
      int size = net.parameters().stream().mapToInt(parameter -> (int) parameter.size()).sum();
      PlantedDirections directions = new PlantedDirections(size, 1);
      try (PrivateStep step = step(net, "flat", 1.5, directions)) {
        for (int t = 0; t < 16; t++) {
          release(step);
        }
      }
      assertThat(directions.deviation()).isCloseTo(1.5 * 4, within(1e-9));
      double found = Math.sqrt(Arrays.stream(directions.scores()).map(x -> x * x).average().orElseThrow());
      assertThat(found / 6).isBetween(1 - 4 / Math.sqrt(2.0 * size), 1 + 4 / Math.sqrt(2.0 * size));
      assertThat(IntStream.range(0, size).mapToObj(directions::parameter).distinct()).hasSize(net.parameters().size());
    }
  }

  @Test
  void everyCanaryNeedsACoordinateOfItsOwn() {
    try (Net net = Models.mlp()) {
      assertThatThrownBy(() -> step(net, "flat", 1, new PlantedDirections(1_000_000, 1)))
          .isInstanceOf(PrivacyException.class)
          .hasMessageContaining("1000000 canaries")
          .hasMessageContaining("plant fewer");
      try (PrivateStep plain = step(net, "flat", 1, null)) {
        assertThatThrownBy(() -> plain.plant(new int[]{0})).hasMessageContaining("no canaries");
      }
    }
  }
}
