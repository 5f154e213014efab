package io.sfumato.fusion.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Item;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.adapter.Adapters;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.image.ResNetConfig;
import io.sfumato.encoders.image.ResNetEncoder;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.training.WordsEncoder;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tuning on the drawn products of the built-in shop, with a tiny BERT and a tiny residual network. */
class PairTrainerTest {
  private static final Path BERT = Path.of("../encoders/src/test/resources/hf-tiny/bert");
  private static final PairSplit SPLIT = PairSplit.byHash(
      DemoShop.builder().items(220).customers(1).build().dataset().catalog().items(), 50, 30);

  @TempDir
  Path directory;

  private static TextEncoder text() {
    return Encoders.load(BERT, TextEncoder.class);
  }

  private static ResNetEncoder image() {
    return new ResNetEncoder(new ResNetConfig(16, List.of(8, 16), List.of(1, 1), 4, 16, 1));
  }

  private static PairConfig.Builder config() {
    return PairConfig.builder().dimension(16).epochs(4).batch(32).headBatch(32).freshRate(1e-2).learningRate(1e-2);
  }

  private static PairModel train(PairConfig config) {
    return new PairTrainer(text(), image(), true, config, null).train(SPLIT, Progress.silent());
  }

  private static PairRecall recall(PairModel model) {
    return model.recall(SPLIT.test(), null, Progress.silent());
  }

  @Test
  void lossFallsAndTextsFindTheirImages() {
    PairSplit split = PairSplit.byHash(
        DemoShop.builder().items(700).customers(1).build().dataset().catalog().items(), 100, 60);
    PairConfig config = config().epochs(30)
        .patience(30)
        .batch(64)
        .temperature(0.2)
        .inputDropout(0)
        .image(FineTuning.full())
        .freshRate(5e-3)
        .learningRate(5e-3)
        .build();
    ResNetEncoder image = new ResNetEncoder(new ResNetConfig(32, List.of(16, 32, 64), List.of(1, 1, 1), 8, 64, 1));
    try (PairModel model = new PairTrainer(new WordsEncoder(), image, true, config, null).train(split,
        Progress.silent())) {
      List<PairEpoch> log = model.trainingLog();
      assertThat(log.getLast().loss()).isLessThan(log.getFirst().loss());
      PairRecall recall = model.recall(split.test(), null, Progress.silent());
      assertThat(recall.mean10()).as("%s %s", recall, log).isGreaterThan(2 * recall.chance10());
    }
  }

  @Test
  void theEpochThatValidationPrefersIsKept() {
    try (PairModel model = train(config().image(FineTuning.full()).patience(1).epochs(30).build())) {
      double best = model.trainingLog().stream().mapToDouble(PairEpoch::validRecall).max().orElseThrow();
      assertThat(model.recall(SPLIT.valid(), null, Progress.silent()).mean10()).isCloseTo(best, within(1e-6));
      assertThat(model.trainingLog()).hasSizeLessThan(30);
    }
  }

  @Test
  void vectorsOfFrozenEncodersAreComputedOnce() throws IOException {
    VectorCache cache = new VectorCache(directory);
    double first;
    try (PairModel model = new PairTrainer(text(), image(), false, config().build(), cache).train(SPLIT,
        Progress.silent())) {
      first = recall(model).mean10();
      assertThat(model.trainingLog()).allSatisfy(epoch -> assertThat(epoch.stage()).isEqualTo("projections"));
    }
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
    try (PairModel again = new PairTrainer(text(), image(), false, config().build(), cache).train(SPLIT,
        Progress.silent())) {
      assertThat(recall(again).mean10()).isCloseTo(first, within(1e-9));
    }
  }

  @Test
  void aModelWithAdaptersReopensAsItWas() {
    PairConfig config = config().text(FineTuning.lora(2))
        .image(FineTuning.full())
        .layerDecay(0.8)
        .encoderDropout(0.1)
        .epochs(2)
        .build();
    List<String> words = List.of("a red mug", "a blue hat with stripes");
    float[][] before;
    double recall;
    try (PairModel model = train(config)) {
      before = model.textVectors(words, Progress.silent());
      recall = recall(model).mean10();
      model.save(directory);
    }
    assertThat(directory.resolve("text").resolve(Adapters.CONFIG)).exists();
    try (PairModel opened = PairModel.open(directory)) {
      float[][] after = opened.textVectors(words, Progress.silent());
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).containsExactly(before[i], within(1e-6f));
      }
      assertThat(recall(opened).mean10()).isCloseTo(recall, within(1e-9));
      assertThat(opened.trainingConfig()).containsEntry("text", "lora:2:4");
      assertThat(opened.trainingLog()).hasSize(2);
    }
  }

  @Test
  void bothPretrainedEncodersLearnAfterTheirProjections() {
    PairConfig config = config().text(FineTuning.full())
        .image(FineTuning.lastLayers(1))
        .headEpochs(1)
        .epochs(1)
        .precision(Precision.BFLOAT16)
        .build();
    try (PairModel model = new PairTrainer(text(), image(), false, config, null).train(SPLIT, Progress.silent())) {
      assertThat(model.trainingLog()).extracting(PairEpoch::stage).containsExactly("projections", "encoders");
    }
  }

  @Test
  void trainingKeepsNoNativeMemory() {
    train(config().epochs(1).text(FineTuning.full()).build()).close();
    int before = TensorRuntime.get().permanentArrays();
    train(config().epochs(2).text(FineTuning.full()).build()).close();
    assertThat(TensorRuntime.get().permanentArrays()).isEqualTo(before);
  }

  @Test
  void anEncoderThatWasExchangedIsFound() throws IOException {
    try (PairModel model = train(config().epochs(1).build())) {
      model.save(directory);
      image().save(directory.resolve("image"));
    }
    Files.writeString(directory.resolve("image/config.json"),
        Files.readString(directory.resolve("image/config.json")).replace("\"seed\" : 1", "\"seed\" : 2"));
    assertThatThrownBy(() -> PairModel.open(directory)).isInstanceOf(FusionException.class)
        .hasMessageContaining("fingerprint");
    assertThatThrownBy(() -> PairModel.open(directory.resolve("text"))).isInstanceOf(FusionException.class)
        .hasMessageContaining("pairs.json is missing");
  }

  @Test
  void privatePairsAreChargedAndTheLedgerIsKept() {
    PrivacyBudget budget = PrivacyBudget.of(4, 1e-4);
    for (PairObjective objective : List.of(PairObjective.GROUPED, PairObjective.ANCHORS)) {
      PairPrivacy privacy = PairPrivacy.of(budget)
          .withObjective(objective)
          .withSteps(0.3, 6)
          .withSizes(8, 140)
          .seeded(5);
      PairConfig config = config().text(FineTuning.lora(2)).image(FineTuning.full()).build();
      try (PairModel model = new PairTrainer(text(), image(), true, config, null).withPrivacy(privacy)
          .train(SPLIT, Progress.silent())) {
        PrivacyLedger ledger = Objects.requireNonNull(model.ledger());
        assertThat(ledger.unit()).isEqualTo(PrivacyUnit.RECORD);
        assertThat(ledger.phases()).hasSize(1);
        assertThat(ledger.phases().getFirst().steps()).isEqualTo(6);
        assertThat(ledger.spend(1e-4, Neighbouring.ADD_REMOVE).pldEpsilon()).isBetween(3.5, 4.0001);
        double clips = objective == PairObjective.GROUPED ? 2 : 1;
        assertThat(ledger.entries().getFirst().release().sensitivity()).isEqualTo(clips);
        Path folder = directory.resolve(objective.label());
        model.save(folder);
        try (PairModel opened = PairModel.open(folder)) {
          assertThat(Objects.requireNonNull(opened.ledger()).head()).isEqualTo(ledger.head());
        }
        assertThatThrownBy(() -> new PairTrainer(model.text(), model.image(), false, config, null)
            .withPrivacy(privacy.after(ledger))
            .train(SPLIT, Progress.silent())).isInstanceOf(PrivacyException.class)
            .hasMessageContaining("is spent on these pairs");
      }
    }
  }

  @Test
  void whatNoBoundHoldsForIsRefused() {
    PairPrivacy privacy = PairPrivacy.of(PrivacyBudget.of(4, 1e-4));
    assertThatThrownBy(() -> privacy.withObjective(PairObjective.CONTRASTIVE)).isInstanceOf(FusionException.class)
        .hasMessageContaining("GroupedContrastiveObjective");
    try (TextEncoder text = text(); ResNetEncoder image = image()) {
      PairTrainer trainer = new PairTrainer(text, image, true, config().encoderDropout(0.1).build(), null);
      assertThatThrownBy(() -> trainer.withPrivacy(privacy)).isInstanceOf(FusionException.class)
          .hasMessageContaining("encoder dropout");
    }
  }

  @Test
  void centreAndScaleOfPrivatePairsComeFromPublicItems() {
    List<Item> half = SPLIT.train().subList(0, SPLIT.train().size() / 2);
    PairConfig config = config().image(FineTuning.frozen()).build();
    PairPrivacy privacy = PairPrivacy.of(PrivacyBudget.of(4, 1e-4)).withSteps(0.3, 2).seeded(5);
    try (PairModel all = new PairTrainer(text(), image(), true, config, null).withPrivacy(privacy)
        .train(SPLIT, Progress.silent());
        PairModel some = new PairTrainer(text(), image(), true, config, null).withPrivacy(privacy)
            .train(new PairSplit(half, List.of(), List.of()), Progress.silent())) {
      assertThat(all.textProjection().parameters().getFirst().toArray())
          .isEqualTo(some.textProjection().parameters().getFirst().toArray());
    }
  }
}
