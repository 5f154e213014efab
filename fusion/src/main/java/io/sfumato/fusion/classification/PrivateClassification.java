package io.sfumato.fusion.classification;

import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.training.Clipping;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What makes the training of a classifier differentially private: DP-SGD (Abadi et al. 2016) over items. The unit is a record: an item with its text, picture and label, present or absent. The noise
 * multiplier is the smallest with which {@code steps} steps at {@code samplingRate} stay within the budget on top of what the ledger holds.
 *
 * <p>What is public, and must not be computed from the items: the numbers here, the list of labels, which ids there are and which part each is in, and the encoders at their start. Validation, early stopping,
 * class weights from counts, scales from the data and calibration of the probabilities are off.
 *
 * @param budget ε and δ of everything in the ledger together, for one item more or less
 * @param before what was released already of the same items
 * @param samplingRate q in (0, 1]: probability that an item takes part in a step
 * @param steps number of steps, above 0
 * @param clipping how an item's gradient is clipped
 * @param publicItems a public guess of the number of training items, above 0: {@code samplingRate · publicItems} is the constant that sums are divided by. AdamW makes up for a wrong guess
 * @param learningRate peak rate of AdamW
 * @param noiseSeed seed of noise and sampling for tests, which the ledger marks; null for a cryptographic generator
 * @param microbatches whether items are back-propagated one by one, which modules without a per-example rule (TorchScript) need
 */
public record PrivateClassification(PrivacyBudget budget, PrivacyLedger before, double samplingRate, long steps,
    Clipping clipping, double publicItems, double learningRate, @Nullable Long noiseSeed, boolean microbatches) {

  /** With more of the budget spent than this, noise would drown whatever could be learned. */
  private static final double LEAST_LEFT = 0.99;

  public PrivateClassification {
    if (before.unit() != PrivacyUnit.RECORD) {
      throw new FusionException("BAD_OPTION",
          "the ledger protects a %s but a classifier's training protects a record; epsilons of different units do not add up"
              .formatted(before.unit().label()));
    }
    if (budget.neighbouring() != Neighbouring.ADD_REMOVE) {
      throw new FusionException("BAD_OPTION",
          "the budget of a classifier is for one item more or less (ADD_REMOVE) but was for "
              + budget.neighbouring());
    }
    if (!(samplingRate > 0 && samplingRate <= 1)) {
      throw new FusionException("BAD_OPTION", "sampling rate must be in (0, 1] but was " + samplingRate);
    }
    if (steps < 1) {
      throw new FusionException("BAD_OPTION", "steps of a private training must be 1 or more but were " + steps);
    }
    if (!(publicItems > 0) || !(learningRate >= 0) || Double.isInfinite(publicItems + learningRate)) {
      throw new FusionException("BAD_OPTION",
          "public items must be above 0 and the learning rate at least 0 but were %s and %s".formatted(publicItems,
              learningRate));
    }
  }

  /**
   * Refuses a training for which nothing of the budget is left, before any item is read.
   *
   * @throws PrivacyException {@code BUDGET_EXHAUSTED}
   */
  public void requireBudgetLeft() {
    double spent = before.phases().isEmpty() ? 0 : budget.spent(before.phases());
    if (spent > LEAST_LEFT * budget.epsilon()) {
      throw new PrivacyException("BUDGET_EXHAUSTED", String.format(Locale.ROOT,
          "epsilon %.4f of %.4f at delta %.1e is spent on these items; raise the budget, or keep the classifier that there is",
          spent, budget.epsilon(), budget.delta()));
    }
  }

  /** Everything in one line, the ledger by its head. */
  String describe() {
    return String.join(" ", "epsilon=" + budget.epsilon(), "delta=" + budget.delta(), "before=" + before.head(),
        "q=" + samplingRate, "steps=" + steps, "clipping=" + clipping.label() + ":" + clipping.norm(),
        "items=" + publicItems, "rate=" + learningRate, "noise=" + (noiseSeed == null ? "secure" : "seeded"),
        "microbatches=" + microbatches);
  }

  /** Defaults, nothing released before. */
  public static PrivateClassification of(PrivacyBudget budget) {
    return new PrivateClassification(budget, PrivacyLedger.empty(PrivacyUnit.RECORD), 0.1, 200, Clipping.flat(1),
        10_000, 0.01, null, false);
  }

  /** The same on top of other releases. */
  public PrivateClassification after(PrivacyLedger ledger) {
    return new PrivateClassification(budget, ledger, samplingRate, steps, clipping, publicItems, learningRate,
        noiseSeed, microbatches);
  }

  /** The same with other steps. */
  public PrivateClassification withSteps(double rate, long count) {
    return new PrivateClassification(budget, before, rate, count, clipping, publicItems, learningRate, noiseSeed,
        microbatches);
  }

  /** The same with another clipping. */
  public PrivateClassification withClipping(Clipping value) {
    return new PrivateClassification(budget, before, samplingRate, steps, value, publicItems, learningRate, noiseSeed,
        microbatches);
  }

  /** The same with another public guess of the number of items. */
  public PrivateClassification withPublicItems(double value) {
    return new PrivateClassification(budget, before, samplingRate, steps, clipping, value, learningRate, noiseSeed,
        microbatches);
  }

  /** The same with another peak rate. */
  public PrivateClassification withLearningRate(double value) {
    return new PrivateClassification(budget, before, samplingRate, steps, clipping, publicItems, value, noiseSeed,
        microbatches);
  }

  /** The same with noise and samples that can be had again, for tests: nobody is protected, and the ledger says so. */
  public PrivateClassification seeded(long seed) {
    return new PrivateClassification(budget, before, samplingRate, steps, clipping, publicItems, learningRate, seed,
        microbatches);
  }

  /** The same with items back-propagated one by one. */
  public PrivateClassification withMicrobatches() {
    return new PrivateClassification(budget, before, samplingRate, steps, clipping, publicItems, learningRate,
        noiseSeed, true);
  }
}
