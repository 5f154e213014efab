package io.sfumato.fusion.classification;

import static io.sfumato.fusion.classification.ClassifierTrainerTest.PARTS;
import static io.sfumato.fusion.classification.ClassifierTrainerTest.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.image.ZooEncoder;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.Fusion;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.ItemTower;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.Projection;
import io.sfumato.fusion.classification.ItemParts.Part;
import io.sfumato.fusion.training.ModalityInputs;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.Clipping;
import io.sfumato.privacy.training.PrivateStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Private training of classifiers: gradients clipped as declared, a ledger that adds up, and what is refused. */
class PrivateClassificationTest {
  private static final PrivacyBudget BUDGET = PrivacyBudget.of(8, 1e-5);

  @TempDir
  Path directory;

  private static PrivateClassification privacy() {
    return PrivateClassification.of(BUDGET).withSteps(0.3, 4).withPublicItems(300);
  }

  private static ClassifierConfig.Builder quick() {
    return ClassifierConfig.builder().dimension(8).seed(5);
  }

  private static Classifier train(ClassifierConfig config, PrivateClassification privacy,
      Modality<?, ?>... modalities) {
    ClassifierTrainer.Builder builder = ClassifierTrainer.builder().config(config).privacy(privacy);
    for (Modality<?, ?> modality : modalities) {
      builder.modality(modality);
    }
    return builder.build().train(SHOP, PARTS, Progress.silent());
  }

  private static ClassifierFacts.Privacy promise(Classifier classifier) {
    return Objects.requireNonNull(classifier.facts().privacy());
  }

  @Test
  void theLedgerHoldsWhatWasReleased() {
    try (Classifier classifier = train(quick().build(), privacy(), ClassifierTrainerTest.words())) {
      PrivacyLedger ledger = promise(classifier).ledger();
      Release release = ledger.entries().getFirst().release();
      assertThat(ledger.entries()).hasSize(1);
      assertThat(ledger.unit()).isEqualTo(PrivacyUnit.RECORD);
      assertThat(release.phase().steps()).isEqualTo(4);
      assertThat(release.phase().mechanism().samplingRate()).isEqualTo(0.3);
      assertThat(release.sensitivity()).isEqualTo(1);
      assertThat(release.noise()).isEqualTo(NoiseSource.SECURE);
      assertThat(release.weightsSha256()).hasSize(64);
      assertThat(ledger.spend(1e-5, Neighbouring.ADD_REMOVE).pldEpsilon()).isBetween(7.9, 8.0);
      assertThat(promise(classifier).holds()).isTrue();
    }
  }

  @Test
  void furtherTrainingContinuesTheLedgerAndEndsWithTheBudget() throws IOException {
    Path place = directory.resolve("c");
    try (Classifier first = train(quick().build(), privacy(), ClassifierTrainerTest.pictures())) {
      first.save(place);
      String json = Files.readString(place.resolve("classifier.json"));
      assertThat(json).doesNotContain(SHOP.sha256(), "\"loss\"", "\"classes\"");
      assertThat(Files.readString(place.resolve("people/provenance.json"))).contains(SHOP.sha256(), "not private");
    }
    PrivacyLedger before = Objects.requireNonNull(Classifier.released(place));
    assertThatThrownBy(() -> train(quick().build(), privacy().after(before), ClassifierTrainerTest.words()))
        .isInstanceOf(PrivacyException.class)
        .hasMessageContaining("is spent on these items");
    PrivateClassification more = new PrivateClassification(PrivacyBudget.of(12, 1e-5), before, 0.3, 4,
        Clipping.flat(1), 300, 0.01, null, false);
    try (Classifier second = train(quick().build(), more, ClassifierTrainerTest.pictures())) {
      PrivacyLedger ledger = promise(second).ledger();
      assertThat(ledger.continues(before)).isTrue();
      assertThat(ledger.spend(1e-5, Neighbouring.ADD_REMOVE).pldEpsilon()).isBetween(11.9, 12.0);
      second.save(place);
    }
    try (Classifier opened = Classifier.open(place)) {
      assertThat(promise(opened).ledger().entries()).hasSize(2);
      assertThat(opened.facts().dataSha256()).isEqualTo(SHOP.sha256());
    }
    try (Classifier plain = ClassifierTrainer.builder()
        .modality(ClassifierTrainerTest.pictures())
        .config(quick().epochs(1).build())
        .build()
        .train(SHOP, PARTS, Progress.silent())) {
      assertThatThrownBy(() -> plain.save(place)).isInstanceOf(FusionException.class)
          .hasMessageContaining("would be forgotten");
    }
    Files.delete(place.resolve("ledger.json"));
    assertThatThrownBy(() -> Classifier.open(place)).hasMessageContaining("its ledger is missing");
  }

  @Test
  void withSeededNoiseItCanBeHadAgainAndSaysSo() {
    try (Classifier one = train(quick().build(), privacy().seeded(3), ClassifierTrainerTest.words());
        Classifier two = train(quick().build(), privacy().seeded(3), ClassifierTrainerTest.words())) {
      assertThat(one.head().weights()).containsExactly(two.head().weights());
      assertThat(promise(one).holds()).isFalse();
    }
  }

  /** A wide budget and many steps: what is learned is more than noise. */
  @Test
  void learnsWithinItsBudget() {
    PrivateClassification wide = PrivateClassification.of(PrivacyBudget.of(50, 1e-5))
        .withSteps(0.3, 60)
        .withPublicItems(300)
        .withLearningRate(0.03)
        .seeded(1);
    try (Classifier classifier = train(quick().dimension(32).build(), wide, ClassifierTrainerTest.words())) {
      LabelledItems test = SHOP.select(PARTS.places(SHOP, Part.TEST));
      List<Prediction> said = classifier.predict(test.items(), Progress.silent());
      long right = IntStream.range(0, test.size())
          .filter(i -> said.get(i).best().label().equals(test.labels().get(i)))
          .count();
      assertThat(right / (double) test.size()).isGreaterThan(2.0 / classifier.labels().size());
    }
  }

  @Test
  void whatWouldTellOfTheDataIsRefused() {
    assertThatThrownBy(() -> train(quick().balanced(true).build(), privacy(), ClassifierTrainerTest.words()))
        .isInstanceOf(FusionException.class)
        .hasMessageContaining("no step accounts for");
    assertThatThrownBy(() -> privacy().after(PrivacyLedger.empty(PrivacyUnit.USER)))
        .hasMessageContaining("different units do not add up");
    assertThatThrownBy(() -> PrivateClassification.of(new PrivacyBudget(8, 1e-5, Neighbouring.REPLACE)))
        .hasMessageContaining("one item more or less");
    assertThatThrownBy(() -> privacy().withSteps(0, 1)).hasMessageContaining("sampling rate must be in (0, 1]");
  }

  /** A TorchScript network shows no inner activations: it has no per-example rule. */
  @Test
  void whatHasNoRuleIsRefusedByNameAndLearnsOneItemAtATime() {
    String data = System.getenv("SFUMATO_DATA");
    Path folder = Path.of(data == null ? "" : data, "models", "squeezenet1_1-embedding");
    assumeTrue(data != null && Files.isDirectory(folder), "needs the TorchScript model under $SFUMATO_DATA/models");
    ClassifierConfig config = quick().image(FineTuning.lastLayers(1)).build();
    PrivateClassification few = privacy().withSteps(0.02, 1);
    Modality<?, ?> pictures = Modality.image(ZooEncoder.load(folder)); // stays here where training is refused
    // It is refused before anything is drawn, so that a draw that leaves the batch empty does not let it pass.
    PrivateClassification nobody = privacy().withSteps(1e-9, 1);
    assertThatThrownBy(() -> train(config, nobody, pictures)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("freeze")
        .hasMessageContaining("microbatches");
    try (Classifier classifier = train(config, few.withMicrobatches(), pictures)) {
      assertThat(promise(classifier).ledger().entries()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(FusionKind.class)
  void oneBackwardPassClipsAsOnePassForEachItemWould(FusionKind fusion) {
    int[] batch = IntStream.range(0, 40).toArray();
    check(fusion, (learner, parameters) -> {
      Map<Parameter, float[]> together = sums(learner, parameters, batch, false);
      Map<Parameter, float[]> alone = sums(learner, parameters, batch, true);
      together.forEach((parameter, sum) -> assertThat(sum).as(parameter.name())
          .containsExactly(alone.getOrDefault(parameter, new float[0]), within(2e-5f)));
    });
  }

  /** The declared sensitivity: one item more moves the sum by at most the clipping norm, which some item reaches. */
  @ParameterizedTest
  @EnumSource(FusionKind.class)
  void oneItemMoreMovesTheSumByOneClipAtMost(FusionKind fusion) {
    check(fusion, (learner, parameters) -> {
      double most = 0;
      for (int extra = 20; extra < 30; extra++) {
        int[] without = IntStream.range(0, 20).toArray();
        int[] with = IntStream.concat(Arrays.stream(without), IntStream.of(extra)).toArray();
        Map<Parameter, float[]> a = sums(learner, parameters, without, false);
        double square = 0;
        for (Map.Entry<Parameter, float[]> b : sums(learner, parameters, with, false).entrySet()) {
          float[] other = a.getOrDefault(b.getKey(), new float[0]);
          for (int i = 0; i < other.length; i++) {
            double moved = b.getValue()[i] - other[i];
            square += moved * moved;
          }
        }
        most = Math.max(most, Math.sqrt(square));
      }
      assertThat(most).isLessThanOrEqualTo(CLIP * (1 + 1e-4)).isGreaterThan(0.5 * CLIP);
    });
  }

  private static final double CLIP = 0.5;

  private interface OnLearner {
    void run(Learner learner, List<Parameter> parameters);
  }

  /** A learner over text and a picture encoder that learns. */
  private static void check(FusionKind fusion, OnLearner test) {
    ClassifierConfig config = quick().fusion(fusion).dropout(0.1, 0.3).build();
    List<Modality<?, ?>> modalities = List.of(ClassifierTrainerTest.words(), ClassifierTrainerTest.pictures());
    modalities.forEach(modality -> modality.encoder().setTraining(FineTuning.full()));
    List<ModalityInputs<?>> inputs = new ArrayList<>();
    List<Projection> projections = new ArrayList<>();
    for (Modality<?, ?> modality : modalities) {
      inputs.add(ModalityInputs.of(modality, SHOP.items(), null, Progress.silent()));
      projections.add(new Projection("projection." + modality.name(), modality.encoder().dimension(), 0, 8, 1));
    }
    ItemTower tower = new ItemTower(projections,
        Fusion.create(fusion, List.of("text", "image"), new double[]{0.5, 0.5}, 8));
    int[] lengths = modalities.stream().mapToInt(modality -> modality.encoder().dimension()).toArray();
    ClassIndex index = ClassIndex.of(SHOP, PARTS, List.of());
    int[] classes = SHOP.labels().stream().mapToInt(index.labels()::indexOf).toArray();
    try (TowerFeatures features = new TowerFeatures(tower, lengths, 8);
        Learner learner = new Learner(config, SHOP.items(), classes, index.labels().size(), modalities, inputs,
            features, ClassificationObjective.of(index.labels().size(), 0.1), 0.01)) {
      test.run(learner, learner.groups().values().stream().flatMap(List::stream).toList());
    } finally {
      modalities.forEach(modality -> modality.encoder().close());
    }
  }

  private static Map<Parameter, float[]> sums(Learner learner, List<Parameter> parameters, int[] batch,
      boolean alone) {
    Map<Parameter, float[]> out = new LinkedHashMap<>();
    try (
        PrivateStep step = PrivateStep.builder(parameters)
            .sensitivity(learner.objective().sensitivity())
            .clipping(Clipping.flat(CLIP))
            .sigma(0)
            .expectedUnits(1)
            .build();
        Scope scope = TensorRuntime.get().scope()) {
      if (alone) {
        for (int item : batch) {
          step.accumulateAlone(scope, learner.losses(scope, new int[]{item}, 7, null).sum());
        }
      } else {
        for (int[] part : learner.physical(batch)) {
          Tape tape = step.tape(scope, part.length);
          step.accumulate(scope, tape, learner.losses(scope, part, 7, tape).sum());
        }
      }
      for (Map.Entry<Parameter, NDArray> sum : step.release(scope).entrySet()) {
        out.put(sum.getKey(), sum.getValue().toFloatArray());
      }
    }
    return out;
  }
}
