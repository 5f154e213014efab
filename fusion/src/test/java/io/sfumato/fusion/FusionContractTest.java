package io.sfumato.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every kind of fusion must do. */
abstract class FusionContractTest {
  private static final int D = 4;
  private static final Offset<Float> EXACT = within(1e-6f);

  private Scope scope;
  private SplittableRandom random;

  /** A fusion that begins with these weights, not yet trained. */
  abstract Fusion create(List<String> modalities, double[] weights, int dimension);

  @BeforeEach
  void open() {
    scope = TensorRuntime.get().scope();
    random = new SplittableRandom(11);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void withWeightZeroTheImageSaysNothing() {
    List<NDArray> v = vectors(2, 5);
    try (Fusion fusion = create(List.of("text", "image"), new double[]{1, 0}, D)) {
      assertThat(fused(fusion, v, ones(5, 2))).containsExactly(v.get(0).toFloatArray(), EXACT);
    }
  }

  @Test
  void withWeightOneTheTextSaysNothing() {
    List<NDArray> v = vectors(2, 5);
    try (Fusion fusion = create(List.of("text", "image"), new double[]{0, 1}, D)) {
      assertThat(fused(fusion, v, ones(5, 2))).containsExactly(v.get(1).toFloatArray(), EXACT);
    }
  }

  /** (1, 0) and (0, 1) blended with a = 0.25: (0.75, 0.25) / √0.625 = (0.94868, 0.31623). */
  @Test
  void blendsByWeight() {
    NDArray text = scope.floats(new float[]{1, 0}, 1, 2);
    NDArray image = scope.floats(new float[]{0, 1}, 1, 2);
    try (Fusion fusion = create(List.of("text", "image"), new double[]{0.75, 0.25}, 2)) {
      assertThat(fused(fusion, List.of(text, image), ones(1, 2))).containsExactly(new float[]{0.94868f, 0.31623f},
          within(1e-5f));
    }
  }

  @Test
  void aMissingModalityIsNeitherZeroNorAnAverage() {
    List<NDArray> v = vectors(3, 2);
    NDArray presence = scope.floats(new float[]{1, 0, 0, 1, 0, 1}, 2, 3);
    try (Fusion fusion = create(List.of("text", "image", "sound"), new double[]{0.5, 0.3, 0.2}, D)) {
      float[] out = fused(fusion, v, presence);
      assertThat(row(out, 0)).containsExactly(row(v.get(0).toFloatArray(), 0), EXACT);
      float[] weights = fusion.weights(scope, v, presence, null).toFloatArray();
      assertThat(weights[0]).isCloseTo(1, EXACT);
      assertThat(weights[1] + weights[2] + weights[4]).isZero();
      assertThat(weights[3]).isCloseTo(0.5f / 0.7f, within(1e-5f));
      assertThat(weights[3] + weights[5]).isCloseTo(1, EXACT);
    }
  }

  @Test
  void whatAMissingModalitySaysDoesNotMatter() {
    List<NDArray> v = vectors(2, 3);
    NDArray presence = scope.floats(new float[]{1, 0, 1, 0, 1, 0}, 3, 2);
    try (Fusion fusion = trained(List.of("text", "image"))) {
      assertThat(fused(fusion, List.of(v.get(0), vectors(1, 3).get(0)), presence)).containsExactly(fused(fusion, v,
          presence));
    }
  }

  @Test
  void allTheWeightOnAMissingModalityGoesToTheOthers() {
    List<NDArray> v = vectors(2, 1);
    try (Fusion fusion = create(List.of("text", "image"), new double[]{0, 1}, D)) {
      float[] out = fused(fusion, v, scope.floats(new float[]{1, 0}, 1, 2));
      assertThat(out).containsExactly(v.get(0).toFloatArray(), EXACT);
    }
  }

  @Test
  void anItemWithoutAnyModalityIsTheZeroVector() {
    try (Fusion fusion = create(List.of("text", "image"), new double[]{0.4, 0.6}, D)) {
      NDArray nothing = scope.floats(new float[2], 1, 2);
      assertThat(fused(fusion, vectors(2, 1), nothing)).containsExactly(new float[D], within(0f));
      assertThat(fusion.weights(scope, vectors(2, 1), nothing, null).toFloatArray()).containsExactly(new float[2],
          within(0f));
    }
  }

  @Test
  void threeModalitiesTakeTheSameWay() {
    List<NDArray> v = vectors(3, 6);
    try (Fusion fusion = trained(List.of("title", "text", "image"))) {
      float[] w = fusion.weights(scope, v, ones(6, 3), null).toFloatArray();
      float[] out = fused(fusion, v, ones(6, 3));
      for (int i = 0; i < 6; i++) {
        double[] sum = new double[D];
        double square = 0;
        assertThat(w[3 * i] + w[3 * i + 1] + w[3 * i + 2]).isCloseTo(1, EXACT);
        for (int k = 0; k < D; k++) {
          for (int m = 0; m < 3; m++) {
            sum[k] += w[3 * i + m] * v.get(m).toFloatArray()[i * D + k];
          }
          square += sum[k] * sum[k];
        }
        for (int k = 0; k < D; k++) {
          assertThat(out[i * D + k]).isCloseTo((float) (sum[k] / Math.sqrt(square)), within(1e-5f));
        }
      }
    }
  }

  /** Central differences of a random linear function of the fused vectors, for every parameter and for the vectors. */
  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    try (Fusion fusion = trained(List.of("text", "image", "sound"))) {
      List<NDArray> v = vectors(3, 4);
      NDArray presence = scope.floats(new float[]{1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1}, 4, 3);
      NDArray direction = scope.floats(normals(4 * D), 4, D);
      v.get(1).setRequiresGradient(true);
      Backward.run(fusion.fuse(scope, v, presence, null).vectors().mul(direction).sum());
      for (Parameter parameter : fusion.parameters()) {
        float[] values = parameter.toArray();
        NDArray gradient = Objects.requireNonNull(parameter.gradient(scope));
        for (int i = 0; i < values.length; i += 1 + values.length / 8) {
          double difference = 0;
          for (int sign = -1; sign <= 1; sign += 2) {
            float[] moved = values.clone();
            moved[i] += sign * 3e-3f;
            parameter.set(moved);
            difference += sign * dot(fused(fusion, v, presence), direction.toFloatArray()) / 6e-3;
          }
          parameter.set(values);
          assertThat((double) gradient.toFloatArray()[i]).isCloseTo(difference, within(5e-3));
        }
      }
      float[] image = v.get(1).toFloatArray();
      float[] gradient = v.get(1).getGradient().toFloatArray();
      for (int i = 0; i < image.length; i++) {
        double difference = 0;
        for (int sign = -1; sign <= 1; sign += 2) {
          float[] moved = image.clone();
          moved[i] += sign * 3e-3f;
          List<NDArray> other = List.of(v.get(0), scope.floats(moved, 4, D), v.get(2));
          difference += sign * dot(fused(fusion, other, presence), direction.toFloatArray()) / 6e-3;
        }
        assertThat((double) gradient[i]).isCloseTo(difference, within(5e-3));
      }
    }
  }

  @Test
  void aCopyOfTheParametersIsTheSameFusionBitByBit() {
    List<String> names = List.of("text", "image");
    List<NDArray> v = vectors(2, 7);
    try (Fusion first = trained(names); Fusion second = create(names, new double[]{0.5, 0.5}, D)) {
      Map<String, float[]> saved = new HashMap<>();
      first.parameters().forEach(p -> saved.put(p.name(), p.toArray()));
      second.parameters().forEach(p -> p.set(Objects.requireNonNull(saved.get(p.name()))));
      assertThat(fused(second, v, ones(7, 2))).containsExactly(fused(first, v, ones(7, 2)));
    }
  }

  @Test
  void leavesNothingOnThePermanentManager() {
    try (Fusion fusion = trained(List.of("text", "image"))) {
      List<NDArray> v = vectors(2, 3);
      int before = TensorRuntime.get().permanentArrays();
      for (int i = 0; i < 10; i++) {
        try (Scope step = TensorRuntime.get().scope()) {
          fusion.fuse(step, v, step.floats(new float[]{1, 1, 1, 0, 0, 1}, 3, 2), null);
        }
      }
      assertThat(TensorRuntime.get().permanentArrays()).isEqualTo(before);
    }
  }

  private Fusion trained(List<String> modalities) {
    double[] even = new double[modalities.size()];
    Arrays.fill(even, 1.0 / even.length);
    Fusion fusion = create(modalities, even, D);
    fusion.parameters().forEach(p -> p.set(normals(Math.toIntExact(p.size()))));
    return fusion;
  }

  private float[] fused(Fusion fusion, List<NDArray> v, NDArray presence) {
    return fusion.fuse(scope, v, presence, null).vectors().toFloatArray();
  }

  private List<NDArray> vectors(int modalities, int n) {
    List<NDArray> out = new ArrayList<>();
    for (int m = 0; m < modalities; m++) {
      out.add(TensorRuntime.get().kernels().unit(scope, scope.floats(normals(n * D), n, D)));
    }
    return out;
  }

  private NDArray ones(int n, int modalities) {
    float[] flat = new float[n * modalities];
    Arrays.fill(flat, 1);
    return scope.floats(flat, n, modalities);
  }

  private float[] normals(int n) {
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = (float) random.nextGaussian();
    }
    return out;
  }

  private static float[] row(float[] flat, int row) {
    return Arrays.copyOfRange(flat, row * D, (row + 1) * D);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
