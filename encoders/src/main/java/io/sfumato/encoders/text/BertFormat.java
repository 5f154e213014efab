package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderFormat;
import java.nio.file.Path;

/** Opens BERT folders. */
public final class BertFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return BertEncoder.MODEL_TYPE;
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    return BertEncoder.loadFolder(TextFolder.of(directory, config));
  }
}
