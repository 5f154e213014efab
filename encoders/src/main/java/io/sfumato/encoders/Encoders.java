package io.sfumato.encoders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.encoders.adapter.Adapters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens encoders, whatever their architecture. */
public final class Encoders {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Encoders() {}

  /**
   * Opens what {@link Encoder#save} wrote, or a Hugging Face folder, by the {@code model_type} in its
   * {@code config.json}. Frozen; to be closed by the caller.
   *
   * @throws EncoderException {@code MODEL_NOT_FOUND} when there is no such folder, {@code UNSUPPORTED_MODEL} when
   *     nothing on the class path opens this model type, and what the architecture's own checks say. Adapters in the
   *     folder ({@link Adapters}) stand beside the layers then
   */
  public static Encoder<?, ?> load(Path directory) {
    JsonNode config = config(directory);
    Map<String, EncoderFormat> formats = formats();
    String type = config.path("model_type").asText();
    EncoderFormat format = formats.get(type);
    if (format == null) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          directory + ": the model type '" + type + "' is not supported; supported are " + formats.keySet());
    }
    Encoder<?, ?> encoder = format.open(directory, config);
    try {
      if (Adapters.in(directory)) {
        Adapters.load(encoder, directory);
      }
      return encoder;
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /**
   * Opens an encoder of a given kind; see {@link #load(Path)}.
   *
   * @throws EncoderException {@code UNSUPPORTED_MODEL} also when the folder holds an encoder of another kind
   */
  public static <E extends Encoder<?, ?>> E load(Path directory, Class<E> kind) {
    Encoder<?, ?> encoder = load(directory);
    if (!kind.isInstance(encoder)) {
      String modality = encoder.modality();
      encoder.close();
      throw new EncoderException("UNSUPPORTED_MODEL",
          directory + ": an encoder of modality '" + modality + "' where a " + kind.getSimpleName() + " is needed");
    }
    return kind.cast(encoder);
  }

  /** The folder's {@code config.json}. */
  public static JsonNode config(Path directory) {
    Path file = directory.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      throw new EncoderException("MODEL_NOT_FOUND", "no model in " + directory + ": it has no config.json");
    }
    try {
      JsonNode config = JSON.readTree(Files.readAllBytes(file));
      if (!config.isObject()) {
        throw new EncoderException("INVALID_CONFIG", file + ": not a JSON object");
      }
      return config;
    } catch (JsonProcessingException e) {
      throw new EncoderException("INVALID_CONFIG", file + ": no readable JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + file + ": " + e, e);
    }
  }

  private static Map<String, EncoderFormat> formats() {
    Map<String, EncoderFormat> formats = new TreeMap<>();
    for (EncoderFormat format : ServiceLoader.load(EncoderFormat.class, Encoders.class.getClassLoader())) {
      formats.put(format.modelType(), format);
    }
    return formats;
  }
}
