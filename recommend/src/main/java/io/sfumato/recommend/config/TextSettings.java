package io.sfumato.recommend.config;

import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.text.TextAugmentation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which encoder reads texts.
 *
 * @param encoder {@code minilm}, the directory of a checkpoint, or {@code none}
 * @param train how much of it learns
 * @param maxTokens longer texts are cut, 8 to 512
 * @param augmentation how texts are varied while an encoder learns
 * @param also checkpoints' directories of more encoders of texts, each a modality of its own
 * @param vectors a file of vectors that stand for the texts, in place of the encoder; null for none
 */
public record TextSettings(String encoder, FineTuning train, int maxTokens, TextAugmentation augmentation,
    List<String> also,
    @Nullable String vectors) {
  public TextSettings {
    if (vectors != null) {
      Check.notBlank("text.vectors", vectors);
      train = FineTuning.frozen();
    }
    Check.notBlank("text.encoder", encoder);
    Check.within("text.max-tokens", maxTokens, 8, 512);
    also = List.copyOf(also);
    Check.more("text", encoder, vectors, also);
  }

  /** Whether texts are read at all. */
  public boolean enabled() {
    return vectors != null || !encoder.equals("none");
  }
}
