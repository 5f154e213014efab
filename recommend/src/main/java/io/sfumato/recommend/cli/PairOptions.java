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
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.pairs.PairConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which encoders are tuned on pairs, and how. */
final class PairOptions {
  private static final String SCRATCH = "scratch";

  @Option(names = "--text-encoder", paramLabel = "NAME|DIR", defaultValue = "minilm", description = "minilm or the directory of a checkpoint. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String textEncoder;

  @Option(names = "--image-encoder", paramLabel = "NAME|DIR|URL", defaultValue = SCRATCH, description = "scratch (a small residual network), the directory of a checkpoint, or a djl:// URL. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String imageEncoder;

  @Option(names = "--max-tokens", paramLabel = "N", defaultValue = "64", description = "Longer texts are cut; minilm only. Default: ${DEFAULT-VALUE}.")
  private int maxTokens;

  @Option(names = "--image-size", paramLabel = "PIXELS", defaultValue = "64", description = "A side of what the network from scratch sees. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(names = "--image-widths", paramLabel = "N", split = ",", defaultValue = "32,64,128,256", description = "Channels of its stages. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private List<Integer> widths;

  @Option(names = "--set", paramLabel = "OPTION=VALUE", description = "One option of the training, such as encoder-rate=3e-5; can be repeated. A wrong name is answered by all names.")
  private Map<String, String> settings = new LinkedHashMap<>();

  private static final int GROUPS = 8;

  /** The ways that a list names, {@code all} spelled out. */
  static List<String> ways(List<String> given) {
    List<String> all = List.of("frozen", "lora", "full");
    for (String way : given) {
      if (!way.equals("all") && !all.contains(way)) {
        throw new FusionException("BAD_OPTION", "tuning must be frozen, lora, full or all but was '%s'".formatted(way));
      }
    }
    return given.contains("all") ? all : List.copyOf(given);
  }

  /** The configuration of a way of tuning. */
  PairConfig config(String way) {
    FineTuning text = FineTuning.parse(way.equals("lora") ? "lora:8" : way);
    FineTuning image = freshImage() || way.equals("full") ? FineTuning.full() : FineTuning.frozen();
    PairConfig.Builder builder = PairConfig.builder().text(text).image(image);
    if (freshImage()) {
      builder.epochs(20);
    }
    settings.forEach(builder::set);
    return builder.build();
  }

  /** Whether the image encoder begins with random weights. */
  boolean freshImage() {
    return imageEncoder.equals(SCRATCH);
  }

  /** Opens the text encoder. */
  TextEncoder text() {
    return textEncoder.equals("minilm")
        ? MiniLm.load(maxTokens)
        : Encoders.load(folder(textEncoder, "--text-encoder", "minilm"), TextEncoder.class);
  }

  /** Opens the image encoder. */
  ImageEncoder image(long seed) {
    if (freshImage()) {
      return new ResNetEncoder(new ResNetConfig(size, widths, widths.stream().map(width -> 1).toList(), GROUPS,
          widths.getLast(), seed));
    }
    if (imageEncoder.startsWith("djl://")) {
      return ZooEncoder.load(imageEncoder);
    }
    Path folder = folder(imageEncoder, "--image-encoder", SCRATCH);
    return Files.exists(folder.resolve("config.json"))
        ? Encoders.load(folder, ImageEncoder.class)
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
