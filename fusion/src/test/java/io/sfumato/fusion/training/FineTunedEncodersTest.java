package io.sfumato.fusion.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.image.ImageAugmentation;
import io.sfumato.encoders.image.ResNetConfig;
import io.sfumato.encoders.image.ResNetEncoder;
import io.sfumato.encoders.text.TextAugmentation;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.privacy.accounting.PrivacyBudget;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters, number types, dropout, rates by layer, augmentation and ensembles in the recommender's own training. */
class FineTunedEncodersTest {
  private static final Path BERT = Path.of("../encoders/src/test/resources/hf-tiny/bert");
  private static final Split SPLIT = Splitter.parse("coin", 3)
      .split(DemoShop.builder().items(80).customers(60).build().dataset());

  @TempDir
  Path directory;

  private static TrainingConfig.Builder config() {
    return TrainingConfig.builder()
        .dimension(16)
        .epochs(3)
        .itemsPerStep(32)
        .usersPerStep(32)
        .text(FineTuning.lora(2))
        .image(FineTuning.full());
  }

  private static JointTrainer trainer(TrainingConfig config, @Nullable PrivateTraining privacy) {
    return JointTrainer.builder()
        .modality(Modality.text(Encoders.load(BERT, TextEncoder.class)))
        .modality(Modality.text("text-2", new WordsEncoder()))
        .modality(Modality.image(new ResNetEncoder(new ResNetConfig(16, List.of(8, 16), List.of(1, 1), 4, 16, 1))))
        .config(config)
        .privacy(privacy)
        .build();
  }

  @Test
  void lossFallsAndAnEnsembleIsFused() {
    TrainingConfig config = config().layerDecay(0.8)
        .encoderDropout(0.1)
        .precision(Precision.BFLOAT16)
        .textAugmentation(TextAugmentation.light())
        .imageAugmentation(ImageAugmentation.GENTLE)
        .build();
    try (MultimodalModel model = trainer(config, null).train(SPLIT, Progress.silent())) {
      List<EpochRecord> log = model.trainingLog();
      assertThat(log.getLast().loss()).isLessThan(log.getFirst().loss());
      assertThat(model.modalities()).containsExactly("text", "text-2", "image");
      assertThat(model.trainingConfig()).containsEntry("imageAugmentation", "gentle").containsEntry("text", "lora:2:4");
    }
  }

  @Test
  void aModelWithAdaptersReopensAsItWas() {
    JointTrainer trainer = JointTrainer.builder()
        .modality(Modality.text(Encoders.load(BERT, TextEncoder.class)))
        .config(config().build())
        .build();
    ItemVectors before;
    try (MultimodalModel model = trainer.train(SPLIT, Progress.silent())) {
      before = model.encode(SPLIT.dataset().catalog(), null, Progress.silent());
      model.save(directory);
    }
    try (MultimodalModel opened = MultimodalModel.load(directory)) {
      ItemVectors after = opened.encode(SPLIT.dataset().catalog(), null, Progress.silent());
      for (int item = 0; item < before.size(); item++) {
        assertThat(after.part(0, item)).containsExactly(before.part(0, item), within(1e-5f));
      }
    }
  }

  @Test
  void privateTrainingTakesAdaptersAndAugmentationAndRefusesDropout() {
    PrivateTraining privacy = PrivateTraining.of(PrivacyBudget.of(8, 1e-4))
        .withSteps(0.2, 3)
        .withItems(8, 8)
        .seeded(1);
    TrainingConfig config = config().textAugmentation(TextAugmentation.light())
        .imageAugmentation(ImageAugmentation.GENTLE)
        .precision(Precision.BFLOAT16)
        .build();
    try (MultimodalModel model = trainer(config, privacy).train(SPLIT, Progress.silent())) {
      assertThat(model.ledger()).isNotNull();
    }
    assertThatThrownBy(() -> trainer(config.toBuilder().encoderDropout(0.1).build(), privacy).train(SPLIT,
        Progress.silent())).isInstanceOf(FusionException.class).hasMessageContaining("encoder dropout");
  }
}
