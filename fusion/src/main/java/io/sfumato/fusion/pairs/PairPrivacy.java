package io.sfumato.fusion.pairs;

import io.sfumato.datasets.Item;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.objective.ContrastiveObjective;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.training.Clipping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a tuning on pairs differentially private: DP-SGD (Abadi et al. 2016), the unit a pair (a record). The noise
 * multiplier is the smallest with which {@code steps} steps at {@code samplingRate} stay within the budget, on top of
 * what the ledger holds already.
 *
 * <p>What is protected: the presence of each training pair, its text and its picture. The encoders' first weights and
 * {@code publicPairs} are public, and so are all numbers here; none of them may be computed from the pairs. There is no
 * validation and no early stopping.
 *
 * @param budget ε and δ of everything in the ledger together
 * @param before what was released already of the same pairs
 * @param objective {@link PairObjective#GROUPED} or {@link PairObjective#ANCHORS}
 * @param samplingRate q in (0, 1]: probability that a pair takes part in a step
 * @param steps number of steps, above 0
 * @param clipping how the gradient of a group, or of a pair, is clipped
 * @param groupSize pairs expected in a group, 2 or more
 * @param expectedPairs a public guess of the number of pairs, above 0; AdamW makes up for a wrong one
 * @param learningRate peak rate of the projections; those of encoders keep their proportion to it
 * @param publicPairs items whose outputs give the projections' centre and scale, and the anchors: 2 at least with text and
 *     image
 * @param noiseSeed seed of noise and sampling for tests, which the ledger marks; null for a cryptographic generator
 */
public record PairPrivacy(PrivacyBudget budget, PrivacyLedger before, PairObjective objective, double samplingRate,
    long steps, Clipping clipping, int groupSize, double expectedPairs, double learningRate, List<Item> publicPairs,
    @Nullable Long noiseSeed) {

  /**
   * Checks.
   *
   * @throws FusionException {@code NOT_PRIVATE} for the objective over the whole batch, {@code BAD_OPTION} for a value out
   *     of its range
   */
  public PairPrivacy {
    publicPairs = publicPairs.stream().filter(item -> item.hasText() && item.hasImage()).toList();
    if (objective == PairObjective.CONTRASTIVE) {
      new ContrastiveObjective(1).requirePrivate();
    }
    if (before.unit() != PrivacyUnit.RECORD) {
      throw new FusionException("BAD_OPTION",
          "the ledger protects a %s but the unit of pairs is a record; begin another ledger".formatted(before.unit()
              .label()));
    }
    if (!(samplingRate > 0 && samplingRate <= 1)) {
      throw new FusionException("BAD_OPTION", "sampling rate must be in (0, 1] but was " + samplingRate);
    }
    if (steps < 1 || groupSize < 2) {
      throw new FusionException("BAD_OPTION",
          "steps must be 1 or more and a group's size 2 or more but they were %d and %d".formatted(steps, groupSize));
    }
    if (!(expectedPairs > 0) || !(learningRate >= 0) || Double.isInfinite(expectedPairs + learningRate)) {
      throw new FusionException("BAD_OPTION",
          "expected pairs must be above 0 and the learning rate at least 0 but they were %s and %s".formatted(
              expectedPairs, learningRate));
    }
    if (publicPairs.size() < 2) {
      throw new FusionException("BAD_OPTION",
          "two public items with text and image are needed at least but there are " + publicPairs.size());
    }
  }

  /** Defaults: groups of 8, 300 steps at q = 0.05, nothing released before, the products of the built-in shop as public pairs. */
  public static PairPrivacy of(PrivacyBudget budget) {
    return new PairPrivacy(budget, PrivacyLedger.empty(PrivacyUnit.RECORD), PairObjective.GROUPED, 0.05, 300,
        Clipping.flat(1), 8, 10_000, 2e-3, shop(), null);
  }

  private static List<Item> shop() {
    return DemoShop.builder().items(400).customers(1).build().dataset().catalog().items();
  }

  /** The same with another objective. */
  public PairPrivacy withObjective(PairObjective value) {
    return new PairPrivacy(budget, before, value, samplingRate, steps, clipping, groupSize, expectedPairs,
        learningRate, publicPairs, noiseSeed);
  }

  /** The same with other steps. */
  public PairPrivacy withSteps(double rate, long count) {
    return new PairPrivacy(budget, before, objective, rate, count, clipping, groupSize, expectedPairs, learningRate,
        publicPairs, noiseSeed);
  }

  /** The same with another size of groups and another guess of the number of pairs. */
  public PairPrivacy withSizes(int group, double pairs) {
    return new PairPrivacy(budget, before, objective, samplingRate, steps, clipping, group, pairs, learningRate,
        publicPairs, noiseSeed);
  }

  /** The same on top of other releases of the same pairs. */
  public PairPrivacy after(PrivacyLedger ledger) {
    return new PairPrivacy(budget, ledger, objective, samplingRate, steps, clipping, groupSize, expectedPairs,
        learningRate, publicPairs, noiseSeed);
  }

  /** The same with noise and samples that can be had again, for tests: nothing is protected, and the ledger says so. */
  public PairPrivacy seeded(long seed) {
    return new PairPrivacy(budget, before, objective, samplingRate, steps, clipping, groupSize, expectedPairs,
        learningRate, publicPairs, seed);
  }
}
