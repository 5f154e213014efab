package io.sfumato.recommend.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.FineTuning;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.training.TrainingConfig;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @TempDir
  Path directory;

  @Test
  void referenceHoldsTheDefaultsOfTheFusionTrainer() {
    assertThat(SfumatoConfig.defaults().trainingConfig(List.of(), null)).isEqualTo(TrainingConfig.defaults());
  }

  @Test
  void fileOverridesTheReferenceAndSettingsOverrideTheFile() throws IOException {
    Path file = write("""
      seed: 7
      training:
        epochs: 3
        learning-rate: 0.01
      text: {train: "last:2"}
      fusion:
        kind: gated
      data:
        columns:
          item_id: sku
      """);
    SfumatoConfig config = ConfigReader.reference()
        .file(file)
        .set("training.epochs", "4")
        .set("data.columns.title", "name")
        .read();
    assertThat(config.seed()).isEqualTo(7);
    assertThat(config.training().epochs()).isEqualTo(4);
    assertThat(config.training().learningRate()).isEqualTo(0.01);
    assertThat(config.training().patience()).isEqualTo(SfumatoConfig.defaults().training().patience());
    assertThat(config.text().train()).isEqualTo(FineTuning.lastLayers(2));
    assertThat(config.fusion().kind()).isEqualTo(FusionKind.GATED);
    assertThat(config.data().columns()).containsEntry("item_id", "sku").containsEntry("title", "name");
  }

  @Test
  void emptyFileChangesNothing() throws IOException {
    assertThat(ConfigReader.reference().file(write("# nothing\n")).read()).isEqualTo(SfumatoConfig.defaults());
  }

  @Test
  void surviveTheWayIntoAMapAndBack() {
    SfumatoConfig config = ConfigReader.reference().set("image.train", "last:1").set("data.min-rating", "3.5").read();
    assertThat(config.change().read()).isEqualTo(config);
    assertThat(config.toMap()).containsKeys("seed", "training", "fusion");
  }

  @Test
  void unknownKeyIsNamedWithItsLineAndTheNearestKnownOne() throws IOException {
    Path file = write("seed: 7\ntraining:\n  epoch: 3\n");
    assertThatThrownBy(() -> ConfigReader.reference().file(file)).isInstanceOf(ConfigException.class)
        .hasMessage("there is no setting 'training.epoch' (mine.yaml, line 3); did you mean 'training.epochs'?");
  }

  @ParameterizedTest
  @CsvSource({"epochs, training.epochs", "learning_rate, training.learning-rate", "txt.encoder, text.encoder",
    "sed, seed", "fusion.imageweight, fusion.image-weight"})
  void suggestsTheNearestKey(String wrong, String right) {
    assertThatThrownBy(() -> ConfigReader.reference().set(wrong, "1"))
        .hasMessageContaining("did you mean '" + right + "'?");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "training.epochs | 0 | training.epochs must be in [1, 10000] but was 0 (--set training.epochs)",
    "training.epochs | ten | training.epochs must be a whole number but was \"ten\" (--set training.epochs)",
    "training.epochs | 2.5 | training.epochs must be a whole number but was 2.5 (--set training.epochs)",
    "training.epochs | null | training.epochs must be a whole number but was null (--set training.epochs)",
    "fusion.image-weight | 1.4 | fusion.image-weight must be in [0, 1] but was 1.4 (--set fusion.image-weight)",
    "data.strict | maybe | data.strict must be true or false but was \"maybe\" (--set data.strict)",
    "image.widths | 64 | image.widths must be a list but was 64 (--set image.widths)",
    "device | tpu | device must be one of auto, cpu, gpu but was 'tpu' (--set device)",
    "training | 3 | training must be a section of keys but was 3 (--set training)",
    "text.train | half | text.train: fine-tuning must be frozen, last:N, lora:RANK[:ALPHA[:TARGET+TARGET]] or full but was 'half' (--set text.train)",
    "fusion.kind | sum | fusion.kind: fusion must be fixed, learned or gated but was 'sum' (--set fusion.kind)"})
  void badValuesNameKeyValueAndRange(String key, String value, String message) {
    assertThatThrownBy(() -> ConfigReader.reference().set(key, value).read()).isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Test
  void badValueInAFileIsFoundByItsLine() throws IOException {
    Path file = write("# mine\n\nfusion:\n  dimension: 1\n");
    assertThatThrownBy(() -> ConfigReader.reference().file(file).read())
        .hasMessage("fusion.dimension must be in [2, 1024] but was 1 (mine.yaml, line 4)");
  }

  @Test
  void brokenYamlIsOneLineWithItsPlace() throws IOException {
    for (String text : List.of("training: [1, 2\n", "seed: 1\nseed: 2\n", "- a\n- b\n", "a: b: c\n")) {
      Path file = write(text);
      assertThatThrownBy(() -> ConfigReader.reference().file(file)).isInstanceOf(ConfigException.class)
          .satisfies(e -> assertThat(e.getMessage()).contains("mine.yaml").doesNotContain("\n"));
    }
  }

  @Test
  void missingFileIsSaid() {
    assertThatThrownBy(() -> ConfigReader.reference().file(directory.resolve("none.yaml")))
        .hasMessageContaining("there is no configuration file");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("mine.yaml"), text);
  }

  @Test
  void noiseThatProtectsHasNoSeed() {
    assertThat(SfumatoConfig.defaults().privacy().enabled()).isFalse();
    assertThatThrownBy(() -> ConfigReader.reference().set("privacy.seed", "3").read())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("noise that protects people has no seed");
    PrivacySettings seeded = ConfigReader.reference()
        .set("privacy.epsilon", "8")
        .set("privacy.unit", "record")
        .set("privacy.noise", "seeded")
        .set("privacy.seed", "3")
        .read()
        .privacy();
    assertThat(seeded.seed()).isEqualTo(3);
    assertThat(seeded.budget()).isEqualTo(new PrivacyBudget(8, 1e-5, Neighbouring.REPLACE));
  }

  @Test
  void tuningHasATimeAndNoBudgetOfPrivacy() {
    assertThat(SfumatoConfig.defaults().tuning().duration()).isNull();
    assertThat(ConfigReader.reference().set("tuning.time", "10m").read().tuning().duration()).isEqualTo(Duration
        .ofMinutes(10));
    for (String wrong : List.of("ten minutes", "10", "0s", "-5m")) {
      assertThatThrownBy(() -> ConfigReader.reference().override("tuning.time", wrong, "--tune").read())
          .as(wrong)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("such as 90s, 10m or 1h but was '" + wrong + "'");
    }
    assertThatThrownBy(() -> ConfigReader.reference().set("tuning.time", "10m").set("privacy.epsilon", "8").read())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must not be given with privacy.epsilon");
  }
}
