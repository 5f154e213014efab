package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

  private static void check(LossGapAttack attack) {
    double allowed = attack.claimed().tradeOff().maxAuc();
    assertThat(allowed).as("what epsilon 1 allows").isBetween(0.55, 0.75);
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(attack.run(1, seed).lower()).as("honest run " + seed).isLessThanOrEqualTo(allowed);
    }
    assertThat(attack.run(0, 1).lower()).as("without noise").isGreaterThan(allowed + 0.3);
    assertThat(attack.run(0.5, 1).lower()).as("half the noise").isGreaterThan(allowed);
    assertThat(attack.run(0.1, 1).lower()).as("a tenth of the noise").isGreaterThan(allowed + 0.2);
  }

  /**
   * Members 3, 2 and others 1, 2.5: 3 beats both, 2 beats one, so 3 of 4 pairs. Placements of members 1, ½ (variance
   * 1/8), of others below members: 1 has none of two below it, 2.5 one of two: 0, ½ (variance 1/8); standard error
   * √(1/16 + 1/16).
   */
  @Test
  void aucByHand() {
    Auc auc = Auc.of(new double[]{3, 2}, new double[]{1, 2.5});
    assertThat(auc.value()).isCloseTo(0.75, within(1e-12));
    assertThat(auc.standardError()).isCloseTo(Math.sqrt(0.125), within(1e-12));
    assertThat(Auc.of(new double[]{1, 1}, new double[]{1, 1}).value()).isEqualTo(0.5);
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
