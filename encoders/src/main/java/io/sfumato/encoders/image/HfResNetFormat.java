package io.sfumato.encoders.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderFormat;
import java.nio.file.Path;

/** Opens the residual networks of Hugging Face folders. */
public final class HfResNetFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return HfResNetEncoder.MODEL_TYPE;
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    return HfResNetEncoder.loadFolder(directory, config);
  }
}
