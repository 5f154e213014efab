package io.sfumato.recommend.training;

import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.recommend.config.PrivacySettings;
import io.sfumato.recommend.config.SfumatoConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * How much noise each part of a private training gets: the smallest noise multipliers with which ε grows, release by release, by that release's share of what is left of the budget.
 *
 * @param popularity of the popularity counts
 * @param second of the item-item matrix, or of the counts that take its place; NaN where neither is made
 * @param steps of each step of the fusion's training
 */
record NoisePlan(double popularity, double second, double steps) {

  /**
   * Divides what is left of the budget.
   *
   * @param withMatrix whether there is a second release
   */
  static NoisePlan of(SfumatoConfig config, PrivacyLedger before, boolean withMatrix) {
    PrivacySettings settings = config.privacy();
    PrivacyBudget budget = settings.budget();
    Calibration calibration = new Calibration(PldAccountant.create().withNeighbouring(budget.neighbouring()));
    List<Phase> phases = new ArrayList<>(before.phases());
    double spent = phases.isEmpty() ? 0 : budget.spent(phases);
    double left = budget.epsilon() - spent;
    double popularity = calibration.sigma(phases, 1, 1, spent + settings.popularityShare() * left, budget.delta());
    phases.add(Phase.of(popularity, 1, 1));
    double second = Double.NaN;
    if (withMatrix) {
      double share = settings.popularityShare() + settings.gramShare();
      second = calibration.sigma(phases, 1, 1, spent + share * left, budget.delta());
      phases.add(Phase.of(second, 1, 1));
    }
    return new NoisePlan(popularity, second,
        calibration.sigma(phases, settings.samplingRate(), settings.steps(), budget.epsilon(), budget.delta()));
  }
}
