package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.ModelFolder;
import io.sfumato.encoders.checkpoint.Checkpoint;
import io.sfumato.encoders.checkpoint.Checkpoints;
import io.sfumato.encoders.checkpoint.Weights;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.Linear;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the modules of a sentence-transformers folder behind its first one, which is the transformer. */
final class SentenceModules {
  private static final String FILE = "modules.json";
  private static final Map<String, Activation> ACTIVATIONS = Map.of("Tanh", Activation.TANH, "GELU", Activation.GELU,
      "ReLU", Activation.RELU, "SiLU", Activation.SILU);
  private static final String IDENTITY = "torch.nn.modules.linear.Identity";
  private static final int MAX_FEATURES = 1 << 20;

  private final Path root;
  private int width;
  private @Nullable Pooling pooling;
  private final List<HeadStep> steps = new ArrayList<>();

  private SentenceModules(Path root, int width) {
    this.root = root;
    this.width = width;
  }

  /** The folder's head; the unit mean where it has no {@code modules.json}. */
  static SentenceHead read(Path root, int width) {
    if (!Files.isRegularFile(root.resolve(FILE))) {
      return SentenceHead.mean(true);
    }
    SentenceModules reader = new SentenceModules(root, width);
    try {
      return reader.read();
    } catch (RuntimeException e) {
      reader.steps.forEach(step -> step.layers().forEach(Layer::close));
      throw e;
    }
  }

  private SentenceHead read() {
    JsonNode modules = ModelFolder.json(root.resolve(FILE));
    for (int i = 1; i < modules.size(); i++) {
      String type = modules.get(i).path("type").asText();
      Path folder = ModelFolder.inside(root, modules.get(i).path("path").asText());
      String name = type.substring(type.lastIndexOf('.') + 1);
      switch (name) {
        case "Pooling" -> pool(folder);
        case "Dense" -> dense(folder);
        case "LayerNorm" -> norm(folder);
        case "Normalize" -> steps.add(new HeadStep.Normalize());
        case "Dropout" -> {
          // Not active at inference; fine-tuning has a dropout of its own.
        }
        default -> throw new EncoderException("UNSUPPORTED_MODEL", root.resolve(FILE) + ": the module '" + type
            + "' is not supported; supported are Transformer, Pooling, Dense, LayerNorm, Dropout and Normalize");
      }
    }
    if (pooling == null) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          root.resolve(FILE) + ": without a module Pooling there is no vector a text");
    }
    return new SentenceHead(pooling, steps);
  }

  private void pool(Path folder) {
    if (pooling != null || !steps.isEmpty()) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          root.resolve(FILE) + ": Pooling must come once, directly after the transformer");
    }
    JsonNode config = Encoders.config(folder);
    List<Pooling.Mode> modes = new ArrayList<>();
    JsonNode named = config.path("pooling_mode");
    if (named.isTextual() || named.isArray()) {
      String names = named.isTextual() ? named.asText() : String.join("+", texts(named));
      try {
        modes.addAll(Pooling.parse(names).modes());
      } catch (IllegalArgumentException e) {
        throw new EncoderException("UNSUPPORTED_MODEL", folder + ": " + e.getMessage(), e);
      }
    } else {
      Arrays.stream(Pooling.Mode.values()).filter(mode -> config.path(mode.key()).asBoolean()).forEach(modes::add);
    }
    if (modes.isEmpty()) {
      throw new EncoderException("UNSUPPORTED_MODEL", folder + ": config.json asks for no pooling mode that is known; "
          + "supported are " + Arrays.stream(Pooling.Mode.values()).map(Pooling.Mode::key).toList());
    }
    int stated = config.path("word_embedding_dimension").asInt(width);
    if (stated != width) {
      throw new EncoderException("SHAPE_MISMATCH",
          folder + ": pooling is for states of width " + stated + " but the transformer's have " + width);
    }
    pooling = new Pooling(modes);
    width = pooling.dimension(width);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }

  private void dense(Path folder) {
    JsonNode config = Encoders.config(folder);
    int in = config.path("in_features").asInt();
    int out = config.path("out_features").asInt();
    if (in != width || out < 1 || out > MAX_FEATURES) {
      throw new EncoderException("SHAPE_MISMATCH", folder + ": a layer from " + in + " to " + out
          + " features cannot follow vectors of length " + width);
    }
    boolean bias = config.path("bias").asBoolean(true);
    Activation activation = activation(config.path("activation_function").asText("torch.nn.modules.activation.Tanh"),
        folder);
    String prefix = prefix("Dense");
    try (Checkpoint weights = Checkpoints.open(folder)) {
      weights.check("linear.weight", out, in); // Before memory is taken for what the configuration claims.
      Linear linear = new Linear(prefix + "linear", in, out, bias, Init.none());
      steps.add(new HeadStep.Dense(linear, activation, out, bias));
      Weights.load(weights.renamed(name -> prefix + name), linear.parameters());
    }
    width = out;
  }

  private void norm(Path folder) {
    String prefix = prefix("LayerNorm");
    try (Checkpoint weights = Checkpoints.open(folder)) {
      weights.check("norm.weight", width);
      LayerNorm norm = new LayerNorm(prefix + "norm", width, HeadStep.Norm.EPS, Init.none());
      steps.add(new HeadStep.Norm(norm));
      Weights.load(weights.renamed(name -> prefix + name), norm.parameters());
    }
  }

  /** Names as they will be when the folder is saved, so that what is saved and opened again is named the same. */
  private String prefix(String module) {
    return (2 + steps.size()) + "_" + module + ".";
  }

  private static @Nullable Activation activation(String torchName, Path folder) {
    String name = torchName.substring(torchName.lastIndexOf('.') + 1);
    if (name.equals("Identity")) {
      return null;
    }
    Activation activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw new EncoderException("UNSUPPORTED_MODEL", folder + ": the activation '" + torchName
          + "' is not supported; supported are Identity, " + String.join(", ", ACTIVATIONS.keySet()
              .stream()
              .sorted()
              .toList()));
    }
    return activation;
  }

  /** PyTorch's name of an activation. */
  static String torchName(@Nullable Activation activation) {
    return ACTIVATIONS.entrySet()
        .stream()
        .filter(entry -> entry.getValue() == activation)
        .findFirst()
        .map(entry -> "torch.nn.modules.activation." + entry.getKey())
        .orElse(IDENTITY);
  }
}
