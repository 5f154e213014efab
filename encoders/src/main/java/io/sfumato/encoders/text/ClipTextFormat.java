package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderFormat;
import java.nio.file.Path;

/** Opens folders of CLIP's text tower alone. */
public final class ClipTextFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return ClipTextEncoder.MODEL_TYPE;
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    return ClipTextEncoder.loadFolder(TextFolder.of(directory, config));
  }
}
