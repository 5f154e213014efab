package io.sfumato.encoders.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderFormat;
import java.nio.file.Path;

/** Opens vision transformers. */
public final class ViTFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return ViTEncoder.MODEL_TYPE;
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    return ViTEncoder.loadFolder(directory, config);
  }
}
