package io.sfumato.encoders.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderContract;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.TestFiles;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BERT folders that hold, and BERT folders that do not; and the contract of all encoders. */
class BertEncoderTest extends EncoderContract<String, TokenIds> {
  private static final Path BERT = TestFiles.resource("hf-tiny/bert");

  @Override
  protected BertEncoder open() {
    return BertEncoder.loadFolder(BERT);
  }

  @Override
  protected List<String> inputs() {
    return List.of("red canvas sneaker", "a blue denim jacket with brass buttons", "", "café déjà vu", "x");
  }

  @Test
  void aTapeSeesEveryTrainableParameter() {
    try (BertEncoder encoder = open(); Scope scope = TensorRuntime.get().scope()) {
      encoder.setTraining(FineTuning.full());
      List<TokenIds> batch = inputs().stream().map(encoder::prepare).toList();
      Tape tape = new Tape(scope, batch.size());
      tape.backward(encoder.forward(scope, batch, tape).sub(1).square().sum());
      var sums = tape.clippedSum(scope.manager().ones(new Shape(batch.size())));
      assertThat(sums.keySet()).containsExactlyInAnyOrderElementsOf(encoder.parameters());
    }
  }

  @Test
  void aMissingTensorIsNamed(@TempDir Path folder) throws IOException {
    copyWith(folder, "encoder.layer.1.output.dense.bias", null);
    assertThatThrownBy(() -> BertEncoder.loadFolder(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("no tensor 'encoder.layer.1.output.dense.bias'")
        .extracting("code")
        .isEqualTo("TENSOR_MISSING");
  }

  @Test
  void aShapeThatDoesNotFitIsNamed(@TempDir Path folder) throws IOException {
    String name = "encoder.layer.0.attention.self.key.weight";
    copyWith(folder, name, new FloatTensor(name, new long[]{16, 64}, new float[1024]));
    assertThatThrownBy(() -> BertEncoder.loadFolder(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("[16, 64] but the model needs [32, 32]");
  }

  @Test
  void theTokenizerOfALargerModelIsNamed() {
    try (BertEncoder tiny = open();
        BertEncoder wrong = new BertEncoder(TransformerConfig.of(20, 8, 1, 2, 8, 16),
            HfTokenizer.load(BERT.resolve("tokenizer.json"), 16), Init.seed(1))) {
      assertThat(tiny.prepare("red canvas").size()).isGreaterThan(2);
      assertThatThrownBy(() -> wrong.prepare("red canvas")).isInstanceOf(EncoderException.class)
          .hasMessageContaining("vocabulary of 20")
          .extracting("code")
          .isEqualTo("TOKENIZER_MISMATCH");
    }
  }

  @Test
  void anotherActivationIsRefused(@TempDir Path folder) throws IOException {
    copyWith(folder, "", null);
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"gelu\"", "\"snake\""));
    assertThatThrownBy(() -> BertEncoder.loadFolder(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("snake")
        .extracting("code")
        .isEqualTo("UNSUPPORTED_MODEL");
  }

  @Test
  void aConfigurationThatTheFileDoesNotBackTakesNoMemory(@TempDir Path folder) throws IOException {
    copyWith(folder, "", null);
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"vocab_size\": 260", "\"vocab_size\": 16000000"));
    assertThatThrownBy(() -> BertEncoder.loadFolder(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("embeddings.word_embeddings.weight")
        .extracting("code")
        .isEqualTo("SHAPE_MISMATCH");
  }

  /** The tiny folder with one tensor left out or replaced. */
  private static void copyWith(Path folder, String name, @Nullable FloatTensor replacement)
      throws IOException {
    for (String file : List.of("config.json", "tokenizer.json")) {
      Files.write(folder.resolve(file), Files.readAllBytes(BERT.resolve(file)));
    }
    List<FloatTensor> tensors = new ArrayList<>();
    try (SafeTensors source = SafeTensors.read(BERT.resolve("model.safetensors"))) {
      for (String other : source.names()) {
        if (!other.equals(name)) {
          tensors.add(source.tensor(other));
        } else if (replacement != null) {
          tensors.add(replacement);
        }
      }
    }
    SafeTensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
  }
}
