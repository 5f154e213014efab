package io.sfumato.recommend.cli;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.image.ResNetConfig;
import io.sfumato.encoders.image.ResNetEncoder;
import io.sfumato.encoders.image.ZooEncoder;
import io.sfumato.encoders.text.MiniLm;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.Modality;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which encoders a classifier reads with, and how much of them learns. */
final class ClassifierEncoders {
  private static final String MINILM = "minilm";
  private static final String SCRATCH = "scratch";

  @Option(names = "--modalities", paramLabel = "text|image", split = ",", description = "What is read of an item. Default: text,image.")
  private List<Kind> modalities = List.of(Kind.text, Kind.image);

  @Option(names = "--text-encoder", paramLabel = "minilm|DIR", defaultValue = MINILM, description = "Of the texts: built in, or a checkpoint's folder. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String text;

  @Option(names = "--image-encoder", paramLabel = "scratch|DIR|URL", defaultValue = SCRATCH, description = "Of the pictures: a small network that begins with random weights, a checkpoint's folder, or a djl:// URL. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String image;

  @Option(names = "--max-tokens", paramLabel = "N", defaultValue = "64", description = "Longest text that minilm reads. Default: ${DEFAULT-VALUE}.")
  private int maxTokens;

  @Option(names = "--fine-tune", paramLabel = "HOW", description = "How much of the encoders learns: frozen, lora:RANK, last:N or full. Default: frozen; full for scratch.")
  private @Nullable String fineTune;

  @Option(names = "--image-fine-tune", paramLabel = "HOW", description = "The same for the image encoder alone.")
  private @Nullable String imageFineTune;

  /** What of an item can be read. */
  enum Kind {
    /** Its title and text. */
    text,
    /** Its picture. */
    image
  }

  /** How much of the text encoder learns. */
  FineTuning textTuning() {
    return fineTune == null ? FineTuning.frozen() : FineTuning.parse(fineTune);
  }

  /** How much of the image encoder learns. */
  FineTuning imageTuning() {
    if (imageFineTune != null) {
      return FineTuning.parse(imageFineTune);
    }
    return image.equals(SCRATCH) ? FineTuning.full() : textTuning();
  }

  /** Refuses folders that are not there, before anything is read. */
  void requireFolders() {
    if (modalities.contains(Kind.text) && !text.equals(MINILM)) {
      folder(text, "--text-encoder", MINILM);
    }
    if (modalities.contains(Kind.image) && !image.equals(SCRATCH) && !image.startsWith("djl://")) {
      folder(image, "--image-encoder", SCRATCH);
    }
  }

  /**
   * Opens the encoders; the caller owns them until a classifier takes them over.
   *
   * @param seed of a network that begins with random weights
   */
  List<Modality<?, ?>> open(long seed) {
    List<Modality<?, ?>> opened = new ArrayList<>();
    try {
      if (modalities.contains(Kind.text)) {
        opened.add(Modality.text(text()));
      }
      if (modalities.contains(Kind.image)) {
        opened.add(Modality.image(image(seed)));
      }
      return opened;
    } catch (RuntimeException e) {
      opened.forEach(modality -> modality.encoder().close());
      throw e;
    }
  }

  private TextEncoder text() {
    return text.equals(MINILM) ? MiniLm.load(maxTokens)
        : Encoders.load(folder(text, "--text-encoder", MINILM), TextEncoder.class);
  }

  private ImageEncoder image(long seed) {
    if (image.equals(SCRATCH)) {
      return new ResNetEncoder(ResNetConfig.small(seed));
    }
    if (image.startsWith("djl://")) {
      return ZooEncoder.load(image);
    }
    Path folder = folder(image, "--image-encoder", SCRATCH);
    return Files.exists(folder.resolve("config.json")) ? Encoders.load(folder, ImageEncoder.class)
        : ZooEncoder.load(folder);
  }

  private static Path folder(String value, String option, String builtIn) {
    Path folder = Path.of(value);
    if (!Files.isDirectory(folder)) {
      throw new EncoderException("MODEL_NOT_FOUND",
          "%s is '%s', which is neither '%s' nor a folder that exists".formatted(option, value, builtIn));
    }
    return folder;
  }
}
