package io.sfumato.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Areas under ROC curves and their limits. */
class AucTest {

  /**
   * Members 3, 2 and others 1, 2.5: 3 beats both, 2 beats one, so 3 of 4 pairs. Placements of members 1, ½ (variance 1/8), of others below members: 1 has none of two below it, 2.5 one of two: 0, ½ (variance 1/8);
   * standard error √(1/16 + 1/16).
   */
  @Test
  void byHand() {
    Auc auc = Auc.of(new double[]{3, 2}, new double[]{1, 2.5});
    assertThat(auc.value()).isCloseTo(0.75, within(1e-12));
    assertThat(auc.standardError()).isCloseTo(Math.sqrt(0.125), within(1e-12));
    assertThat(Auc.of(new double[]{3, 1, 2, 2.5}, new boolean[]{true, false, true, false})).isEqualTo(auc);
    assertThat(Auc.of(new double[]{1, 1}, new double[]{1, 1}).value()).isEqualTo(0.5);
    assertThatThrownBy(() -> Auc.of(new double[]{1}, new double[0])).hasMessageContaining("1 and 0");
  }

  /** Area 1 of n pairs: A^n = p. Area ½ of 100: ½ log(1/(4A(1−A))) = log 20/100, so A = ½ − ½√(1 − 20^(−1/50)). */
  @Test
  void limitsByHand() {
    Auc all = Auc.of(new double[]{5, 6, 7}, new double[]{1, 2, 3, 4});
    assertThat(all.lower(0.95)).isCloseTo(Math.pow(0.05, 1 / 3.0), within(1e-9));
    assertThat(all.upper(0.95)).isEqualTo(1, within(1e-9));
    Auc half = new Auc(0.5, 0.03, 100, 400);
    double expected = 0.5 - 0.5 * Math.sqrt(1 - Math.pow(20, -1 / 50.0));
    assertThat(half.lower(0.95)).isCloseTo(expected, within(1e-9));
    assertThat(half.upper(0.95)).isCloseTo(1 - expected, within(1e-9));
    assertThat(half.lower(0.999)).isLessThan(half.lower(0.95));
  }

  /** Few members, many others, distributions of which the usual limit fails: a limit at 95 % is above the true area in 5 % of samples at most. The true areas are Φ(1/√2), Φ(3/√2), Φ(½/√1.01), ½ + 0.3/2 nearly. */
  @Property(tries = 12, seed = "1")
  void coversWhatItStates(@ForAll @IntRange(min = 0, max = 3) int kind,
      @ForAll @IntRange(min = 2, max = 40) int members,
      @ForAll @IntRange(min = 2, max = 40) int others) {
    double[] areas = {0.7602499389065233, 0.9830525732376554, 0.6905847283, 0.65};
    Random normal = new Random(31L * kind + 1000L * members + others);
    ToDoubleFunction<Random> member = switch (kind) {
      case 0 -> random -> 1 + random.nextGaussian();
      case 1 -> random -> 3 + random.nextGaussian();
      case 2 -> random -> 0.5 + 0.1 * random.nextGaussian();
      default -> random -> (random.nextDouble() < 0.3 ? 100 : 0) + random.nextGaussian();
    };
    int missed = 0;
    for (int trial = 0; trial < 1000; trial++) {
      double[] in = new double[members];
      double[] out = new double[others];
      Arrays.setAll(in, i -> member.applyAsDouble(normal));
      Arrays.setAll(out, i -> normal.nextGaussian());
      Auc auc = Auc.of(in, out);
      missed += auc.lower(0.95) > areas[kind] || auc.upper(0.95) < areas[kind] ? 1 : 0;
    }
    assertThat(missed).isLessThanOrEqualTo(100);
  }

  /** Where the usual limit of large samples is above the true area in a third of all samples or more. */
  @Test
  void theUsualLimitWouldNotDo() {
    Random random = new Random(2);
    int missed = 0;
    int usual = 0;
    for (int trial = 0; trial < 2000; trial++) {
      double[] in = random.doubles(10).map(x -> 3 + random.nextGaussian()).toArray();
      double[] out = random.doubles(10).map(x -> random.nextGaussian()).toArray();
      Auc auc = Auc.of(in, out);
      missed += auc.lower(0.999) > 0.98305 ? 1 : 0;
      usual += auc.value() - 3.09 * auc.standardError() > 0.98305 ? 1 : 0;
    }
    assertThat(usual).isGreaterThan(600);
    assertThat(missed).isLessThanOrEqualTo(2);
  }
}
