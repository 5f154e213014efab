package io.sfumato.fusion.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sfumato.datasets.Split;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.image.ZooEncoder;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.privacy.accounting.PrivacyBudget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A TorchScript network shows no inner activations: it is private frozen, or one person at a time. */
class TorchScriptPrivacyTest {
  private static final Split SPLIT = Splitter.parse("random", 3)
      .split(DemoShop.builder().items(60).customers(8).build().dataset());

  private static final Path NETWORK = Path.of(
      Objects.requireNonNullElse(System.getenv("SFUMATO_DATA"), "no-data"), "models", "squeezenet1_1-embedding");

  @BeforeAll
  static void needTheNetwork() {
    assumeTrue(Files.isDirectory(NETWORK), "needs the TorchScript model under $SFUMATO_DATA/models");
  }

  private static MultimodalModel train(PrivateTraining privacy) {
    return JointTrainer.builder()
        .modality(Modality.image(ZooEncoder.load(NETWORK)))
        .config(TrainingConfig.builder().dimension(8).image(FineTuning.lastLayers(1)).build())
        .privacy(privacy)
        .build()
        .train(SPLIT, Progress.silent());
  }

  private static PrivateTraining privacy() {
    return PrivateTraining.of(PrivacyBudget.of(8, 1e-5)).withSteps(0.9, 1).withItems(4, 2);
  }

  @Test
  void isRefusedWithBothWaysOut() {
    // Before anything is drawn: a batch that nobody is in does not let it pass.
    assertThatThrownBy(() -> train(privacy().withSteps(1e-9, 1)).close()).isInstanceOf(EncoderException.class)
        .hasMessageContaining("freeze")
        .hasMessageContaining("microbatches");
  }

  @Test
  void learnsOnePersonAtATime() {
    try (MultimodalModel model = train(privacy().withMicrobatches())) {
      assertThat(Objects.requireNonNull(model.ledger()).entries()).hasSize(1);
    }
  }
}
