package io.sfumato.encoders.supplied;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderFormat;
import java.nio.file.Path;

/** Opens what {@link SuppliedEncoder#save} wrote. */
public final class SuppliedFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return SuppliedEncoder.MODEL_TYPE;
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    return new SuppliedEncoder(config.path("modality").asText(), config.path("dimension").asInt(),
        config.path("source").asText());
  }
}
