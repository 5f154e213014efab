package io.sfumato.encoders.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.OneThread;
import io.sfumato.encoders.runtime.PackedLinear;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What learns, adapters, number types and dropout of a small transformer. */
@ExtendWith(OneThread.class)
class BackboneTest {
  private static final int WIDTH = 16;

  private final TensorRuntime runtime = TensorRuntime.get();
  private final int arraysBefore = runtime.permanentArrays();
  private final Embedding words = new Embedding("words", 50, WIDTH, new Init(1, 1));
  private final TransformerBlock first = block(0);
  private final TransformerBlock second = block(1);
  private final Linear head = new Linear("head", WIDTH, 8, new Init(1, 0.5));
  private final Backbone backbone = new Backbone(List.of(words), List.of(first, second), List.of(head));

  private static TransformerBlock block(int index) {
    return TransformerBlock.bert("encoder.layer." + index, BlockShape.of(WIDTH, 4, 4 * WIDTH, 1e-12), new Init(1, 0.3));
  }

  @AfterEach
  void nothingIsLeft() {
    backbone.close();
    assertThat(runtime.permanentArrays()).isEqualTo(arraysBefore);
  }

  private NDArray forward(Scope scope, @Nullable Tape tape) {
    long[] ids = new long[6 * 7];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i * 31L % 50;
    }
    NDArray x = words.forward(scope, scope.longs(ids, 6, 7), tape);
    x = second.forward(scope, first.forward(scope, x, null, tape), null, tape);
    return head.forward(scope, x.mean(new int[]{1}), tape);
  }

  private float[] inferred() {
    try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
      return forward(scope, null).toFloatArray();
    }
  }

  private void train(double lr) {
    try (AdamW optimizer = new AdamW(backbone.parameters(), AdamWConfig.DEFAULT.withWeightDecay(0))) {
      for (int i = 0; i < 5; i++) {
        loss(optimizer);
        optimizer.step(lr);
      }
    }
  }

  private double loss(AdamW optimizer) {
    optimizer.zeroGradients();
    try (Scope scope = runtime.scope()) {
      NDArray loss = forward(scope, null).sub(1).square().mean();
      Backward.run(loss);
      return loss.getFloat();
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    double size = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
      size += a[i] * a[i];
    }
    return Math.sqrt(sum / size);
  }

  @Test
  void depthGrowsFromTheHeadToTheEmbeddings() {
    assertThat(backbone.depth(head.parameters().get(0))).isZero();
    assertThat(backbone.depth(second.parameters().get(0))).isZero();
    assertThat(backbone.depth(first.parameters().get(3))).isEqualTo(1);
    assertThat(backbone.depth(words.parameters().get(0))).isEqualTo(2);
    backbone.setTraining(FineTuning.lora(2));
    assertThat(backbone.adapterParameters()).extracting(backbone::depth).containsExactly(1, 1, 1, 1, 0, 0, 0, 0);
  }

  @Test
  void adaptersChangeNothingUntilTheyLearnAndThenTheyAlone() {
    float[] before = inferred();
    List<float[]> weights = backbone.weights().stream().map(Parameter::toArray).toList();
    backbone.setTraining(FineTuning.lora(2));
    assertThat(backbone.adapted()).extracting(Linear::name)
        .containsExactly("encoder.layer.0.attention.self.query", "encoder.layer.0.attention.self.value",
            "encoder.layer.1.attention.self.query", "encoder.layer.1.attention.self.value");
    assertThat(backbone.parameters()).filteredOn(Parameter::trainable)
        .containsExactlyElementsOf(backbone.adapterParameters());
    assertThat(distance(before, inferred())).isZero();
    train(0.05);
    assertThat(distance(before, inferred())).isGreaterThan(0.01);
    assertThat(backbone.weights().stream().map(Parameter::toArray).toList()).usingRecursiveComparison()
        .isEqualTo(weights);
  }

  @Test
  void mergedAdaptersComputeTheSameAndCanBeTakenOutAgain() {
    FineTuning adapters = new FineTuning.Lora(3, 6, Set.of("query", "intermediate.dense", "output.dense"));
    backbone.setTraining(adapters);
    TinyModels.disturb(backbone);
    float[] beside = inferred();
    List<float[]> weights = backbone.weights().stream().map(Parameter::toArray).toList();
    backbone.merge();
    backbone.merge();
    assertThat(distance(beside, inferred())).isLessThan(1e-6);
    assertThatThrownBy(() -> backbone.setTraining(adapters)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("unmerge");
    backbone.unmerge();
    assertThat(distance(beside, inferred())).isLessThan(1e-6);
    for (int i = 0; i < weights.size(); i++) {
      assertThat(backbone.weights().get(i).toArray()).containsExactly(weights.get(i), within(1e-6f));
    }
  }

  @Test
  void otherAdaptersAndTargetsThatAreNotThereAreRefused() {
    assertThatThrownBy(() -> backbone.setTraining(new FineTuning.Lora(2, 4, Set.of("q_proj"))))
        .isInstanceOf(EncoderException.class)
        .hasMessageContaining("lora:2:4:q_proj")
        .hasMessageContaining("encoder.layer.0.attention.self.query");
    backbone.setTraining(FineTuning.lora(2));
    assertThatThrownBy(() -> backbone.setTraining(FineTuning.lora(4))).isInstanceOf(EncoderException.class)
        .hasMessageContaining("lora:2:4");
    backbone.setTraining(new FineTuning.Lora(2, 4, Set.of("query", "value")));
    assertThat(backbone.adapted()).hasSize(4);
  }

  @Test
  void bfloat16TrainsFloat32WeightsAndStaysNearThem() {
    float[] exact = inferred();
    backbone.setPrecision(Precision.BFLOAT16);
    assertThat(distance(exact, inferred())).isBetween(1e-5, 2e-2);
    backbone.setTraining(FineTuning.full());
    try (AdamW optimizer = new AdamW(backbone.parameters(), AdamWConfig.DEFAULT)) {
      double start = loss(optimizer);
      try (Scope scope = runtime.scope()) {
        assertThat(backbone.parameters()).allSatisfy(
            parameter -> assertThat(parameter.gradient(scope)).extracting(NDArray::getDataType)
                .isEqualTo(ai.djl.ndarray.types.DataType.FLOAT32));
      }
      train(0.01);
      assertThat(loss(optimizer)).isLessThan(0.9 * start);
    }
  }

  @Test
  void whatIsReleasedInBfloat16IsAsLongAsItsNormSays() {
    backbone.setPrecision(Precision.BFLOAT16);
    backbone.setTraining(FineTuning.full());
    for (int example = 0; example < 6; example++) {
      try (Scope scope = runtime.scope()) {
        Tape tape = new Tape(scope, 6, backbone.parameters());
        tape.backward(forward(scope, tape).sub(1).square().sum());
        double norm = tape.squaredNorms().toFloatArray()[example];
        float[] alone = new float[6];
        alone[example] = 1;
        double released = tape.clippedSum(scope.floats(alone, 6))
            .values()
            .stream()
            .mapToDouble(sum -> sum.square().sum().getFloat())
            .sum();
        assertThat(released).isCloseTo(norm, within(1e-4 * norm));
      }
    }
  }

  @Test
  void int8IsNearAndForInferenceOnly() {
    if (!PackedLinear.supportsInt8()) { // none, or with sums that overflow
      assertThatThrownBy(() -> backbone.setPrecision(Precision.INT8)).isInstanceOf(EncoderException.class)
          .extracting("code")
          .isEqualTo("UNSUPPORTED_PRECISION");
      return;
    }
    float[] exact = inferred();
    backbone.setPrecision(Precision.INT8);
    assertThat(distance(exact, inferred())).isBetween(1e-4, 8e-2);
    try (Scope scope = runtime.scope()) {
      assertThatThrownBy(() -> forward(scope, null)).isInstanceOf(EncoderException.class)
          .hasMessageContaining("int8")
          .extracting("code")
          .isEqualTo("NOT_TRAINABLE");
    }
    backbone.setPrecision(Precision.FLOAT32);
    assertThat(distance(exact, inferred())).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void inferenceFollowsWhatTrainingChanges(Precision precision) {
    backbone.setPrecision(precision);
    float[] before = inferred();
    backbone.setTraining(FineTuning.full());
    train(0.02);
    float[] whileTrainable = inferred();
    assertThat(distance(before, whileTrainable)).isGreaterThan(0.01);
    backbone.setTraining(FineTuning.frozen());
    assertThat(distance(whileTrainable, inferred())).isLessThan(precision == Precision.FLOAT32 ? 1e-6 : 1e-2);
    head.parameters().get(1).set(new float[8]);
    assertThat(distance(whileTrainable, inferred())).isGreaterThan(0.01);
  }

  @Test
  void dropoutIsForTrainingOnly() {
    float[] before = inferred();
    backbone.setDropout(0.5);
    assertThat(distance(before, inferred())).isZero();
    try (Scope scope = runtime.scope()) {
      assertThat(distance(before, forward(scope, null).toFloatArray())).isGreaterThan(0.01);
      assertThat(distance(forward(scope, null).toFloatArray(), forward(scope, null).toFloatArray())).isNotZero();
    }
    try (Scope scope = runtime.scope()) {
      runtime.seed(5);
      float[] once = forward(scope, null).toFloatArray();
      runtime.seed(5);
      assertThat(distance(once, forward(scope, null).toFloatArray())).isZero();
    }
    assertThatThrownBy(() -> backbone.setDropout(1)).hasMessageContaining("[0, 1) but was 1.0");
  }
}
