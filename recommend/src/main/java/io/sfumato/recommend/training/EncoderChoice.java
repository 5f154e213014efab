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
   * @param wanted {@code text}, {@code image} or both, empty for both: all encoders of a kind come together
   * @return modalities whose encoders the caller owns, until a model takes them over
   */
  static List<Modality<?, ?>> open(SfumatoConfig config, List<String> wanted) {
    List<Modality<?, ?>> modalities = new ArrayList<>();
    try {
      if (config.text().enabled() && (wanted.isEmpty() || wanted.contains("text"))) {
        String vectors = config.text().vectors();
        modalities.add(vectors == null ? Modality.text(text(config.text(), config.text().encoder()))
            : SuppliedVectors.open("text", vectors));
        for (int i = 0; i < config.text().also().size(); i++) {
          modalities.add(Modality.text("text-" + (i + 2), text(config.text(), config.text().also().get(i))));
        }
      }
      if (config.image().enabled() && (wanted.isEmpty() || wanted.contains("image"))) {
        String vectors = config.image().vectors();
        modalities.add(vectors == null ? Modality.image(image(config.image(), config.image().encoder(), config.seed()))
            : SuppliedVectors.open("image", vectors));
        for (int i = 0; i < config.image().also().size(); i++) {
          modalities.add(Modality.image("image-" + (i + 2),
              image(config.image(), config.image().also().get(i), config.seed() + i + 1)));
        }
      }
      return modalities;
    } catch (RuntimeException e) {
      modalities.forEach(modality -> modality.encoder().close());
      throw e;
    }
  }

  private static TextEncoder text(TextSettings settings, String name) {
    return name.equals("minilm")
        ? MiniLm.load(Math.min(settings.maxTokens(), MiniLm.MAX_TOKENS))
        : Encoders.load(folder(name, "text.encoder", "minilm"), TextEncoder.class);
  }

  private static ImageEncoder image(ImageSettings settings, String name, long seed) {
    if (name.equals("resnet")) {
      List<Integer> blocks = Collections.nCopies(settings.widths().size(), settings.blocks());
      return new ResNetEncoder(new ResNetConfig(settings.size(), settings.widths(), blocks, GROUPS,
          settings.widths().getLast(), seed));
    }
    if (ZooEncoder.isUrl(name)) {
      return ZooEncoder.load(name);
    }
    Path folder = folder(name, "image.encoder", "resnet");
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
