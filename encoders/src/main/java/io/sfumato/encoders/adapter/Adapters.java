package io.sfumato.encoders.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.checkpoint.FloatTensor;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Low-rank adapters (LoRA, Hu et al. 2021) on disk: {@code adapter_config.json} and {@code adapter_model.safetensors}
 * with the names of Hugging Face's PEFT, so that adapters trained there open here and the other way round. An encoder
 * that is saved with adapters has both files in its folder and is opened with them.
 */
public final class Adapters {
  /** The description of the adapters: rank, alpha, targets. */
  public static final String CONFIG = "adapter_config.json";

  /** Their matrices. */
  public static final String WEIGHTS = "adapter_model.safetensors";

  private static final String PREFIX = "base_model.model.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Adapters() {}

  /**
   * Writes the adapters of an encoder, without the encoder.
   *
   * @throws EncoderException {@code ADAPTERS_MISSING} where it has none, {@code IO} when the disk refuses
   */
  public static void save(Encoder<?, ?> encoder, Path directory) {
    Backbone backbone = backbone(encoder);
    if (backbone.adapters() == null) {
      throw new EncoderException("ADAPTERS_MISSING",
          "the encoder has no adapters to save: train it with fine-tuning lora:RANK first");
    }
    saveAny(backbone, directory);
  }

  /** Writes adapters where there are any; for encoders that save themselves. */
  public static void saveAny(Backbone backbone, Path directory) {
    FineTuning.Lora lora = backbone.adapters();
    if (lora == null) {
      return;
    }
    if (backbone.adapted().stream().anyMatch(Linear::merged)) {
      throw new EncoderException("ADAPTERS_MISMATCH",
          "the adapters are merged into the weights: unmerge them before they are saved beside them");
    }
    List<FloatTensor> tensors = new ArrayList<>();
    for (Parameter parameter : backbone.adapterParameters()) {
      tensors.add(
          new FloatTensor(PREFIX + parameter.name(), parameter.shape().getShape(), parameter.toArray()));
    }
    SafeTensors.write(directory.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
    WholeFile.write(directory.resolve(CONFIG), config(lora, backbone.adapted()));
  }

  /** Whether a folder has adapters in it. */
  public static boolean in(Path directory) {
    return Files.isRegularFile(directory.resolve(CONFIG));
  }

  /**
   * Puts the adapters of a folder beside the layers of an encoder, frozen. The encoder must be the one that they were
   * trained on, or one like it.
   *
   * @throws EncoderException {@code ADAPTERS_MISMATCH} where they do not fit the encoder, {@code UNSUPPORTED_MODEL} for
   *     kinds of adapters that are not LoRA, {@code CHECKPOINT_CORRUPT}, {@code TENSOR_MISSING}, {@code SHAPE_MISMATCH}
   */
  public static void load(Encoder<?, ?> encoder, Path directory) {
    Backbone backbone = backbone(encoder);
    try (SafeTensors weights = SafeTensors.read(directory.resolve(WEIGHTS))) {
      backbone.setTraining(parse(directory.resolve(CONFIG)));
      backbone.setTraining(FineTuning.frozen());
      Set<String> left = new HashSet<>(weights.names());
      for (Parameter parameter : backbone.adapterParameters()) {
        String name = PREFIX + parameter.name();
        weights.check(name, parameter.shape().getShape());
        parameter.set(weights.tensor(name).values());
        left.remove(name);
      }
      if (!left.isEmpty()) {
        throw new EncoderException("ADAPTERS_MISMATCH", directory.resolve(WEIGHTS) + ": " + left.size()
            + " tensors fit no layer to be adapted, such as '" + new TreeSet<>(left).first()
            + "': the adapters are of another model");
      }
    }
  }

  private static Backbone backbone(Encoder<?, ?> encoder) {
    Backbone backbone = encoder.backbone();
    if (backbone == null) {
      throw new EncoderException("UNSUPPORTED_MODEL", "this " + encoder.modality()
          + " encoder has no native layers, so adapters cannot stand beside them");
    }
    return backbone;
  }

  private static String config(FineTuning.Lora lora, List<Linear> adapted) {
    Set<String> targets = new TreeSet<>();
    if (lora.targets().contains(FineTuning.Lora.ALL_LINEAR)) {
      targets.add(FineTuning.Lora.ALL_LINEAR);
    } else if (lora.targets().isEmpty()) {
      adapted.forEach(linear -> targets.add(linear.name().substring(linear.name().lastIndexOf('.') + 1)));
    } else {
      targets.addAll(lora.targets());
    }
    ObjectNode config = JSON.createObjectNode();
    config.put("peft_type", "LORA");
    config.put("task_type", "FEATURE_EXTRACTION");
    config.put("base_model_name_or_path", "");
    config.put("r", lora.rank());
    config.put("lora_alpha", lora.alpha());
    config.put("lora_dropout", 0.0);
    config.put("bias", "none");
    config.put("fan_in_fan_out", false);
    config.put("inference_mode", true);
    targets.forEach(config.putArray("target_modules")::add);
    return config.toPrettyString() + "\n";
  }

  private static FineTuning.Lora parse(Path file) {
    try {
      JsonNode config = JSON.readTree(Files.readAllBytes(file));
      String type = config.path("peft_type").asText("LORA");
      if (!type.equals("LORA") || config.path("use_dora").asBoolean() || config.path("use_rslora").asBoolean()
          || !config.path("bias").asText("none").equals("none") || !config.path("rank_pattern").isEmpty()
          || !config.path("alpha_pattern").isEmpty()) {
        throw new EncoderException("UNSUPPORTED_MODEL", file + ": adapters of type '" + type
            + "' with these options are not supported; supported is plain LORA, one rank, without biases");
      }
      Set<String> targets = new TreeSet<>();
      JsonNode modules = config.path("target_modules");
      if (modules.isTextual()) {
        targets.add(modules.asText());
      } else {
        modules.forEach(target -> targets.add(target.asText()));
      }
      if (targets.isEmpty()) {
        throw new EncoderException("INVALID_CONFIG", file + ": no target_modules");
      }
      int rank = config.path("r").asInt();
      return new FineTuning.Lora(rank, config.path("lora_alpha").asDouble(rank), targets);
    } catch (JsonProcessingException e) {
      throw new EncoderException("INVALID_CONFIG", file + ": no readable JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new EncoderException("INVALID_CONFIG", file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + file + ": " + e, e);
    }
  }
}
