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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which encoders are tuned on pairs, and how. */
final class PairOptions {
  private static final String SCRATCH = "scratch";
  private static final int SCRATCH_EPOCHS = 12;
  /** What the benchmark takes: enough to see what a way brings, short enough for two cores. */
  private static final int BENCH_FROZEN_EPOCHS = 15;
  private static final int BENCH_SCRATCH_EPOCHS = 6;
  private static final int BENCH_EPOCHS = 2;
  private static final int BENCH_SIDE = 128;
  private static final int SCRATCH_SIZE = 48;
  private static final int GROUPS = 8;

  @Option(names = "--text-encoder", paramLabel = "NAME|DIR", defaultValue = "minilm", description = "minilm or the directory of a checkpoint. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String textEncoder;

  @Option(names = "--image-encoder", paramLabel = "NAME|DIR|URL", defaultValue = SCRATCH, description = "scratch (a small residual network), the directory of a checkpoint, or a djl:// URL. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String imageEncoder;

  @Option(names = "--max-tokens", paramLabel = "N", defaultValue = "64", description = "Longer texts are cut; minilm only. Default: ${DEFAULT-VALUE}.")
  private int maxTokens;

  @Option(names = "--image-size", paramLabel = "PIXELS", description = "A side of what the network from scratch sees, or a TorchScript model in place of what it names. Default: 48 from scratch.")
  private @Nullable Integer size;

  @Option(names = "--image-widths", paramLabel = "N", split = ",", defaultValue = "24,48,96,192", description = "Channels of its stages. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private List<Integer> widths;

  @Option(names = "--epochs", paramLabel = "N", description = "Most epochs. Default: 8, from scratch 12.")
  private @Nullable Integer epochs;

  @Option(names = "--batch", paramLabel = "N", description = "Pairs of a step. Default: 128.")
  private @Nullable Integer batch;

  @Option(names = "--learning-rate", paramLabel = "R", description = "Peak rate of the projections. Default: 0.001.")
  private @Nullable Double learningRate;

  @Option(names = "--temperature", paramLabel = "T", description = "Temperature of the softmax. Default: 0.05.")
  private @Nullable Double temperature;

  @Option(names = "--precision", paramLabel = "float32|bfloat16", description = "Number type of the linear layers in training. Default: float32.")
  private @Nullable String precision;

  @Option(names = "--seed", paramLabel = "N", description = "Where randomness comes from. Default: 42.")
  private @Nullable Long seed;

  @Option(names = "--set", paramLabel = "OPTION=VALUE", description = "One option of the training, such as encoder-rate=3e-5; can be repeated. A wrong name is answered by all names; what is set here wins.")
  private Map<String, String> settings = new LinkedHashMap<>();

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

  /** The configuration of a way of tuning; {@code lora} is of the text encoder, and of native image encoders. */
  PairConfig config(String way) {
    boolean layers = !freshImage() && Files.exists(Path.of(imageEncoder).resolve("config.json"));
    String text = way.equals("lora") ? "lora:8" : way;
    String image = way.equals("lora") ? layers ? "lora:8" : "frozen" : way;
    int usual = freshImage() ? BENCH_SCRATCH_EPOCHS : way.equals("frozen") ? BENCH_FROZEN_EPOCHS : BENCH_EPOCHS;
    return config(text, freshImage() ? null : image, usual);
  }

  /**
   * The configuration of a tuning.
   *
   * @param text how much of the text encoder learns
   * @param image how much of the image encoder learns; null for all from scratch, else nothing
   */
  PairConfig config(String text, @Nullable String image) {
    return config(text, image, freshImage() ? SCRATCH_EPOCHS : 0);
  }

  /** @param usual epochs where the command line says nothing; 0 for the library's default */
  private PairConfig config(String text, @Nullable String image, int usual) {
    FineTuning ofImage = image != null ? tuning("--image-tuning", image)
        : freshImage() ? FineTuning.full() : FineTuning.frozen();
    PairConfig.Builder builder = PairConfig.builder().text(tuning("--text-tuning", text)).image(ofImage);
    if (usual > 0) {
      builder.epochs(usual);
    }
    set(builder, "epochs", epochs);
    set(builder, "batch", batch);
    set(builder, "learning-rate", learningRate);
    set(builder, "temperature", temperature);
    set(builder, "precision", precision);
    set(builder, "seed", seed);
    settings.forEach(builder::set);
    return builder.build();
  }

  private static void set(PairConfig.Builder builder, String name, @Nullable Object value) {
    if (value != null) {
      builder.set(name, value.toString());
    }
  }

  private static FineTuning tuning(String option, String value) {
    try {
      return FineTuning.parse(value);
    } catch (IllegalArgumentException e) {
      throw new FusionException("BAD_OPTION", option + ": " + e.getMessage(), e);
    }
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

  /** Opens the image encoder for the benchmark, which shows a TorchScript model that learns smaller pictures than it names. */
  ImageEncoder benchImage(PairConfig config) {
    boolean smaller = !freshImage() && size == null && !(config.image() instanceof FineTuning.Frozen);
    return image(config.seed(), smaller ? BENCH_SIDE : size == null ? 0 : size);
  }

  /** Opens the image encoder. */
  ImageEncoder image(long seed) {
    return image(seed, size == null ? 0 : size);
  }

  private ImageEncoder image(long seed, int side) {
    if (freshImage()) {
      return new ResNetEncoder(
          new ResNetConfig(side == 0 ? SCRATCH_SIZE : side, widths, widths.stream().map(width -> 1).toList(), GROUPS,
              widths.getLast(), seed));
    }
    if (ZooEncoder.isUrl(imageEncoder)) {
      return ZooEncoder.load(imageEncoder, side);
    }
    Path folder = folder(imageEncoder, "--image-encoder", SCRATCH);
    return Files.exists(folder.resolve("config.json"))
        ? Encoders.load(folder, ImageEncoder.class)
        : ZooEncoder.load(folder.toString(), side);
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
