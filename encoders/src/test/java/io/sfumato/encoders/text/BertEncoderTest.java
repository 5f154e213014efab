package io.sfumato.encoders.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderContract;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
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

/** A tiny BERT of Hugging Face's against what transformers computes, and the contract of all encoders. */
class BertEncoderTest extends EncoderContract<String, TokenIds> {
  private static final Path BERT = TestFiles.resource("hf-tiny/bert");
  private static final Path CASES = BERT.resolve("cases.safetensors");

  @Override
  protected BertEncoder open() {
    return BertEncoder.loadFolder(BERT);
  }

  @Override
  protected List<String> inputs() {
    return List.of("red canvas sneaker", "a blue denim jacket with brass buttons", "", "café déjà vu", "x");
  }

  @Test
  void tokensStatesAndVectorsAreThoseOfTransformers() throws IOException {
    List<String> texts = TestFiles.texts("hf-tiny/bert/cases.json");
    try (BertEncoder encoder = open();
        Scope scope = TensorRuntime.get().scope();
        SafeTensors cases = SafeTensors.read(CASES)) {
      List<TokenIds> tokens = texts.stream().map(encoder::prepare).toList();
      int positions = (int) cases.shape("in.input_ids")[1];
      long[] ids = cases.longs("in.input_ids");
      long[] mask = cases.longs("in.attention_mask");
      for (int i = 0; i < texts.size(); i++) {
        for (int t = 0; t < positions; t++) {
          boolean present = t < tokens.get(i).size();
          assertThat(mask[i * positions + t]).isEqualTo(present ? 1 : 0);
          assertThat(ids[i * positions + t]).isEqualTo(present ? tokens.get(i).ids()[t] : 0);
        }
      }
      float[] states = encoder.states(scope, tokens, null).toFloatArray();
      float[] expected = cases.tensor("out.last_hidden_state").values();
      int width = encoder.dimension();
      for (int row = 0; row < mask.length; row++) {
        if (mask[row] == 0) {
          // What the states of padding are is nobody's business.
          System.arraycopy(expected, row * width, states, row * width, width);
        }
      }
      assertThat(TestFiles.excess(states, expected, 1e-5, 1e-5)).isLessThanOrEqualTo(1);
      assertThat(TestFiles.excess(TestFiles.flat(encoder.encode(texts, Progress.silent())),
          cases.tensor("out.mean_pooled_normalized").values(), 1e-5, 1e-5)).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aTapeSeesEveryTrainableParameter() {
    try (BertEncoder encoder = open(); Scope scope = TensorRuntime.get().scope()) {
      encoder.setTraining(FineTuning.full());
      List<TokenIds> batch = inputs().stream().map(encoder::prepare).toList();
      Tape tape = new Tape(scope, batch.size());
      tape.backward(encoder.forward(scope, batch, tape).sub(1).pow(2).sum());
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
        BertEncoder wrong = new BertEncoder(new BertConfig(20, 8, 1, 2, 8, 16, 2, 1e-12, 16, true),
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
    Files.writeString(config, Files.readString(config).replace("\"gelu\"", "\"swish\""));
    assertThatThrownBy(() -> BertEncoder.loadFolder(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("swish")
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
