package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderFormat;
import java.nio.file.Path;
import java.util.Set;

/** Opens folders of RoBERTa, XLM-RoBERTa and CamemBERT. */
public final class RobertaFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return "roberta";
  }

  @Override
  public Set<String> modelTypes() {
    return RobertaEncoder.CLASSES.keySet();
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    return RobertaEncoder.loadFolder(TextFolder.of(directory, config));
  }
}
