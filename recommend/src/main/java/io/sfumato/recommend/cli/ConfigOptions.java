package io.sfumato.recommend.cli;

import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What decides how a recommender is trained: a file, single settings, and short forms of the most used ones, which win. */
final class ConfigOptions {
  @Option(names = "--config", paramLabel = "FILE", description = "YAML with the settings that differ from the defaults.")
  private @Nullable Path config;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting, such as training.learning-rate=0.001; can be repeated. 'sfumato train --settings' lists all.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--epochs", paramLabel = "N", description = "Most epochs. Default: ${bundle:default.training.epochs}.")
  private @Nullable Integer epochs;

  @Option(names = "--seed", paramLabel = "N", description = "Where randomness comes from. Default: ${bundle:default.seed}.")
  private @Nullable Long seed;

  @Option(names = "--without", paramLabel = "collaborative", split = ",", description = "Leave out what is learned from other people's histories.")
  private List<Without> without = List.of();

  @Option(names = "--text-encoder", paramLabel = "NAME|DIR", description = "minilm, the directory of a checkpoint, or none; can be repeated, to fuse several. Default: ${bundle:default.text.encoder}.")
  private @Nullable List<String> textEncoder;

  @Option(names = "--image-encoder", paramLabel = "NAME|DIR|URL", description = "resnet, the directory of a checkpoint, a djl:// URL, or none; can be repeated, to fuse several. Default: ${bundle:default.image.encoder}.")
  private @Nullable List<String> imageEncoder;

  @Option(names = "--vectors", paramLabel = "text|image=FILE", description = "Vectors of your own in place of an encoder: Parquet with item_id and vector, or safetensors. Can be repeated.")
  private Map<String, String> vectors = new LinkedHashMap<>();

  @Option(names = "--device", paramLabel = "auto|cpu|gpu", description = "Default: ${bundle:default.device}.")
  private @Nullable String device;

  @Option(names = "--threads", paramLabel = "N", description = "0 for one per processor. Default: ${bundle:default.threads}.")
  private @Nullable Integer threads;

  @Option(names = "--cache", paramLabel = "DIR", description = "Where encoded texts and pictures are kept. Default: .sfumato/vectors in the home directory.")
  private @Nullable String cache;

  /** What can be left out. */
  enum Without {
    /** EASE, item-kNN and what the ranking model learns from them. */
    collaborative
  }

  /** A reader with all that was given; the command adds its own and reads. */
  ConfigReader reader() {
    return reader(ConfigReader.reference());
  }

  /** The same, on top of other defaults. */
  ConfigReader reader(ConfigReader reader) {
    if (config != null) {
      reader.file(config);
    }
    settings.forEach(reader::set);
    override(reader, "training.epochs", epochs, "--epochs");
    override(reader, "seed", seed, "--seed");
    encoders(reader, "text", textEncoder);
    encoders(reader, "image", imageEncoder);
    vectors.forEach((modality, file) -> reader.override(modality + ".vectors", file, "--vectors"));
    override(reader, "device", device, "--device");
    override(reader, "threads", threads, "--threads");
    override(reader, "cache", cache, "--cache");
    if (without.contains(Without.collaborative)) {
      reader.override("collaborative.enabled", false, "--without");
    }
    return reader;
  }

  private static void encoders(ConfigReader reader, String section, @Nullable List<String> names) {
    if (names != null) {
      String option = "--" + section + "-encoder";
      reader.override(section + ".encoder", names.getFirst(), option);
      reader.override(section + ".also", names.subList(1, names.size()), option);
    }
  }

  SfumatoConfig read() {
    return reader().read();
  }

  /** Sets what was given. */
  static void override(ConfigReader reader, String key, @Nullable Object value, String option) {
    if (value != null) {
      reader.override(key, value, option);
    }
  }
}
