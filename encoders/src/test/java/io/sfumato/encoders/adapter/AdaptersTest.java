package io.sfumato.encoders.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.TestFiles;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.text.BertEncoder;
import io.sfumato.encoders.text.TextEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptersTest {
  private static final List<String> TEXTS = List.of("red canvas sneaker", "a blue denim jacket");

  private static BertEncoder adapted() {
    BertEncoder encoder = BertEncoder.loadFolder(TestFiles.resource("hf-tiny/bert"));
    encoder.setTraining(FineTuning.lora(4));
    for (Parameter parameter : encoder.backbone().adapterParameters()) {
      float[] values = new float[(int) parameter.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.sin(i + parameter.name().hashCode() % 100);
      }
      parameter.set(values);
    }
    encoder.setTraining(FineTuning.frozen());
    return encoder;
  }

  private static float[][] vectors(TextEncoder encoder) {
    return encoder.encode(TEXTS, Progress.silent());
  }

  @Test
  void filesHaveTheNamesOfPeft(@TempDir Path folder) throws Exception {
    try (BertEncoder encoder = adapted()) {
      Adapters.save(encoder, folder);
    }
    JsonNode config = new ObjectMapper().readTree(folder.resolve("adapter_config.json").toFile());
    assertThat(config.path("peft_type").asText()).isEqualTo("LORA");
    assertThat(config.path("r").asInt()).isEqualTo(4);
    assertThat(config.path("lora_alpha").asDouble()).isEqualTo(8);
    assertThat(config.path("target_modules")).extracting(JsonNode::asText).containsExactly("query", "value");
    try (SafeTensors tensors = SafeTensors.read(folder.resolve("adapter_model.safetensors"))) {
      assertThat(tensors.names()).hasSize(8)
          .contains("base_model.model.encoder.layer.0.attention.self.query.lora_A.weight",
              "base_model.model.encoder.layer.1.attention.self.value.lora_B.weight");
      assertThat(tensors.shape("base_model.model.encoder.layer.0.attention.self.query.lora_A.weight"))
          .containsExactly(4, 32);
      assertThat(tensors.shape("base_model.model.encoder.layer.0.attention.self.query.lora_B.weight"))
          .containsExactly(32, 4);
    }
  }

  @Test
  void adaptersComeBackBesideAnotherCopyOfTheModel(@TempDir Path folder) {
    try (BertEncoder encoder = adapted();
        BertEncoder plain = BertEncoder.loadFolder(TestFiles.resource("hf-tiny/bert"))) {
      Adapters.save(encoder, folder);
      assertThat(Arrays.deepEquals(vectors(encoder), vectors(plain))).isFalse();
      Adapters.load(plain, folder);
      assertThat(vectors(plain)).isDeepEqualTo(vectors(encoder));
      assertThat(plain.parameters()).noneMatch(Parameter::trainable);
      plain.setTraining(FineTuning.parse("lora:4:8"));
      assertThat(plain.parameters()).filteredOn(Parameter::trainable).hasSize(8);
    }
  }

  @Test
  void anEncoderIsSavedAndOpenedWithItsAdapters(@TempDir Path folder) {
    try (BertEncoder encoder = adapted()) {
      float[][] before = vectors(encoder);
      assertThatThrownBy(() -> {
        encoder.backbone().merge();
        encoder.save(folder);
      }).isInstanceOf(EncoderException.class).hasMessageContaining("unmerge");
      assertThat(vectors(encoder)[1]).containsExactly(before[1], within(1e-5f));
      encoder.backbone().unmerge();
      encoder.save(folder);
      try (TextEncoder opened = Encoders.load(folder, TextEncoder.class)) {
        assertThat(opened.fingerprint()).isEqualTo(encoder.fingerprint());
        assertThat(vectors(opened)).isDeepEqualTo(vectors(encoder));
      }
    }
  }

  @Test
  void whatDoesNotFitIsSaidInOneLine(@TempDir Path folder) throws Exception {
    try (BertEncoder plain = BertEncoder.loadFolder(TestFiles.resource("hf-tiny/bert"))) {
      assertThatThrownBy(() -> Adapters.save(plain, folder)).isInstanceOf(EncoderException.class)
          .hasMessageContaining("lora:RANK");
      assertThatThrownBy(() -> Adapters.load(plain, folder)).isInstanceOf(EncoderException.class);
    }
    try (BertEncoder encoder = adapted()) {
      Adapters.save(encoder, folder);
    }
    Path config = folder.resolve("adapter_config.json");
    String good = Files.readString(config);
    refused(folder, good.replace("\"LORA\"", "\"IA3\""), "IA3", "LORA");
    refused(folder, good.replace("\"r\" : 4", "\"r\" : 3"), "lora_A", "[3, 32]");
    refused(folder, good.replace("\"query\"", "\"q_proj\""), "fit no layer");
    refused(folder, good.replace("\"r\" : 4", "\"r\" : -1"), "rank", "-1");
    refused(folder, "{", "no readable JSON");
  }

  private static void refused(Path folder, String config, String... words) throws Exception {
    Files.writeString(folder.resolve("adapter_config.json"), config);
    try (BertEncoder plain = BertEncoder.loadFolder(TestFiles.resource("hf-tiny/bert"))) {
      assertThatThrownBy(() -> Adapters.load(plain, folder)).isInstanceOf(EncoderException.class)
          .hasMessageContainingAll(words)
          .hasMessageNotContaining("\n");
    }
  }
}
