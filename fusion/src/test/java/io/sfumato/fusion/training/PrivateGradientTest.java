package io.sfumato.fusion.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.image.ResNetConfig;
import io.sfumato.encoders.image.ResNetEncoder;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.Fusion;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.ItemTower;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.Projection;
import io.sfumato.fusion.objective.InteractionObjective;
import io.sfumato.fusion.user.UserTower;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.training.Clipping;
import io.sfumato.privacy.training.PrivateStep;
import io.sfumato.privacy.training.Sensitivity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clipped sum over people of the whole recommender's gradients, from one backward pass, against one pass for each person. */
class PrivateGradientTest {
  private static final Split SPLIT = Splitter.parse("random", 3)
      .split(DemoShop.builder().items(60).customers(80).build().dataset());

  @ParameterizedTest
  @EnumSource(FusionKind.class)
  void headsOnFrozenEncoders(FusionKind fusion) {
    check(fusion, FineTuning.frozen(), 80);
  }

  @Test
  void anEncoderThatLearns() {
    check(FusionKind.LEARNED, FineTuning.full(), 40);
  }

  /** @param clip such that some people's gradients are clipped and others' are not */
  private static void check(FusionKind fusion, FineTuning image, double clip) {
    TrainingConfig config = TrainingConfig.builder().dimension(8).modalityDropout(0.3).build();
    PrivateTraining privacy = PrivateTraining.of(PrivacyBudget.of(8, 1e-5)).withItems(10, 5);
    ResNetEncoder pictures = new ResNetEncoder(new ResNetConfig(16, List.of(8, 16), List.of(1, 1), 4, 16, 1));
    pictures.setTraining(image);
    List<Modality<?, ?>> modalities = List.of(Modality.text(new WordsEncoder()), Modality.image(pictures));
    List<Item> items = SPLIT.dataset().catalog().items();
    List<ModalityInputs<?>> inputs = new ArrayList<>();
    List<Projection> projections = new ArrayList<>();
    for (Modality<?, ?> modality : modalities) {
      inputs.add(ModalityInputs.of(modality, items, null, Progress.silent()));
      projections.add(new Projection("projection." + modality.name(), modality.encoder().dimension(), 0, 8, 1));
    }
    boolean learns = inputs.stream().anyMatch(ModalityInputs::learns);
    try (pictures;
        ItemTower tower = new ItemTower(projections,
            Fusion.create(fusion, List.of("text", "image"), new double[]{0.7, 0.3}, 8));
        InteractionObjective objective = new InteractionObjective(0.1, true);
        Trainee trainee = new Trainee(config, modalities, inputs, tower, new UserTower(8, 50), objective, objective)) {
      trainee.refresh();
      UnitPlan plan = new UnitPlan(SPLIT.train(), privacy, config, learns);
      int[] units = plan.batches(IntStream.range(0, 12).toArray()).getFirst();
      assertThat(units).hasSizeGreaterThan(8);
      List<Parameter> parameters = trainee.groups().values().stream().flatMap(List::stream).toList();
      Map<Parameter, float[]> together = sum(parameters, clip, (step, scope) -> {
        Tape tape = step.tape(scope, units.length);
        step.accumulate(scope, tape,
            trainee.unitLosses(scope, plan.step(units, 3), new SplittableRandom(8), tape).sum());
      });
      Map<Parameter, float[]> alone = sum(parameters, clip, (step, scope) -> {
        for (int unit : units) {
          step.accumulateAlone(scope,
              trainee.unitLosses(scope, plan.step(new int[]{unit}, 3), new SplittableRandom(8), null).sum());
        }
      });
      double difference = 0;
      double total = 0;
      double length = Math.sqrt(alone.values().stream().mapToDouble(PrivateGradientTest::square).sum());
      for (Map.Entry<Parameter, float[]> entry : alone.entrySet()) {
        float[] expected = entry.getValue();
        float[] found = Objects.requireNonNull(together.get(entry.getKey())).clone();
        for (int i = 0; i < found.length; i++) {
          found[i] -= expected[i];
        }
        assertThat(Math.sqrt(square(found))).as(entry.getKey().name())
            .isLessThanOrEqualTo(1e-4 * Math.sqrt(square(expected)) + 1e-7 * length);
        difference += square(found);
        total += square(expected);
      }
      assertThat(total).isPositive();
      assertThat(Math.sqrt(difference / total)).isLessThanOrEqualTo(1e-5);
    }
  }

  /** Adds the gradients of a step. */
  private interface Accumulation {
    void run(PrivateStep step, Scope scope);
  }

  private static Map<Parameter, float[]> sum(List<Parameter> parameters, double clip, Accumulation accumulation) {
    try (PrivateStep step = PrivateStep.builder(parameters)
        .sensitivity(Sensitivity.user(1))
        .clipping(Clipping.flat(clip))
        .sigma(0)
        .expectedUnits(1)
        .build(); Scope scope = TensorRuntime.get().scope()) {
      accumulation.run(step, scope);
      Map<Parameter, float[]> sums = new LinkedHashMap<>();
      for (Map.Entry<Parameter, NDArray> entry : step.release(scope).entrySet()) {
        sums.put(entry.getKey(), entry.getValue().toFloatArray());
      }
      assertThat(step.statistics().clippedShare()).isBetween(0.05, 0.95);
      return sums;
    }
  }

  private static double square(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> (double) values[i] * values[i]).sum();
  }
}
