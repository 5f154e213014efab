package io.sfumato.encoders.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.TestFiles;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of sentence-transformers': pooling against its definition, layers behind it, limits, and what is refused. */
class SentenceModulesTest {
  private static final List<String> TEXTS = List.of("red canvas sneaker", "a blue denim jacket", "");
  private static final int WIDTH = 32;

  @TempDir
  Path folder;

  @BeforeEach
  void copyModel() throws IOException {
    copyModel(folder);
  }

  private static void copyModel(Path to) throws IOException {
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Files.copy(TestFiles.resource("hf-tiny/bert").resolve(file), to.resolve(file));
    }
  }

  /** Each mode from its definition, of the states without padding. */
  @ParameterizedTest
  @ValueSource(strings = {"cls", "max", "mean", "mean_sqrt_len", "weightedmean", "lasttoken", "mean+max", "cls+mean"})
  void poolingIsWhatItsNameSays(String name) throws IOException {
    Pooling pooling = Pooling.parse(name);
    StringBuilder switches = new StringBuilder("{\"word_embedding_dimension\": 32");
    for (Pooling.Mode mode : Pooling.Mode.values()) {
      switches.append(", \"").append(mode.key()).append("\": ").append(pooling.modes().contains(mode));
    }
    modules("Pooling");
    module(1, "Pooling", switches + "}");
    try (TextEncoder encoder = Encoders.load(folder, TextEncoder.class)) {
      assertThat(encoder.dimension()).isEqualTo(WIDTH * pooling.modes().size());
      float[][] vectors = encoder.encode(TEXTS, Progress.silent());
      // sentence-transformers puts cls before max before mean, whatever their order in the file.
      List<Pooling.Mode> order = Arrays.stream(Pooling.Mode.values()).filter(pooling.modes()::contains).toList();
      for (int i = 0; i < TEXTS.size(); i++) {
        for (int m = 0; m < order.size(); m++) {
          float[] expected = pooled(states(encoder, TEXTS.get(i)), order.get(m));
          float[] part = Arrays.copyOfRange(vectors[i], m * WIDTH, (m + 1) * WIDTH);
          assertThat(TestFiles.excess(part, expected, 1e-5, 1e-5)).as(order.get(m).name()).isLessThanOrEqualTo(1);
        }
      }
    }
  }

  private static float[][] states(TextEncoder encoder, String text) {
    try (Scope scope = TensorRuntime.get().scope()) {
      TokenIds tokens = encoder.prepare(text);
      float[] flat = encoder.states(scope, List.of(tokens), null).toFloatArray();
      float[][] states = new float[tokens.size()][];
      for (int t = 0; t < states.length; t++) {
        states[t] = Arrays.copyOfRange(flat, t * WIDTH, (t + 1) * WIDTH);
      }
      return states;
    }
  }

  private static float[] pooled(float[][] states, Pooling.Mode mode) {
    float[] vector = new float[WIDTH];
    int n = states.length;
    for (int k = 0; k < WIDTH; k++) {
      double sum = 0;
      double weighted = 0;
      double weights = 0;
      double max = Double.NEGATIVE_INFINITY;
      for (int t = 0; t < n; t++) {
        sum += states[t][k];
        weighted += (t + 1) * (double) states[t][k];
        weights += t + 1;
        max = Math.max(max, states[t][k]);
      }
      vector[k] = (float) switch (mode) {
        case CLS -> states[0][k];
        case LAST_TOKEN -> states[n - 1][k];
        case MAX -> max;
        case MEAN -> sum / n;
        case MEAN_SQRT_LEN -> sum / Math.sqrt(n);
        case WEIGHTED_MEAN -> weighted / weights;
      };
    }
    return vector;
  }

  /** A linear layer of weight 2 on one feature each, its tanh, then unit length. */
  @Test
  void layersBehindThePoolingComputeLearnAndAreSaved() throws IOException {
    dense("torch.nn.modules.activation.Tanh", 3);
    float[][] vectors;
    try (TextEncoder encoder = Encoders.load(folder, TextEncoder.class)) {
      vectors = encoder.encode(TEXTS, Progress.silent());
      assertThat(vectors).hasDimensions(3, 3);
      for (int i = 0; i < 3; i++) {
        float[] mean = pooled(states(encoder, TEXTS.get(i)), Pooling.Mode.MEAN);
        double[] expected = {Math.tanh(2 * mean[0] + 0.5), Math.tanh(2 * mean[1] + 0.5), Math.tanh(2 * mean[2] + 0.5)};
        double length = Math.sqrt(Arrays.stream(expected).map(v -> v * v).sum());
        for (int k = 0; k < 3; k++) {
          assertThat((double) vectors[i][k]).isCloseTo(expected[k] / length, org.assertj.core.data.Offset.offset(1e-5));
        }
      }
      encoder.setTraining(FineTuning.lastLayers(1));
      assertThat(encoder.parameters().stream().filter(Parameter::trainable).map(Parameter::name))
          .contains("2_Dense.linear.weight", "2_Dense.linear.bias");
      encoder.save(folder.resolve("saved"));
      try (TextEncoder reopened = Encoders.load(folder.resolve("saved"), TextEncoder.class)) {
        assertThat(reopened.encode(TEXTS, Progress.silent())).isDeepEqualTo(vectors);
        assertThat(reopened.fingerprint()).isEqualTo(encoder.fingerprint());
      }
    }
    try (SafeTensors model = SafeTensors.read(folder.resolve("saved/model.safetensors"))) {
      assertThat(model.names()).noneMatch(name -> name.contains("Dense"));
    }
  }

  private void dense(String activation, int out) throws IOException {
    modules("Pooling", "Dense", "Normalize");
    module(1, "Pooling", "{\"pooling_mode_mean_tokens\": true}");
    module(2, "Dense",
        "{\"in_features\": 32, \"out_features\": " + out + ", \"bias\": true, \"activation_function\": \""
            + activation + "\"}");
    float[] weight = new float[out * WIDTH];
    float[] bias = new float[out];
    for (int k = 0; k < out; k++) {
      weight[k * WIDTH + k] = 2;
      bias[k] = 0.5f;
    }
    SafeTensors.write(folder.resolve("2_Dense/model.safetensors"),
        List.of(new FloatTensor("linear.weight", new long[]{out, WIDTH}, weight),
            new FloatTensor("linear.bias", new long[]{out}, bias)),
        Map.of());
  }

  @Test
  void theTransformerMayLieInAFolderOfItsOwn() throws IOException {
    Path inside = Files.createDirectories(folder.resolve("whole/0_Transformer"));
    copyModel(inside);
    Path root = folder.resolve("whole");
    Files.writeString(root.resolve("modules.json"),
        "[{\"idx\":0,\"path\":\"0_Transformer\",\"type\":\"sentence_transformers.models.Transformer\"},"
            + "{\"idx\":1,\"path\":\"1_Pooling\",\"type\":\"sentence_transformers.models.Pooling\"}]");
    Files.createDirectories(root.resolve("1_Pooling"));
    Files.writeString(root.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\": true}");
    Files.writeString(inside.resolve("sentence_bert_config.json"),
        "{\"max_seq_length\": 5, \"do_lower_case\": false}");
    try (TextEncoder encoder = Encoders.load(root, TextEncoder.class)) {
      assertThat(encoder.prepare("red canvas sneaker for the beach").size()).isEqualTo(5);
      float[] vector = encoder.encode(List.of("red"), Progress.silent())[0];
      assertThat(TestFiles.excess(vector, states(encoder, "red")[0], 1e-5, 1e-5)).isLessThanOrEqualTo(1);
    }
  }

  /** The file's truncation is 16, the model has 40 positions. */
  @ParameterizedTest
  @CsvSource({"40,,16", "7,,7", "16,6,6", "16,30,30", ",90,40", "1e30,,16"})
  void theLengthOfTextsIsTheTightestThatIsSaid(String beside, String sentence, int expected) throws IOException {
    if (beside != null) {
      Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\": " + beside + "}");
    }
    if (sentence != null) {
      Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": " + sentence + "}");
    }
    try (BertEncoder encoder = BertEncoder.loadFolder(folder)) {
      assertThat(encoder.maxTokens()).isEqualTo(expected);
      assertThat(encoder.prepare("red ".repeat(100)).size()).isEqualTo(expected);
      encoder.save(folder.resolve("saved"));
    }
    try (BertEncoder reopened = BertEncoder.loadFolder(folder.resolve("saved"))) {
      assertThat(reopened.maxTokens()).isEqualTo(expected);
    }
  }

  @Test
  void textsMayBeCutAtTheirBeginning() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, Files.readString(file)
        .replace("\"direction\": \"Right\",\n    \"max_length\"",
            "\"direction\": \"Left\",\n    \"max_length\"")
        .replace("\"direction\":\"Right\",\"max_length\"",
            "\"direction\":\"Left\",\"max_length\""));
    try (BertEncoder left = BertEncoder.loadFolder(folder);
        BertEncoder right = BertEncoder.loadFolder(TestFiles.resource("hf-tiny/bert"))) {
      String text = "red " + "canvas ".repeat(40) + "sneaker";
      int[] end = left.prepare(text).ids();
      int[] begin = right.prepare(text).ids();
      assertThat(end).hasSize(16).isNotEqualTo(begin);
      assertThat(end[0]).isEqualTo(begin[0]);
      assertThat(end[15]).isEqualTo(begin[15]);
    }
  }

  @Test
  void pairsHaveTypesInBertOnly() {
    try (BertEncoder bert = BertEncoder.loadFolder(folder);
        DistilBertEncoder distil = DistilBertEncoder.loadFolder(TestFiles.resource("hf-tiny/distilbert"));
        Scope scope = TensorRuntime.get().scope()) {
      TokenIds pair = bert.prepare("red", "blue denim");
      assertThat(pair.types()).startsWith(0, 0).endsWith(1, 1);
      assertThat(pair.types()).hasSize(pair.size());
      assertThat(distil.prepare("red", "blue denim").types()).isEmpty();
      assertThat(distil.prepare("red", "blue denim").ids()).isEqualTo(pair.ids());
      float[] told = bert.forward(scope, List.of(pair), null).toFloatArray();
      float[] untold = bert.forward(scope, List.of(new TokenIds(pair.ids())), null).toFloatArray();
      assertThat(told).isNotEqualTo(untold);
    }
  }

  @Test
  void promptsAndLowerCaseComeBeforeTheTokens() throws IOException {
    Files.writeString(folder.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"red \"}, \"default_prompt_name\": \"query\"}");
    try (BertEncoder prompted = BertEncoder.loadFolder(folder);
        BertEncoder plain = BertEncoder.loadFolder(TestFiles.resource("hf-tiny/bert"))) {
      assertThat(prompted.prepare("canvas")).isEqualTo(plain.prepare("red canvas"));
      prompted.save(folder.resolve("saved"));
      try (BertEncoder reopened = BertEncoder.loadFolder(folder.resolve("saved"))) {
        assertThat(reopened.prepare("canvas")).isEqualTo(plain.prepare("red canvas"));
        assertThat(reopened.fingerprint()).isEqualTo(prompted.fingerprint());
      }
    }
  }

  @Test
  void aVocabularyAloneNamesTheRemedy() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n");
    assertThatThrownBy(() -> BertEncoder.loadFolder(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining("save_pretrained")
        .extracting("code")
        .isEqualTo("MODEL_NOT_FOUND");
  }

  @Test
  void modulesThatAreNotKnownOrDoNotFitAreNamed() throws IOException {
    modules("Pooling", "Mystery");
    module(1, "Pooling", "{\"pooling_mode_mean_tokens\": true}");
    refused("UNSUPPORTED_MODEL", "sentence_transformers.models.Mystery");
    module(1, "Pooling", "{}");
    refused("UNSUPPORTED_MODEL", "no pooling mode that is known");
    module(1, "Pooling", "{\"word_embedding_dimension\": 33, \"pooling_mode_mean_tokens\": true}");
    refused("SHAPE_MISMATCH", "width 33");
    dense("torch.nn.modules.activation.Hardtanh", 3);
    refused("UNSUPPORTED_MODEL", "Hardtanh");
    dense("torch.nn.modules.linear.Identity", 3);
    module(2, "Dense", "{\"in_features\": 31, \"out_features\": 3}");
    refused("SHAPE_MISMATCH", "from 31 to 3");
    module(2, "Dense", "{\"in_features\": 32, \"out_features\": 4}");
    refused("SHAPE_MISMATCH", "linear.weight");
    Files.writeString(folder.resolve("modules.json"),
        "[{\"path\":\"\",\"type\":\"x.Transformer\"},{\"path\":\"../..\",\"type\":\"x.Pooling\"}]");
    refused("INVALID_CONFIG", "names no folder inside");
    Files.writeString(folder.resolve("modules.json"), "[{\"path\":\"\",\"type\":\"x.Transformer\"}]");
    refused("UNSUPPORTED_MODEL", "without a module Pooling");
    Files.writeString(folder.resolve("modules.json"), "[");
    refused("INVALID_CONFIG", "modules.json");
  }

  private void refused(String code, String message) {
    int before = TensorRuntime.get().permanentArrays();
    assertThatThrownBy(() -> BertEncoder.loadFolder(folder)).isInstanceOf(EncoderException.class)
        .hasMessageContaining(message)
        .extracting("code")
        .isEqualTo(code);
    assertThat(TensorRuntime.get().permanentArrays()).isEqualTo(before);
  }

  private void modules(String... names) throws IOException {
    StringBuilder json = new StringBuilder(
        "[{\"idx\":0,\"path\":\"\",\"type\":\"sentence_transformers.models.Transformer\"}");
    for (int i = 0; i < names.length; i++) {
      json.append(",{\"idx\":")
          .append(i + 1)
          .append(",\"path\":\"")
          .append(i + 1)
          .append('_')
          .append(names[i])
          .append("\",\"type\":\"sentence_transformers.models.")
          .append(names[i])
          .append("\"}");
    }
    Files.writeString(folder.resolve("modules.json"), json.append(']'));
  }

  private void module(int index, String name, String config) throws IOException {
    Path own = Files.createDirectories(folder.resolve(index + "_" + name));
    Files.writeString(own.resolve("config.json"), config);
  }
}
