package io.sfumato.encoders.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderFormat;
import java.nio.file.Path;

/** Opens the vision tower of CLIP where a folder holds nothing else. */
public final class ClipVisionFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return ClipVisionEncoder.MODEL_TYPE;
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    return ClipVisionEncoder.loadFolder(directory, config);
  }
}
