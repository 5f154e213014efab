package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a text's states to its vector: pooling, then steps in their order. This is what the {@code modules.json} of a
 * sentence-transformers folder says behind the transformer. Owns the parameters of its steps.
 *
 * @param pooling states to one vector
 * @param steps what is done with it
 */
record SentenceHead(Pooling pooling, List<HeadStep> steps) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPES = "sentence_transformers.models.";

  SentenceHead {
    steps = List.copyOf(steps);
  }

  /** The mean of the states, of unit length where wanted. */
  static SentenceHead mean(boolean normalize) {
    return new SentenceHead(Pooling.MEAN, normalize ? List.of(new HeadStep.Normalize()) : List.of());
  }

  /** Whether this is what {@link #mean} makes. */
  boolean isPlainMean() {
    return pooling.equals(Pooling.MEAN) && (steps.isEmpty() || steps.equals(List.of(new HeadStep.Normalize())));
  }

  /** Whether the last thing that is done makes vectors of unit length. */
  boolean normalizes() {
    return !steps.isEmpty() && steps.getLast() instanceof HeadStep.Normalize;
  }

  /** The same, but with vectors of unit length or without; what comes before the last step stays. */
  SentenceHead normalizing(boolean wanted) {
    List<HeadStep> changed = new ArrayList<>(steps);
    while (!changed.isEmpty() && changed.getLast() instanceof HeadStep.Normalize) {
      changed.removeLast();
    }
    if (wanted) {
      changed.add(new HeadStep.Normalize());
    }
    return new SentenceHead(pooling, changed);
  }

  /** The length of the vectors that are made of states of a width. */
  int dimension(int width) {
    int dimension = pooling.dimension(width);
    for (HeadStep step : steps) {
      dimension = step.dimension(dimension);
    }
    return dimension;
  }

  /** Pooled states [n, …] to vectors [n, dimension], float32. */
  NDArray finish(Scope scope, NDArray pooled, @Nullable Tape tape) {
    NDArray x = pooled;
    for (HeadStep step : steps) {
      x = step.forward(scope, x, tape);
    }
    return TensorRuntime.get().kernels().toFloat(scope, x);
  }

  /** The layers that learn. */
  List<Layer> layers() {
    return steps.stream().flatMap(step -> step.layers().stream()).toList();
  }

  String description() {
    return pooling + " " + steps.stream().map(HeadStep::description).toList();
  }

  /** Writes {@code modules.json} and a folder for each module, so that sentence-transformers computes the same. */
  void save(Path directory, int width, TextReading reading) {
    ArrayNode modules = JSON.createArrayNode();
    module(modules, "", "Transformer");
    WholeFile.write(directory.resolve("sentence_bert_config.json"), JSON.createObjectNode()
        .put("max_seq_length", reading.maxTokens())
        .put("do_lower_case", reading.lowerCase())
        .toPrettyString() + "\n");
    ObjectNode config = JSON.createObjectNode().put("word_embedding_dimension", width);
    for (Pooling.Mode mode : Pooling.Mode.values()) {
      config.put(mode.key(), pooling.modes().contains(mode));
    }
    Path folder = directory.resolve(module(modules, "1_Pooling", "Pooling"));
    WholeFile.write(folder.resolve("config.json"), config.put("include_prompt", true).toPrettyString() + "\n");
    int dimension = pooling.dimension(width);
    for (HeadStep step : steps) {
      Path own = directory.resolve(module(modules, modules.size() + "_" + step.module(), step.module()));
      WholeFile.write(own.resolve("config.json"), step.config(dimension).toPrettyString() + "\n");
      List<FloatTensor> tensors = new ArrayList<>();
      for (Layer layer : step.layers()) {
        for (Parameter parameter : layer.parameters()) {
          String name = parameter.name();
          tensors.add(new FloatTensor(name.substring(name.indexOf('.') + 1), parameter.shape().getShape(),
              parameter.toArray()));
        }
      }
      if (!tensors.isEmpty()) {
        SafeTensors.write(own.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
      }
      dimension = step.dimension(dimension);
    }
    WholeFile.write(directory.resolve("config_sentence_transformers.json"), prompts(reading));
    WholeFile.write(directory.resolve("modules.json"), modules.toPrettyString() + "\n");
  }

  private static String prompts(TextReading reading) {
    ObjectNode root = JSON.createObjectNode().put("similarity_fn_name", "cosine");
    ObjectNode prompts = root.putObject("prompts");
    if (reading.prefix().isEmpty()) {
      root.putNull("default_prompt_name");
    } else {
      prompts.put("default", reading.prefix());
      root.put("default_prompt_name", "default");
    }
    return root.toPrettyString() + "\n";
  }

  private static String module(ArrayNode modules, String path, String type) {
    int index = modules.size();
    modules.addObject()
        .put("idx", index)
        .put("name", String.valueOf(index))
        .put("path", path)
        .put("type",
            TYPES + type);
    return path;
  }
}
