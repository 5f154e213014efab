package io.sfumato.encoders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JSON files of a model's folder, and where in it the model lies. */
public final class ModelFolder {
  /** The file that describes a model. */
  public static final String CONFIG = "config.json";

  private static final String MODULES = "modules.json";
  private static final long MAX_JSON = 16L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelFolder() {}

  /**
   * Where config, weights and tokenizer are: the folder itself, or the sub-folder that the {@code modules.json} of a
   * sentence-transformers folder names first.
   *
   * @throws EncoderException {@code MODEL_NOT_FOUND} when neither file is there, {@code INVALID_CONFIG} when the
   *     {@code modules.json} names no place inside the folder
   */
  public static Path model(Path root) {
    if (Files.isRegularFile(root.resolve(CONFIG)) || !Files.isRegularFile(root.resolve(MODULES))) {
      return root;
    }
    JsonNode first = json(root.resolve(MODULES)).path(0);
    if (!first.path("path").isTextual()) {
      throw new EncoderException("INVALID_CONFIG", root.resolve(MODULES) + ": the first module has no path");
    }
    return inside(root, first.path("path").asText());
  }

  /**
   * A folder inside another, by the name that a file gives it.
   *
   * @param name one name without separators; empty for the folder itself
   * @throws EncoderException {@code INVALID_CONFIG} when the name leads anywhere else
   */
  public static Path inside(Path root, String name) {
    if (!name.isEmpty() && !name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}")) {
      throw new EncoderException("INVALID_CONFIG",
          root + ": '" + (name.length() > 60 ? name.substring(0, 60) + "…" : name) + "' names no folder inside it");
    }
    return name.isEmpty() ? root : root.resolve(name);
  }

  /**
   * Reads a JSON file of at most 16 MiB.
   *
   * @throws EncoderException {@code INVALID_CONFIG} when it is no JSON, {@code IO} when it cannot be read
   */
  public static JsonNode json(Path file) {
    try {
      if (Files.size(file) > MAX_JSON) {
        throw new EncoderException("INVALID_CONFIG",
            file + ": " + Files.size(file) + " bytes are too many for a configuration; at most " + MAX_JSON);
      }
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (node.isMissingNode()) {
        throw new EncoderException("INVALID_CONFIG", file + ": the file is empty");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new EncoderException("INVALID_CONFIG", file + ": no readable JSON: "
          + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse(""), e);
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + file + ": " + e, e);
    }
  }
}
