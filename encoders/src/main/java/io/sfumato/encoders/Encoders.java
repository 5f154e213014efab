package io.sfumato.encoders;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.adapter.Adapters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens encoders, whatever their architecture. */
public final class Encoders {
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
    return withAdapters(directory, format(directory, config).open(directory, config));
  }

  /**
   * Opens an encoder of a given kind, where a folder has several the one of that kind; see {@link #load(Path)}.
   *
   * @throws EncoderException {@code UNSUPPORTED_MODEL} also when the folder holds an encoder of another kind
   */
  public static <E extends Encoder<?, ?>> E load(Path directory, Class<E> kind) {
    JsonNode config = config(directory);
    Encoder<?, ?> encoder = format(directory, config).open(directory, config, kind);
    if (!kind.isInstance(encoder)) {
      String modality = encoder.modality();
      encoder.close();
      throw new EncoderException("UNSUPPORTED_MODEL",
          directory + ": an encoder of modality '" + modality + "' where a " + kind.getSimpleName() + " is needed");
    }
    return kind.cast(withAdapters(directory, encoder));
  }

  private static Encoder<?, ?> withAdapters(Path directory, Encoder<?, ?> encoder) {
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

  private static EncoderFormat format(Path directory, JsonNode config) {
    Map<String, EncoderFormat> formats = formats();
    String type = config.path("model_type").asText();
    EncoderFormat format = formats.get(type);
    if (format == null) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          directory + ": the model type '" + type + "' is not supported; supported are " + formats.keySet());
    }
    return format;
  }

  /**
   * The model's {@code config.json}: the folder's own, or in a sentence-transformers folder without one that of its first
   * module.
   *
   * @throws EncoderException {@code MODEL_NOT_FOUND} when there is none, {@code INVALID_CONFIG} when it is no JSON object
   */
  public static JsonNode config(Path directory) {
    Path file = ModelFolder.model(directory).resolve(ModelFolder.CONFIG);
    if (!Files.isRegularFile(file)) {
      throw new EncoderException("MODEL_NOT_FOUND", "no model in " + directory + ": it has no config.json");
    }
    JsonNode config = ModelFolder.json(file);
    if (!config.isObject()) {
      throw new EncoderException("INVALID_CONFIG", file + ": not a JSON object");
    }
    return config;
  }

  private static Map<String, EncoderFormat> formats() {
    Map<String, EncoderFormat> formats = new TreeMap<>();
    for (EncoderFormat format : ServiceLoader.load(EncoderFormat.class, Encoders.class.getClassLoader())) {
      format.modelTypes().forEach(type -> formats.put(type, format));
    }
    return formats;
  }
}
