package io.sfumato.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.TestFiles;
import io.sfumato.encoders.checkpoint.Checkpoints;
import io.sfumato.encoders.checkpoint.ElementType;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of image models against what transformers computes with them, and what is said of those that do not fit. */
class HuggingFaceVisionTest {
  @TempDir
  Path folder;

  @ParameterizedTest
  @CsvSource({"vit, last_hidden_state", "resnet-basic, last_hidden_state", "resnet-bottleneck, last_hidden_state"})
  void lastHiddenStatesAreThoseOfTransformers(String model, String output) {
    try (VisionEncoder encoder = open(model); GradMode off = inference(); Scope scope = TensorRuntime.get().scope()) {
      NDArray states = encoder.states(scope, pixels(scope, model), null);
      assertClose(states, model, output);
    }
  }

  @ParameterizedTest
  @CsvSource({"resnet-basic, pooled", "resnet-bottleneck, pooled", "clip, image_embeds"})
  void vectorsAreThoseOfTransformers(String model, String output) {
    try (VisionEncoder encoder = open(model); GradMode off = inference(); Scope scope = TensorRuntime.get().scope()) {
      assertClose(encoder.forward(scope, pixels(scope, model), null), model, output);
    }
  }

  @Test
  void theVectorOfAVisionTransformerIsItsClassTokensLastState() {
    try (VisionEncoder encoder = open("vit"); GradMode off = inference(); Scope scope = TensorRuntime.get().scope()) {
      float[] vectors = encoder.forward(scope, pixels(scope, "vit"), null).toFloatArray();
      float[] states = tensor("vit", "cases", "out.last_hidden_state").values();
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 32; j++) {
          assertThat(vectors[i * 32 + j]).isCloseTo(states[i * 17 * 32 + j],
              within(1e-5f));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vit", "resnet-basic", "resnet-bottleneck", "clip"})
  void aTapeSeesEveryTrainableParameter(String model) {
    try (VisionEncoder encoder = open(model); Scope scope = TensorRuntime.get().scope()) {
      encoder.setTraining(FineTuning.full());
      NDArray x = pixels(scope, model);
      int examples = (int) x.getShape().get(0);
      Tape tape = new Tape(scope, examples, encoder.parameters());
      tape.backward(encoder.forward(scope, x, tape).square().sum());
      assertThat(tape.clippedSum(scope.manager().ones(new Shape(examples))).keySet())
          .containsExactlyInAnyOrderElementsOf(encoder.parameters());
    }
  }

  @ParameterizedTest
  @CsvSource({"vit, vit.", "resnet-basic, resnet."})
  void aClassifiersCheckpointGivesTheSameNumbers(String model, String prefix) {
    rewrite(model, config -> {}, tensors -> {
      List<FloatTensor> changed = new ArrayList<>();
      tensors.forEach(tensor -> changed.add(tensor.named(prefix + tensor.name())));
      changed.add(new FloatTensor("classifier.weight", new long[]{2, 3}, new float[6]));
      changed.add(new FloatTensor(prefix + "pooler.dense.bias", new long[]{3}, new float[3]));
      return changed;
    });
    try (VisionEncoder encoder = Encoders.load(folder, VisionEncoder.class);
        GradMode off = inference();
        Scope scope = TensorRuntime.get().scope()) {
      assertClose(encoder.states(scope, pixels(scope, model), null), model, "last_hidden_state");
    }
  }

  /** Half the bits of the weights: within a hundredth of the states' size. */
  @Test
  void aCheckpointMayBeShardedAndNarrow() throws Exception {
    Path from = TestFiles.resource("hf-tiny/vit");
    List<FloatTensor> all = new ArrayList<>();
    try (SafeTensors source = SafeTensors.read(from.resolve("model.safetensors"))) {
      source.names().forEach(name -> all.add(source.tensor(name)));
    }
    Checkpoints.save(folder, all, ElementType.BF16, 20_000);
    Files.copy(from.resolve("config.json"), folder.resolve("config.json"));
    assertThat(folder.resolve("model.safetensors")).doesNotExist();
    try (VisionEncoder encoder = Encoders.load(folder, VisionEncoder.class);
        GradMode off = inference();
        Scope scope = TensorRuntime.get().scope()) {
      float[] states = encoder.states(scope, pixels(scope, "vit"), null).toFloatArray();
      float[] expected = tensor("vit", "cases", "out.last_hidden_state").values();
      assertThat(TestFiles.excess(states, expected, 3e-2, 1e-2)).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void theBareTowerOfClipHasNoPrefixAndNoProjection() {
    rewrite("clip", config -> {
      ObjectNode vision = config.path("vision_config").deepCopy();
      config.removeAll();
      config.setAll(vision);
    }, tensors -> tensors.stream()
        .filter(tensor -> tensor.name().startsWith("vision_model."))
        .map(tensor -> tensor.named(tensor.name().substring("vision_model.".length())))
        .toList());
    try (VisionEncoder bare = Encoders.load(folder, VisionEncoder.class);
        VisionEncoder whole = open("clip");
        GradMode off = inference();
        Scope scope = TensorRuntime.get().scope()) {
      assertThat(bare.dimension()).isEqualTo(32);
      assertThat(whole.dimension()).isEqualTo(24);
      NDArray x = pixels(scope, "clip");
      assertThat(bare.states(scope, x, null).toFloatArray()).isEqualTo(whole.states(scope, x, null).toFloatArray());
    }
  }

  @Test
  void batchStatisticsAreSavedAndNeverLearn() {
    try (VisionEncoder encoder = open("resnet-basic")) {
      encoder.setTraining(FineTuning.full());
      assertThat(encoder.parameters()).noneMatch(parameter -> parameter.name().contains("running"));
      encoder.save(folder);
    }
    try (SafeTensors saved = SafeTensors.read(folder.resolve("model.safetensors"));
        SafeTensors first = SafeTensors.read(TestFiles.resource("hf-tiny/resnet-basic").resolve("model.safetensors"))) {
      first.names()
          .stream()
          .filter(name -> !name.endsWith("num_batches_tracked"))
          .forEach(name -> assertThat(saved.tensor(name).values()).as(name).isEqualTo(first.tensor(name).values()));
    }
  }

  @Test
  void aSavedFolderKeepsTheKeysOfItsConfiguration() {
    try (VisionEncoder encoder = open("vit")) {
      encoder.save(folder);
    }
    JsonNode saved = Encoders.config(folder);
    assertThat(saved).isEqualTo(Encoders.config(TestFiles.resource("hf-tiny/vit")));
    assertThat(folder.resolve("preprocessor_config.json")).exists();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "vit | hidden_act | \"mish\" | UNSUPPORTED_MODEL | the activation 'mish' is not supported; supported are [gelu,",
    "vit | patch_size | 7 | INVALID_CONFIG | image_size 32 by 32 is not divisible by patch_size 7",
    "vit | num_channels | 1 | UNSUPPORTED_MODEL | num_channels 1 is not supported; supported are 3",
    "vit | num_hidden_layers | 3 | TENSOR_MISSING | encoder.layer.2.intermediate.dense.weight",
    "vit | hidden_size | 36 | SHAPE_MISMATCH | has shape [32, 3, 8, 8] but the model needs [36, 3, 8, 8]",
    "vit | num_attention_heads | 5 | INVALID_CONFIG | width 32 does not divide into 5 heads",
    "vit | image_size | \"big\" | INVALID_CONFIG | image_size must be a whole number from 1 to 65536 but is \"big\"",
    "resnet-basic | layer_type | \"dense\" | UNSUPPORTED_MODEL | layer_type 'dense' is not supported; supported are",
    "resnet-basic | depths | [2,2,1] | INVALID_CONFIG | hidden_sizes and depths must be equally many",
    "resnet-basic | depths | [60000,60000,1,1] | INVALID_CONFIG | depths must sum to at most 10000",
    "resnet-basic | depths | [2,2,1,2] | TENSOR_MISSING | encoder.stages.3.layers.1.layer.0.convolution.weight",
    "resnet-bottleneck | hidden_sizes | [16,32,48,80] | SHAPE_MISMATCH | encoder.stages.3.layers.0.layer.0"})
  void whatDoesNotFitIsNamed(String model, String field, String value, String code, String message) {
    rewrite(model, config -> config.set(field, parse(value)), UnaryOperator.identity());
    assertThatExceptionOfType(EncoderException.class).isThrownBy(() -> Encoders.load(folder))
        .withMessageContaining(message)
        .withMessageMatching("[^\\n]*")
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aMissingTensorIsNamed() {
    rewrite("vit", config -> {}, tensors -> tensors.stream().filter(t -> !t.name().equals("layernorm.bias")).toList());
    assertThatExceptionOfType(EncoderException.class).isThrownBy(() -> Encoders.load(folder))
        .withMessageContaining("layernorm.bias")
        .satisfies(e -> assertThat(e.code()).isEqualTo("TENSOR_MISSING"));
  }

  @Test
  void preprocessingOfAnotherSizeIsRefused() throws Exception {
    rewrite("vit", config -> {}, UnaryOperator.identity());
    Files.writeString(folder.resolve("preprocessor_config.json"), "{\"size\":{\"height\":48,\"width\":48}}");
    assertThatExceptionOfType(EncoderException.class).isThrownBy(() -> Encoders.load(folder))
        .withMessageContaining("gives pictures of 48 by 48 pixels but the model reads 32 by 32")
        .satisfies(e -> assertThat(e.code()).isEqualTo("INVALID_CONFIG"));
  }

  /** A copy of a model in {@link #folder}, with another configuration and other tensors. */
  private void rewrite(String model, Consumer<ObjectNode> config, UnaryOperator<List<FloatTensor>> tensors) {
    Path from = TestFiles.resource("hf-tiny/" + model);
    ObjectNode json = Encoders.config(from).deepCopy();
    config.accept(json);
    List<FloatTensor> all = new ArrayList<>();
    try (SafeTensors source = SafeTensors.read(from.resolve("model.safetensors"))) {
      source.names()
          .stream()
          .filter(name -> !name.endsWith("num_batches_tracked"))
          .forEach(name -> all.add(source.tensor(name)));
      Files.writeString(folder.resolve("config.json"), json.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SafeTensors.write(folder.resolve("model.safetensors"), tensors.apply(all), Map.of());
  }

  private static JsonNode parse(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static VisionEncoder open(String model) {
    Path from = TestFiles.resource("hf-tiny/" + model);
    return model.equals("clip") ? ClipVisionEncoder.loadFolder(from) : Encoders.load(from, VisionEncoder.class);
  }

  private static GradMode inference() {
    return TensorRuntime.get().inference();
  }

  private static NDArray pixels(Scope scope, String model) {
    FloatTensor in = tensor(model, "cases", "in.pixel_values");
    return scope.floats(in.values(), in.shape());
  }

  private static FloatTensor tensor(String model, String file, String name) {
    try (SafeTensors cases = SafeTensors.read(TestFiles.resource("hf-tiny/" + model).resolve(file + ".safetensors"))) {
      return cases.tensor(name);
    }
  }

  private static void assertClose(NDArray actual, String model, String output) {
    FloatTensor expected = tensor(model, "cases", "out." + output);
    assertThat(LongStream.of(actual.getShape().getShape()).boxed().toList())
        .isEqualTo(LongStream.of(expected.shape()).boxed().toList());
    assertThat(TestFiles.excess(actual.toFloatArray(), expected.values(), 1e-5, 1e-5)).isLessThanOrEqualTo(1);
  }
}
