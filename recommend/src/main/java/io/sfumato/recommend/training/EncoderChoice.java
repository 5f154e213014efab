package io.sfumato.recommend.training;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.image.ResNetConfig;
import io.sfumato.encoders.image.ResNetEncoder;
import io.sfumato.encoders.image.ZooEncoder;
import io.sfumato.encoders.text.MiniLm;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.Modality;
import io.sfumato.recommend.config.ImageSettings;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.config.TextSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Opens the encoders that a configuration names. */
final class EncoderChoice {
  private static final int GROUPS = 8;

  private EncoderChoice() {}

  /**
   * A modality for each encoder that the configuration names, text first.
   *
   * @param wanted names of the modalities to open, empty for all
   * @return modalities whose encoders the caller owns, until a model takes them over
   */
  static List<Modality<?, ?>> open(SfumatoConfig config, List<String> wanted) {
    List<Modality<?, ?>> modalities = new ArrayList<>();
    try {
      if (config.text().enabled() && (wanted.isEmpty() || wanted.contains("text"))) {
        String vectors = config.text().vectors();
        modalities.add(vectors == null ? Modality.text(text(config.text())) : SuppliedVectors.open("text", vectors));
      }
      if (config.image().enabled() && (wanted.isEmpty() || wanted.contains("image"))) {
        String vectors = config.image().vectors();
        modalities.add(vectors == null ? Modality.image(image(config.image(), config.seed()))
            : SuppliedVectors.open("image", vectors));
      }
      return modalities;
    } catch (RuntimeException e) {
      modalities.forEach(modality -> modality.encoder().close());
      throw e;
    }
  }

  private static TextEncoder text(TextSettings settings) {
    return settings.encoder().equals("minilm")
        ? MiniLm.load(Math.min(settings.maxTokens(), MiniLm.MAX_TOKENS))
        : Encoders.load(folder(settings.encoder(), "text.encoder", "minilm"), TextEncoder.class);
  }

  private static ImageEncoder image(ImageSettings settings, long seed) {
    if (settings.encoder().equals("resnet")) {
      List<Integer> blocks = Collections.nCopies(settings.widths().size(), settings.blocks());
      return new ResNetEncoder(new ResNetConfig(settings.size(), settings.widths(), blocks, GROUPS,
          settings.widths().getLast(), seed));
    }
    if (settings.encoder().startsWith("djl://")) {
      return ZooEncoder.load(settings.encoder());
    }
    Path folder = folder(settings.encoder(), "image.encoder", "resnet");
    return Files.exists(folder.resolve("config.json"))
        ? Encoders.load(folder, ImageEncoder.class)
        : ZooEncoder.load(folder);
  }

  private static Path folder(String value, String key, String builtIn) {
    Path folder = Path.of(value);
    if (!Files.isDirectory(folder)) {
      throw new EncoderException("MODEL_NOT_FOUND",
          "%s is '%s', which is neither '%s' nor a folder that exists".formatted(key, value, builtIn));
    }
    return folder;
  }
}
