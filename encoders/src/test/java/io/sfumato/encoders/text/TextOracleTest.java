package io.sfumato.encoders.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.TestFiles;
import io.sfumato.encoders.checkpoint.Checkpoint;
import io.sfumato.encoders.checkpoint.Checkpoints;
import io.sfumato.encoders.checkpoint.ElementType;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny models of Hugging Face's against what transformers computes: tokens, states, vectors; and their variants. */
class TextOracleTest {
  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta"})
  void tokensAndStatesAreThoseOfTransformers(String model) throws IOException {
    compare(TestFiles.resource("hf-tiny/" + model), model);
  }

  @Test
  void meansOfUnitLengthAreThoseOfTransformers() throws IOException {
    Path bert = TestFiles.resource("hf-tiny/bert");
    try (TextEncoder encoder = Encoders.load(bert, TextEncoder.class)) {
      float[] vectors = TestFiles.flat(encoder.encode(TestFiles.texts("hf-tiny/bert/cases.json"), Progress.silent()));
      float[] expected = TestFiles.values(bert.resolve("cases.safetensors"), "out.mean_pooled_normalized");
      assertThat(TestFiles.excess(vectors, expected, 1e-5, 1e-5)).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void clipsTextsAreThoseOfTransformers() throws IOException {
    Path clip = TestFiles.resource("hf-tiny/clip");
    float[] expected = TestFiles.values(clip.resolve("cases.safetensors"), "out.text_embeds");
    List<String> texts = TestFiles.texts("hf-tiny/clip/cases.json");
    try (ClipTextEncoder encoder = ClipTextEncoder.loadFolder(clip)) {
      compareTokens(encoder, texts, clip);
      float[] vectors = TestFiles.flat(encoder.encode(texts, Progress.silent()));
      assertThat(TestFiles.excess(vectors, expected, 1e-5, 1e-5)).isLessThanOrEqualTo(1);
      assertThat(encoder.dimension()).isEqualTo(24);
      encoder.save(folder);
      try (TextEncoder reopened = Encoders.load(folder, TextEncoder.class)) {
        assertThat(TestFiles.flat(reopened.encode(texts, Progress.silent()))).isEqualTo(vectors);
      }
    }
  }

  /** Before it was fixed, transformers' rule for the end was the largest id; here that is no special token. */
  @Test
  void anOldClipTakesTheLargestIdForTheEnd() throws IOException {
    copy(TestFiles.resource("hf-tiny/clip"), folder, "\"eos_token_id\": 1", "\"eos_token_id\": 2");
    try (ClipTextEncoder old = ClipTextEncoder.loadFolder(folder);
        ClipTextEncoder today = ClipTextEncoder.loadFolder(TestFiles.resource("hf-tiny/clip"));
        Scope scope = TensorRuntime.get().scope()) {
      TokenIds tokens = old.prepare("red canvas sneaker");
      int end = tokens.indexOf(tokens.largest());
      assertThat(end).isLessThan(tokens.size() - 1);
      // The tower is causal: the state of that token is the last one of the text cut behind it.
      int[] head = java.util.Arrays.copyOf(tokens.ids(), end + 1);
      float[] states = today.states(scope, List.of(new TokenIds(head)), null).toFloatArray();
      float[] same = old.states(scope, List.of(tokens), null).toFloatArray();
      int width = today.config().width();
      for (int i = 0; i < width; i++) {
        assertThat(states[end * width + i]).isCloseTo(same[end * width + i],
            org.assertj.core.data.Offset.offset(1e-5f));
      }
      float[] vector = old.forward(scope, List.of(tokens), null).toFloatArray();
      float[] cut = old.forward(scope, List.of(new TokenIds(head)), null).toFloatArray();
      assertThat(TestFiles.excess(vector, cut, 1e-5, 1e-5)).isLessThanOrEqualTo(1);
      assertThat(vector).isNotEqualTo(today.forward(scope, List.of(tokens), null).toFloatArray());
    }
  }

  @ParameterizedTest
  @CsvSource({"bert,bert.", "distilbert,distilbert.", "roberta,roberta."})
  void checkpointsOfLargerModelsLoad(String model, String prefix) throws IOException {
    Path original = TestFiles.resource("hf-tiny/" + model);
    copy(original, folder, "", "");
    List<FloatTensor> tensors = new ArrayList<>(List.of(new FloatTensor("cls.bias", new long[]{2}, new float[2])));
    for (FloatTensor tensor : tensors(original)) {
      tensors.add(tensor.named(prefix + tensor.name()
          .replace("LayerNorm.weight", "LayerNorm.gamma")
          .replace("LayerNorm.bias", "LayerNorm.beta")));
    }
    Checkpoints.save(folder, tensors, ElementType.F32, 20_000);
    assertThat(folder.resolve("model.safetensors.index.json")).exists();
    compare(folder, model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "roberta", "clip"})
  void narrowWeightsAreTheWideOnesRounded(String model) throws IOException {
    Path original = TestFiles.resource("hf-tiny/" + model);
    copy(original, folder, "\"float32\"", "\"bfloat16\"");
    Checkpoints.save(folder, tensors(original), ElementType.BF16, 1L << 30);
    Path rounded = folder.resolve("rounded");
    copy(original, rounded, "", "");
    try (Checkpoint narrow = Checkpoints.open(folder)) {
      Checkpoints.save(rounded, narrow.names().stream().map(narrow::tensor).toList(), ElementType.F32, 1L << 30);
    }
    List<String> texts = TestFiles.texts("hf-tiny/" + model + "/cases.json");
    try (TextEncoder a = Encoders.load(folder, TextEncoder.class);
        TextEncoder b = Encoders.load(rounded, TextEncoder.class)) {
      assertThat(a.encode(texts, Progress.silent())).isDeepEqualTo(b.encode(texts, Progress.silent()));
    }
  }

  /** XLM-RoBERTa and CamemBERT have RoBERTa's shape. */
  @ParameterizedTest
  @ValueSource(strings = {"xlm-roberta", "camembert"})
  void whatHasRobertasShapeLoads(String type) throws IOException {
    copy(TestFiles.resource("hf-tiny/roberta"), folder, "\"model_type\": \"roberta\"",
        "\"model_type\": \"" + type + "\"");
    Checkpoints.save(folder, tensors(TestFiles.resource("hf-tiny/roberta")), ElementType.F32, 1L << 30);
    compare(folder, "roberta");
    try (TextEncoder encoder = Encoders.load(folder, TextEncoder.class)) {
      encoder.save(folder.resolve("saved"));
    }
    assertThat(Encoders.config(folder.resolve("saved")).path("model_type").asText()).isEqualTo(type);
    assertThat(Encoders.config(folder.resolve("saved")).path("pad_token_id").asInt()).isEqualTo(1);
    compare(folder.resolve("saved"), "roberta");
  }

  private static void compare(Path model, String cases) throws IOException {
    Path reference = TestFiles.resource("hf-tiny/" + cases);
    List<String> texts = TestFiles.texts("hf-tiny/" + cases + "/cases.json");
    try (TextEncoder encoder = Encoders.load(model, TextEncoder.class);
        Scope scope = TensorRuntime.get().scope();
        SafeTensors file = SafeTensors.read(reference.resolve("cases.safetensors"))) {
      List<TokenIds> tokens = compareTokens(encoder, texts, reference);
      NDArray result = encoder.states(scope, tokens, null);
      float[] states = result.toFloatArray();
      float[] expected = file.tensor("out.last_hidden_state").values();
      long[] mask = file.longs("in.attention_mask");
      int width = encoder.dimension();
      for (int row = 0; row < mask.length; row++) {
        if (mask[row] == 0) {
          // What the states of padding are is nobody's business.
          System.arraycopy(expected, row * width, states, row * width, width);
        }
      }
      assertThat(TestFiles.excess(states, expected, 1e-5, 1e-5)).isLessThanOrEqualTo(1);
    }
  }

  private static List<TokenIds> compareTokens(TextEncoder encoder, List<String> texts, Path reference) {
    List<TokenIds> tokens = texts.stream().map(encoder::prepare).toList();
    try (SafeTensors file = SafeTensors.read(reference.resolve("cases.safetensors"))) {
      int positions = (int) file.shape("in.input_ids")[1];
      long[] ids = file.longs("in.input_ids");
      long[] mask = file.longs("in.attention_mask");
      for (int i = 0; i < texts.size(); i++) {
        for (int t = 0; t < positions; t++) {
          boolean present = t < tokens.get(i).size();
          assertThat(mask[i * positions + t]).isEqualTo(present ? 1 : 0);
          if (present) {
            assertThat(ids[i * positions + t]).isEqualTo(tokens.get(i).ids()[t]);
          }
        }
      }
    }
    return tokens;
  }

  private static List<FloatTensor> tensors(Path model) {
    try (Checkpoint checkpoint = Checkpoints.open(model)) {
      return checkpoint.names().stream().map(checkpoint::tensor).toList();
    }
  }

  /** Config and tokenizer of a model, the config with some text replaced. */
  private static void copy(Path model, Path to, String text, String by) throws IOException {
    Files.createDirectories(to);
    Files.copy(model.resolve("tokenizer.json"), to.resolve("tokenizer.json"));
    String config = Files.readString(model.resolve("config.json"));
    assertThat(config).contains(text);
    Files.writeString(to.resolve("config.json"), config.replace(text, by));
    if (text.contains("eos")) {
      Files.copy(model.resolve("model.safetensors"), to.resolve("model.safetensors"));
    }
  }
}
