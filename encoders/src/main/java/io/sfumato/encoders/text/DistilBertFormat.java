package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderFormat;
import java.nio.file.Path;

/** Opens DistilBERT folders. */
public final class DistilBertFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return DistilBertEncoder.MODEL_TYPE;
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    return DistilBertEncoder.loadFolder(TextFolder.of(directory, config));
  }
}
