package io.sfumato.fusion.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.encoders.Progress;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The fit is where the gradient vanishes, and the gradient is that of the objective. */
class LogisticRegressionTest {
  private static LogisticRegression drawn(SplittableRandom random, int n, int d, int classes) {
    float[][] x = new float[n][d];
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      y[i] = random.nextInt(classes);
      for (int j = 0; j < d; j++) {
        x[i][j] = (float) (random.nextDouble() * 2 - 1 + (j == y[i] ? 0.5 : 0));
      }
    }
    return new LogisticRegression(x, y, classes);
  }

  @Property(tries = 25, seed = "1")
  void theGradientIsThatOfFiniteDifferences(@ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int classes,
      @ForAll @IntRange(min = 1, max = 600) int n) {
    SplittableRandom random = new SplittableRandom(seed);
    LogisticRegression regression = drawn(random, n, 5, classes);
    double[] w = random.doubles(classes * 6L, -1, 1).toArray();
    double[] gradient = new double[w.length];
    regression.evaluate(w, 0.1, gradient);
    double[] unused = new double[w.length];
    double h = 1e-5;
    for (int i = 0; i < w.length; i++) {
      double at = w[i];
      w[i] = at + h;
      double above = regression.evaluate(w, 0.1, unused);
      w[i] = at - h;
      double below = regression.evaluate(w, 0.1, unused);
      w[i] = at;
      assertThat(gradient[i]).isCloseTo((above - below) / (2 * h), within(1e-6));
    }
  }

  @Property(tries = 15, seed = "2")
  void theFitIsTheMinimum(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int classes) {
    SplittableRandom random = new SplittableRandom(seed);
    LogisticRegression regression = drawn(random, 80, 6, classes);
    double[] fitted = regression.fit(0.01, null, Progress.silent());
    double[] gradient = new double[fitted.length];
    double least = regression.evaluate(fitted, 0.01, gradient);
    for (double slope : gradient) {
      assertThat(slope).isCloseTo(0, within(1e-5));
    }
    double[] start = random.doubles(fitted.length, -2, 2).toArray();
    assertThat(regression.evaluate(regression.fit(0.01, start, Progress.silent()), 0.01, gradient))
        .isCloseTo(least, within(1e-8));
  }

  /** One feature x = ±1 with classes that follow its sign three times of four: without a penalty the logit at ±1 is ±ln 3, and there is no bias. */
  @Test
  void oneFeatureByHand() {
    float[][] x = {{1}, {1}, {1}, {1}, {-1}, {-1}, {-1}, {-1}};
    int[] y = {1, 1, 1, 0, 0, 0, 0, 1};
    LogisticRegression regression = new LogisticRegression(x, y, 2);
    LinearHead head = regression.head(regression.fit(0, null, Progress.silent()));
    assertThat(head.probabilities(new float[]{1})[1]).isCloseTo(0.75, within(1e-5));
    assertThat(head.probabilities(new float[]{-1})[1]).isCloseTo(0.25, within(1e-5));
  }
}
