package io.sfumato.encoders;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Set;

/**
 * Opens encoders of one architecture from their folder. Found by {@link java.util.ServiceLoader}, so that an
 * architecture can be added by a class on the class path, without changing any other.
 */
public interface EncoderFormat {
  /** The {@code model_type} in {@code config.json} that this opens, such as {@code bert}. */
  String modelType();

  /** All model types that this opens, where an architecture has several names. */
  default Set<String> modelTypes() {
    return Set.of(modelType());
  }

  /**
   * Opens a folder.
   *
   * @param directory the folder that was asked for; where it is one of sentence-transformers, the model may lie in the
   *     sub-folder that {@link ModelFolder#model} names
   * @param config the model's {@code config.json}, whose {@code model_type} is one of {@link #modelTypes()}
   * @throws EncoderException when something in it is missing or does not fit
   */
  Encoder<?, ?> open(Path directory, JsonNode config);

  /**
   * Opens the encoder of a kind from a folder that may hold several, such as CLIP's, which has one of texts and one of
   * images.
   *
   * @param kind the interface or class that is needed, such as {@code TextEncoder}
   * @return of that kind wherever the folder has one; else an encoder of another kind, or an error
   */
  default Encoder<?, ?> open(Path directory, JsonNode config, Class<? extends Encoder<?, ?>> kind) {
    return open(directory, config);
  }
}
