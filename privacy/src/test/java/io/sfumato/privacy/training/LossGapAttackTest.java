package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.privacy.audit.Auc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Evidence that can go against us: what a simple attack finds out from a trained model, against what the accountant's
 * trade-off curve allows any attack. An honest run stays under the curve, and close to it: the attack is the best there
 * is when users are orthogonal. Noise left out, or half or a tenth of what was stated, does not. {@link #main} prints
 * the areas.
 */
@ExtendWith(OneThread.class)
class LossGapAttackTest {
  private static final LossGapAttack SAMPLED = new LossGapAttack(1000, 4000, 0.25, 20, 1, 1e-5);
  private static final LossGapAttack FULL_BATCH = new LossGapAttack(1000, 4000, 1, 8, 1, 1e-5);

  @Test
  void sampledTraining() {
    check(SAMPLED);
  }

  @Test
  void fullBatchTraining() {
    check(FULL_BATCH);
  }

  /** The lower 99.9 % limit of large samples, which is good where 500 scores stand against 500 and the area is not near 1, and closer than {@link Auc#lower}. */
  private static double lower(Auc auc) {
    return auc.value() - 3.090232 * auc.standardError();
  }

  private static void check(LossGapAttack attack) {
    double allowed = attack.claimed().tradeOff().maxAuc();
    assertThat(allowed).as("what epsilon 1 allows").isBetween(0.55, 0.75);
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(lower(attack.run(1, seed))).as("honest run " + seed).isLessThanOrEqualTo(allowed);
    }
    assertThat(lower(attack.run(0, 1))).as("without noise").isGreaterThan(allowed + 0.3);
    assertThat(lower(attack.run(0.5, 1))).as("half the noise").isGreaterThan(allowed);
    assertThat(lower(attack.run(0.1, 1))).as("a tenth of the noise").isGreaterThan(allowed + 0.2);
  }

  /** Prints the areas that three seeds give at full, half, a tenth of and no noise. */
  public static void main(String[] arguments) {
    for (LossGapAttack attack : new LossGapAttack[]{SAMPLED, FULL_BATCH}) {
      System.out.println(attack + " sigma " + attack.sigma() + " allows AUC " + attack.claimed().tradeOff().maxAuc());
      for (double scale : new double[]{1, 0.5, 0.1, 0}) {
        for (int seed = 1; seed <= 3; seed++) {
          System.out.println("  noise x " + scale + ": " + attack.run(scale, seed));
        }
      }
    }
  }
}
