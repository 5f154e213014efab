package io.sfumato.encoders;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every encoder must do. A subclass says which encoder and gives it inputs of different kinds and lengths. */
public abstract class EncoderContract<I, P> {
  @TempDir
  Path folder;

  private Encoder<I, P> encoder;

  /** A new encoder with the same weights each time. */
  protected abstract Encoder<I, P> open();

  /** At least five different inputs. */
  protected abstract List<I> inputs();

  @BeforeEach
  void openEncoder() {
    encoder = open();
  }

  @AfterEach
  void closeEncoder() {
    encoder.close();
  }

  @Test
  void vectorsHaveTheDimensionAndDiffer() {
    float[][] vectors = encode(encoder, inputs());
    assertThat(vectors).hasDimensions(inputs().size(), encoder.dimension());
    assertThat(distance(vectors[0], vectors[1])).isGreaterThan(1e-6);
  }

  @Test
  void sameInputSameVector() {
    assertThat(encode(encoder, inputs())).isDeepEqualTo(encode(encoder, inputs()));
    try (Encoder<I, P> twin = open()) {
      assertThat(twin.fingerprint()).isEqualTo(encoder.fingerprint());
      assertThat(encode(twin, inputs())).isDeepEqualTo(encode(encoder, inputs()));
    }
  }

  @Test
  void vectorsDoNotDependOnTheRestOfTheBatch() {
    float[][] together = encode(encoder, inputs());
    for (int i = 0; i < together.length; i++) {
      float[] alone = encode(encoder, List.of(inputs().get(i)))[0];
      assertThat(distance(alone, together[i])).isLessThan(1e-5 * Math.max(1, length(alone)));
    }
    List<I> backwards = new ArrayList<>(inputs());
    Collections.reverse(backwards);
    float[][] reversed = encode(encoder, backwards);
    for (int i = 0; i < together.length; i++) {
      assertThat(distance(reversed[together.length - 1 - i], together[i]))
          .isLessThan(1e-5 * Math.max(1, length(together[i])));
    }
  }

  @Test
  void severalThreadsMayEncode() throws Exception {
    float[][] expected = encode(encoder, inputs());
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Callable<float[][]> job = () -> encode(encoder, inputs());
      for (Future<float[][]> result : threads.invokeAll(Collections.nCopies(4, job))) {
        assertThat(distance(TestFiles.flat(result.get()), TestFiles.flat(expected))).isLessThan(1e-4);
      }
    }
  }

  @Test
  void aSavedEncoderReopensBitForBit() {
    encoder.setTraining(FineTuning.full());
    step(encoder);
    encoder.save(folder);
    encoder.setTraining(FineTuning.frozen()); // As a reopened one is: products of packed weights round differently.
    try (Encoder<?, ?> reopened = Encoders.load(folder)) {
      assertThat(reopened).isInstanceOf(encoder.getClass());
      assertThat(reopened.fingerprint()).isEqualTo(encoder.fingerprint());
      @SuppressWarnings("unchecked") // The same class, as just asserted.
      Encoder<I, P> same = (Encoder<I, P>) reopened;
      assertThat(encode(same, inputs())).isDeepEqualTo(encode(encoder, inputs()));
    }
  }

  @Test
  void aNewEncoderIsFrozen() {
    assertThat(encoder.parameters()).noneMatch(Parameter::trainable);
    try (Scope scope = TensorRuntime.get().scope()) {
      assertThat(forward(scope).hasGradient()).isFalse();
      assertThat(encoder.parameters()).allSatisfy(p -> assertThat(p.gradient(scope)).isNull());
    }
  }

  @Test
  void fullFineTuningReachesEveryParameter() {
    encoder.setTraining(FineTuning.full());
    try (Scope scope = TensorRuntime.get().scope()) {
      Backward.run(loss(scope));
      for (Parameter parameter : encoder.parameters()) {
        NDArray gradient = parameter.gradient(scope);
        assertThat(gradient).as(parameter.name()).isNotNull();
      }
      double moved = encoder.parameters().stream().filter(p -> norm(scope, p) > 0).count();
      assertThat(moved / encoder.parameters().size()).isGreaterThan(0.8);
    }
  }

  @Test
  void theLastLayersLearnWithoutTheFirst() {
    encoder.setTraining(FineTuning.lastLayers(1));
    List<Parameter> all = encoder.parameters();
    assertThat(all).anyMatch(Parameter::trainable);
    assertThat(all.get(0).trainable()).isFalse();
    try (Scope scope = TensorRuntime.get().scope()) {
      Backward.run(loss(scope));
      assertThat(all).allSatisfy(p -> assertThat(p.gradient(scope) != null).as(p.name()).isEqualTo(p.trainable()));
    }
  }

  @Test
  void aStepOfTrainingChangesWeightsVectorsAndFingerprint() {
    String fingerprint = encoder.fingerprint();
    float[][] before = encode(encoder, inputs());
    encoder.setTraining(FineTuning.full());
    assertThat(encoder.fingerprint()).isEqualTo(fingerprint);
    step(encoder);
    assertThat(encoder.fingerprint()).isNotEqualTo(fingerprint);
    assertThat(distance(TestFiles.flat(encode(encoder, inputs())), TestFiles.flat(before))).isGreaterThan(1e-6);
  }

  @Test
  void encodingLeavesNoNativeArraysBehind() {
    encoder.setTraining(FineTuning.full());
    encode(encoder, inputs());
    int before = TensorRuntime.get().permanentArrays();
    IntStream.range(0, 5).forEach(i -> encode(encoder, inputs()));
    assertThat(TensorRuntime.get().permanentArrays()).isEqualTo(before);
  }

  /** A step that lowers the sum of squares of the vectors' distance from one. */
  private void step(Encoder<I, P> learner) {
    try (AdamW optimizer = new AdamW(learner.parameters(), AdamWConfig.DEFAULT);
        Scope scope = TensorRuntime.get().scope()) {
      Backward.run(loss(scope));
      optimizer.step(1e-3);
    }
  }

  private NDArray loss(Scope scope) {
    return forward(scope).sub(1).square().sum();
  }

  private NDArray forward(Scope scope) {
    return encoder.forward(scope, inputs().stream().map(encoder::prepare).toList(), null);
  }

  private static double norm(Scope scope, Parameter parameter) {
    NDArray gradient = parameter.gradient(scope);
    return gradient == null ? 0 : scope.own(gradient.norm()).getFloat();
  }

  private static <I, P> float[][] encode(Encoder<I, P> encoder, List<I> inputs) {
    float[][] vectors = encoder.encode(inputs, Progress.silent());
    for (float value : TestFiles.flat(vectors)) {
      assertThat(value).isFinite();
    }
    return vectors;
  }

  private static double length(float[] vector) {
    return distance(vector, new float[vector.length]);
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
