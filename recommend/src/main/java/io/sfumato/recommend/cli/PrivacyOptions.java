package io.sfumato.recommend.cli;

import io.sfumato.recommend.config.ConfigReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What training may reveal of the people whose interactions it learns from. */
final class PrivacyOptions {
  @Option(names = "--epsilon", paramLabel = "E", description = "Train with differential privacy: all that the bundle's model/ ever reveals of the people in DATA stays within this epsilon. Default: trained without.")
  private @Nullable Double epsilon;

  @Option(names = "--delta", paramLabel = "D", description = "Probability with which that may fail; below one over the number of people. Default: ${bundle:default.privacy.delta}.")
  private @Nullable Double delta;

  @Option(names = "--unit", paramLabel = "user|record", description = "What is hidden: all that a person did, or one interaction. Default: ${bundle:default.privacy.unit}.")
  private @Nullable String unit;

  @Option(names = "--clip", paramLabel = "flat|layer|auto|adaptive", description = "How a person's gradient is bounded. Default: ${bundle:default.privacy.clip}.")
  private @Nullable String clip;

  @Option(names = "--max-per-user", paramLabel = "N", description = "Most training items of a person that count. Default: ${bundle:default.privacy.max-per-user}.")
  private @Nullable Integer maxPerUser;

  /** Sets what was given. */
  void apply(ConfigReader reader) {
    ConfigOptions.override(reader, "privacy.epsilon", epsilon, "--epsilon");
    ConfigOptions.override(reader, "privacy.delta", delta, "--delta");
    ConfigOptions.override(reader, "privacy.unit", unit, "--unit");
    ConfigOptions.override(reader, "privacy.clip", clip, "--clip");
    ConfigOptions.override(reader, "privacy.max-per-user", maxPerUser, "--max-per-user");
  }
}
