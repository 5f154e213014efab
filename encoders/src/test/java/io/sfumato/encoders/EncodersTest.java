package io.sfumato.encoders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How inputs are batched, which folders open, and the words for fine-tuning. */
class EncodersTest {
  /** By hand: 9 alone fills 10; then 4 and 4 cost 8, a third would cost 12; 3 with 2 and 1 cost 9. */
  @Test
  void neighboursByCostShareABatch() {
    List<int[]> batches = BatchPlan.of(new int[]{1, 4, 9, 2, 4, 3}, 10);
    assertThat(batches).hasSize(3);
    assertThat(batches.get(0)).containsExactly(2);
    assertThat(batches.get(1)).containsExactly(1, 4);
    assertThat(batches.get(2)).containsExactly(5, 3, 0);
  }

  @Test
  void anInputAboveTheBudgetGoesAlone() {
    assertThat(BatchPlan.of(new int[]{50, 60}, 10)).hasSize(2);
    assertThat(BatchPlan.of(new int[0], 10)).isEmpty();
  }

  @Test
  void fineTuningIsReadAsItIsWritten() {
    for (FineTuning how : List.of(FineTuning.frozen(), FineTuning.lastLayers(3), FineTuning.full(),
        FineTuning.lora(8), new FineTuning.Lora(4, 0.5, Set.of("query", "output.dense")))) {
      assertThat(FineTuning.parse(how.toString())).isEqualTo(how);
    }
    assertThat(FineTuning.parse("lora:8")).isEqualTo(new FineTuning.Lora(8, 16, Set.of()));
    for (String wrong : List.of("half", "lora", "lora:", "lora:8:16:", "lora:8:")) {
      assertThatThrownBy(() -> FineTuning.parse(wrong)).hasMessageContaining("or full but was '" + wrong + "'");
    }
    assertThatThrownBy(() -> FineTuning.parse("lora:0")).hasMessageContaining("rank").hasMessageContaining("was 0");
    assertThatThrownBy(() -> FineTuning.parse("last:0")).hasMessageContaining("at least 1 but was 0");
  }

  @Test
  void aFolderOfAnUnknownTypeSaysWhatIsSupported(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> Encoders.load(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("config.json");
    Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"mamba\"}");
    assertThatThrownBy(() -> Encoders.load(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("'mamba'")
        .hasMessageContaining("supported are [bert, camembert, clip, ");
    Files.writeString(folder.resolve("config.json"), "{\"model_type\":");
    assertThatThrownBy(() -> Encoders.load(folder)).isInstanceOf(EncoderException.class)
        .extracting("code")
        .isEqualTo("INVALID_CONFIG");
    Files.writeString(folder.resolve("config.json"),
        "{\"model_type\":\"sfumato-resnet\",\"resnet\":{\"imageSize\":48}}");
    assertThatThrownBy(() -> Encoders.load(folder)).isInstanceOf(EncoderException.class)
        .extracting("code")
        .isEqualTo("INVALID_CONFIG");
  }
}
