package io.sfumato.fusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.supplied.SuppliedEncoder;
import io.sfumato.encoders.text.BertEncoder;
import io.sfumato.encoders.text.MiniLm;
import io.sfumato.encoders.text.TextEncoder;
import java.nio.file.Path;
import java.util.List;

/**
 * The encoders of a model's modalities on disk: a folder {@code encoder-NAME} each, and an entry with name, kind, length and fingerprint in the model's description. The text encoder that comes with the
 * software is named there instead of copied.
 */
public final class EncoderFiles {
  private static final String BUILT_IN = "all-MiniLM-L6-v2";

  private EncoderFiles() {}

  /**
   * Writes the encoders.
   *
   * @param entries the list in the model's description, which gets an entry a modality
   * @param directory of the model
   */
  public static void write(List<Modality<?, ?>> modalities, ArrayNode entries, Path directory) {
    for (Modality<?, ?> modality : modalities) {
      Encoder<?, ?> encoder = modality.encoder();
      String fingerprint = encoder.fingerprint();
      ObjectNode entry = entries.addObject();
      entry.put("name", modality.name()).put("kind", encoder.modality()).put("fingerprint", fingerprint);
      entry.put("inputs", encoder.dimension());
      if (encoder instanceof BertEncoder bert && isBuiltIn(bert, fingerprint)) {
        entry.put("builtIn", BUILT_IN).put("maxTokens", bert.maxTokens());
      } else {
        encoder.save(directory.resolve("encoder-" + modality.name()));
      }
    }
  }

  private static boolean isBuiltIn(BertEncoder encoder, String fingerprint) {
    try (BertEncoder original = MiniLm.load(encoder.maxTokens())) {
      return original.fingerprint().equals(fingerprint);
    }
  }

  /**
   * Opens what {@link #write} wrote for one modality; the caller owns the encoder.
   *
   * @param entry of the list
   * @param directory of the model
   * @throws FusionException {@code MODEL_CORRUPT} where the encoder is not the one that was written
   */
  public static Modality<?, ?> read(JsonNode entry, Path directory) {
    String name = entry.path("name").asText();
    Encoder<?, ?> encoder = entry.has("builtIn") ? MiniLm.load(entry.path("maxTokens").asInt(MiniLm.MAX_TOKENS))
        : Encoders.load(directory.resolve("encoder-" + name));
    String expected = entry.path("fingerprint").asText();
    if (!encoder.fingerprint().equals(expected)) {
      encoder.close();
      throw new FusionException("MODEL_CORRUPT",
          "the encoder of '%s' in %s has changed: its fingerprint is not %s; copy the model anew".formatted(name,
              directory, expected));
    }
    return switch (encoder) {
      case TextEncoder text -> Modality.text(name, text);
      case ImageEncoder image -> Modality.image(name, image);
      case SuppliedEncoder supplied -> Modality.supplied(name, supplied, item -> null); // new items bring their own
      default -> {
        encoder.close();
        throw new FusionException("UNSUPPORTED_MODALITY",
            "modality '%s' of %s reads neither text nor images nor supplied vectors; it cannot be opened from files"
                .formatted(name,
                    directory));
      }
    };
  }
}
