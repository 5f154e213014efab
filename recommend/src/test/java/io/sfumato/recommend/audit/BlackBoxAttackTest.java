package io.sfumato.recommend.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlackBoxAttackTest {
  @Test
  void anExactCountTellsACanaryWithItemsOfItsOwn() {
    // Items 0 and 1 are of the first canary, which is in; 2 and 3 of the second, which is out. With the coin's mean ½ taken off, counts are ½ and −½, and the estimates ±½.
    double[] coins = BlackBoxAttack.coins(new double[]{1, 1, 0, 0}, 0, List.of(new int[]{0, 1}, new int[]{2, 3}));
    assertThat(coins[0]).isCloseTo(0.5, within(1e-3));
    assertThat(coins[1]).isCloseTo(-0.5, within(1e-3));
  }

  @Test
  void noiseShrinksTheEstimate() {
    // One canary, one item, residual 1: (1 + 4σ²) δ = ½, so δ = 1/10 at σ = 1.
    assertThat(BlackBoxAttack.coins(new double[]{1}, 1, List.of(new int[]{0}))[0]).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void canariesThatShareItemsAreTakenApart() {
    SplittableRandom random = new SplittableRandom(4);
    List<int[]> items = new ArrayList<>();
    boolean[] in = new boolean[40];
    double[] residual = new double[45];
    for (int canary = 0; canary < in.length; canary++) { // a chain: each shares an item with the next
      items.add(new int[]{canary, canary + 1});
      in[canary] = random.nextBoolean();
      if (in[canary]) {
        residual[canary]++;
        residual[canary + 1]++;
      }
    }
    double[] coins = BlackBoxAttack.coins(residual, 0, items);
    for (int canary = 0; canary < in.length; canary++) {
      assertThat(coins[canary] > 0).as("canary %d", canary).isEqualTo(in[canary]);
    }
  }
}
