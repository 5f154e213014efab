package io.sfumato.encoders.clip;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.EncoderFormat;
import io.sfumato.encoders.ModelFolder;
import io.sfumato.encoders.image.ClipVisionEncoder;
import io.sfumato.encoders.text.ClipTextEncoder;
import java.nio.file.Path;

/** Opens one tower of a whole CLIP, by the kind of encoder that is asked for. */
public final class ClipFormat implements EncoderFormat {
  @Override
  public String modelType() {
    return ClipModel.MODEL_TYPE;
  }

  /** @throws EncoderException {@code UNSUPPORTED_MODEL} always: the folder has two encoders, one must be chosen */
  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config) {
    throw new EncoderException("UNSUPPORTED_MODEL", directory
        + ": CLIP has an encoder of texts and one of images; ask for a TextEncoder or an ImageEncoder, or open both by"
        + " ClipModel.load");
  }

  @Override
  public Encoder<?, ?> open(Path directory, JsonNode config, Class<? extends Encoder<?, ?>> kind) {
    if (kind.isAssignableFrom(ClipTextEncoder.class) && !kind.isAssignableFrom(ClipVisionEncoder.class)) {
      return ClipTextEncoder.loadFolder(directory);
    }
    if (kind.isAssignableFrom(ClipVisionEncoder.class) && !kind.isAssignableFrom(ClipTextEncoder.class)) {
      return ClipVisionEncoder.loadFolder(ModelFolder.model(directory));
    }
    return open(directory, config);
  }
}
