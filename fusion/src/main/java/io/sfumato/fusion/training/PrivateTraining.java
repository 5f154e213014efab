package io.sfumato.fusion.training;

import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.training.Clipping;
import org.jspecify.annotations.Nullable;

/**
 * What makes a training differentially private: DP-SGD (Abadi et al. 2016) over people. The noise multiplier is the smallest with which {@code steps} steps at {@code samplingRate} stay within the budget on
 * top of what the ledger holds already.
 *
 * <p>What is protected: interactions. The catalogue, its texts and pictures, is public, and so are all numbers here; none of them may be computed from the interactions.
 *
 * <p>Units. {@link PrivacyUnit#USER}: all interactions of a person are one unit, clipped as one. {@link PrivacyUnit#RECORD}: an interaction; each person's interactions are dealt to
 * {@value #RECORD_GROUPS} groups by a hash of the interaction itself, and a group is clipped as one. One interaction more or less then exchanges the vector of one group for another, so the accounting
 * must be that of {@link Neighbouring#REPLACE}, over groups.
 *
 * @param unit whose presence is hidden
 * @param budget ε and δ of everything in the ledger together; its relation must be {@code REPLACE} where the unit is a record
 * @param before what was released already of the same interactions, of the same unit
 * @param samplingRate q in (0, 1]: probability that a unit takes part in a step
 * @param steps number of steps, above 0
 * @param clipping how a unit's gradient is clipped
 * @param maxPerUser the newest items of a unit that take part, 2 or more; bounds the work, not the sensitivity
 * @param negatives items drawn from the catalogue to be told from what the unit took, 1 or more
 * @param publicUsers a public guess of the number of units, above 0: {@code samplingRate · publicUsers} is the constant that sums are divided by. AdamW makes up for a wrong guess
 * @param learningRate peak rate of AdamW, rising and falling as in ordinary training
 * @param noisy whether noise is added; false only clips, for comparison: ε is then infinite and the ledger says so
 * @param noiseSeed seed of noise and sampling for tests, which the ledger marks; null for a cryptographic generator
 * @param microbatches whether units are back-propagated one by one, which modules without a per-example rule (TorchScript) need, at many times the cost
 */
public record PrivateTraining(PrivacyUnit unit, PrivacyBudget budget, PrivacyLedger before, double samplingRate,
    long steps, Clipping clipping, int maxPerUser, int negatives, double publicUsers, double learningRate,
    boolean noisy, @Nullable Long noiseSeed, boolean microbatches) {

  /** Groups that a person's interactions are dealt to where the unit is a record. */
  public static final int RECORD_GROUPS = 4;

  public PrivateTraining {
    if (before.unit() != unit) {
      throw new FusionException("BAD_OPTION",
          "the ledger protects a %s but the training is to protect a %s; use the same unit for all that is trained on the same people"
              .formatted(before.unit().label(), unit.label()));
    }
    if (unit == PrivacyUnit.RECORD && budget.neighbouring() != Neighbouring.REPLACE) {
      throw new FusionException("BAD_OPTION",
          "with the unit record a group of interactions is exchanged for another: the budget's relation must be REPLACE but was "
              + budget.neighbouring());
    }
    if (!(samplingRate > 0 && samplingRate <= 1)) {
      throw new FusionException("BAD_OPTION", "sampling rate must be in (0, 1] but was " + samplingRate);
    }
    if (!(publicUsers > 0) || !(learningRate >= 0) || Double.isInfinite(publicUsers + learningRate)) {
      throw new FusionException("BAD_OPTION",
          "public users must be above 0 and the learning rate at least 0 but were %s and %s".formatted(publicUsers,
              learningRate));
    }
    atLeast("steps", steps, 1);
    atLeast("items per user", maxPerUser, 2);
    atLeast("negatives", negatives, 1);
  }

  private static void atLeast(String what, long value, long least) {
    if (value < least) {
      throw new FusionException("BAD_OPTION",
          "%s of a private training must be %d or more but was %d".formatted(what, least, value));
    }
  }

  /** Everything in one line, the ledger by its head: the same line, the same training. */
  String describe() {
    return String.join(" ", unit.label(), budget.toString(), before.head(), "q=" + samplingRate, "steps=" + steps,
        clipping.toString(), "most=" + maxPerUser, "negatives=" + negatives, "users=" + publicUsers,
        "rate=" + learningRate, "noisy=" + noisy, "seed=" + noiseSeed,
        "microbatches=" + microbatches);
  }

  /** Defaults, chosen on built-in shops: users as units, nothing released before. */
  public static PrivateTraining of(PrivacyBudget budget) {
    return new PrivateTraining(PrivacyUnit.USER, budget, PrivacyLedger.empty(PrivacyUnit.USER), 0.1, 150,
        Clipping.flat(1), 32, 48, 10_000, 0.01, true, null, false);
  }

  /** The same on top of other releases, whose unit it takes. */
  public PrivateTraining after(PrivacyLedger ledger) {
    return new PrivateTraining(ledger.unit(), budget, ledger, samplingRate, steps, clipping, maxPerUser, negatives,
        publicUsers, learningRate, noisy, noiseSeed, microbatches);
  }

  /** The same with other steps. */
  public PrivateTraining withSteps(double rate, long count) {
    return new PrivateTraining(unit, budget, before, rate, count, clipping, maxPerUser, negatives, publicUsers,
        learningRate, noisy, noiseSeed, microbatches);
  }

  /** The same with another clipping. */
  public PrivateTraining withClipping(Clipping value) {
    return new PrivateTraining(unit, budget, before, samplingRate, steps, value, maxPerUser, negatives, publicUsers,
        learningRate, noisy, noiseSeed, microbatches);
  }

  /** The same with other limits of what a unit shows in a step. */
  public PrivateTraining withItems(int most, int drawn) {
    return new PrivateTraining(unit, budget, before, samplingRate, steps, clipping, most, drawn, publicUsers,
        learningRate, noisy, noiseSeed, microbatches);
  }

  /** The same with another peak rate. */
  public PrivateTraining withLearningRate(double value) {
    return new PrivateTraining(unit, budget, before, samplingRate, steps, clipping, maxPerUser, negatives, publicUsers,
        value, noisy, noiseSeed, microbatches);
  }

  /** The same without noise: ε is infinite. */
  public PrivateTraining clipOnly() {
    return new PrivateTraining(unit, budget, before, samplingRate, steps, clipping, maxPerUser, negatives, publicUsers,
        learningRate, false, noiseSeed, microbatches);
  }

  /** The same with noise and samples that can be had again, for tests: nobody is protected, and the ledger says so. */
  public PrivateTraining seeded(long seed) {
    return new PrivateTraining(unit, budget, before, samplingRate, steps, clipping, maxPerUser, negatives, publicUsers,
        learningRate, noisy, seed, microbatches);
  }

  /** The same with units back-propagated one by one. */
  public PrivateTraining withMicrobatches() {
    return new PrivateTraining(unit, budget, before, samplingRate, steps, clipping, maxPerUser, negatives, publicUsers,
        learningRate, noisy, noiseSeed, true);
  }
}
