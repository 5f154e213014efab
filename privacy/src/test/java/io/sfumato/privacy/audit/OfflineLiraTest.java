package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The offline likelihood-ratio attack. */
class OfflineLiraTest {

  private static MembershipScores shadow(boolean[] in, double... scores) {
    return new MembershipScores("user", scores, in);
  }

  /**
   * Unit 0 is left out by all three, scores 1, 2, 3: mean 2. Unit 1 by the first two, 10, 14: mean 12. Unit 2 by none. Shared variance (2 + 8)/(2 + 1) = 10/3. Unit 2 is held against the mean of means, 7.
   */
  @Test
  void byHand() {
    OfflineLira lira = new OfflineLira(3);
    lira.add(shadow(new boolean[]{false, false, true}, 1, 10, 99));
    lira.add(shadow(new boolean[]{false, false, true}, 2, 14, 98));
    lira.add(shadow(new boolean[]{false, true, true}, 3, 77, 97));
    double deviation = Math.sqrt(10 / 3.0);
    double[] scores = lira.scores(new double[]{4, 12, 10});
    assertThat(scores[0]).isCloseTo(2 / (deviation * Math.sqrt(4 / 3.0)), within(1e-12));
    assertThat(scores[1]).isZero();
    assertThat(scores[2]).isCloseTo(3 / deviation, within(1e-12));
    assertThatThrownBy(() -> lira.add(shadow(new boolean[1], 1))).hasMessageContaining("all 3 units but scored 1");
  }

  /** Nothing varies, or nothing was ever left out: scores are still finite. */
  @Test
  void staysFinite() {
    OfflineLira lira = new OfflineLira(2);
    assertThat(lira.scores(new double[]{5, 6})).containsExactly(5, 6);
    lira.add(shadow(new boolean[2], 5, 5));
    lira.add(shadow(new boolean[2], 5, 5));
    for (double score : lira.scores(new double[]{5, 6})) {
      assertThat(score).isFinite();
    }
  }

  /** Units that are hard to know by nature, and units that vary more than others: the loss alone hardly tells who was in, the loss against what is normal does. */
  @Test
  void takesOutWhatUnitsAreByNature() {
    Random random = new Random(1);
    int units = 1000;
    double[] hard = random.doubles(units).map(x -> 10 * x).toArray();
    double[] varies = random.doubles(units).map(x -> 0.2 + 3 * x * x).toArray();
    OfflineLira lira = new OfflineLira(units);
    for (int shadow = 0; shadow < 80; shadow++) {
      lira.add(scores(hard, varies, random));
    }
    MembershipScores attacked = scores(hard, varies, random);
    double loss = Auc.of(attacked.scores(), attacked.in()).value();
    double ratio = Auc.of(lira.scores(attacked.scores()), attacked.in()).value();
    assertThat(loss).isBetween(0.48, 0.6);
    assertThat(ratio).isGreaterThan(loss + 0.2);
  }

  private static MembershipScores scores(double[] hard, double[] varies, Random random) {
    double[] scores = new double[hard.length];
    boolean[] in = new boolean[hard.length];
    for (int i = 0; i < hard.length; i++) {
      in[i] = random.nextBoolean();
      scores[i] = -hard[i] + varies[i] * random.nextGaussian() + (in[i] ? 1 : 0);
    }
    return new MembershipScores("user", scores, in);
  }
}
