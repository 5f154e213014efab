package io.sfumato.recommend.cli;

import io.sfumato.fusion.classification.PrivateClassification;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.training.Clipping;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a classifier may reveal of the items that it learns from. */
final class ClassifyPrivacyOptions {
  @Option(names = "--epsilon", paramLabel = "E", required = true, description = "All that the classifier ever reveals of a training item stays within this epsilon.")
  private double epsilon;

  @Option(names = "--delta", paramLabel = "D", defaultValue = "1e-5", description = "Probability with which that may fail; below one over the number of items. Default: ${DEFAULT-VALUE}.")
  private double delta;

  @Option(names = "--steps", paramLabel = "N", defaultValue = "200", description = "Steps of the training. Default: ${DEFAULT-VALUE}.")
  private long steps;

  @Option(names = "--sampling-rate", paramLabel = "Q", defaultValue = "0.1", description = "Probability that an item takes part in a step. Default: ${DEFAULT-VALUE}.")
  private double samplingRate;

  @Option(names = "--clip", paramLabel = "flat|layer|auto|adaptive", defaultValue = "flat", description = "How an item's gradient is bounded. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String clip;

  @Option(names = "--clip-norm", paramLabel = "C", defaultValue = "1", description = "The bound, or its start. Default: ${DEFAULT-VALUE}.")
  private double clipNorm;

  @Option(names = "--public-items", paramLabel = "N", defaultValue = "10000", description = "A public guess of the number of training items. Default: ${DEFAULT-VALUE}.")
  private double publicItems;

  @Option(names = "--microbatches", description = "One item at a time, for encoders that learn and have no per-example rule: slow.")
  private boolean microbatches;

  /**
   * The private training that was asked for.
   *
   * @param before what was released of the same items already; null for nothing
   * @param learningRate null for the default
   */
  PrivateClassification settled(@Nullable PrivacyLedger before, @Nullable Double learningRate) {
    PrivateClassification settled = PrivateClassification.of(PrivacyBudget.of(epsilon, delta))
        .withSteps(samplingRate, steps)
        .withClipping(Clipping.parse(clip, clipNorm))
        .withPublicItems(publicItems);
    if (learningRate != null) {
      settled = settled.withLearningRate(learningRate);
    }
    if (microbatches) {
      settled = settled.withMicrobatches();
    }
    return before == null ? settled : settled.after(before);
  }
}
