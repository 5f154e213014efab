package io.sfumato.fusion.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Temperatures that can be worked out by hand. */
class CalibrationTest {
  /** Answers with a margin of 5 that are right three times of four are best believed with 3/4: margin/T = ln 3. */
  @Test
  void theTemperatureMakesConfidenceEqualAccuracy() {
    double[][] logits = new double[40][];
    int[] labels = new int[40];
    for (int i = 0; i < 40; i++) {
      logits[i] = new double[]{5, 0};
      labels[i] = i % 4 == 0 ? 1 : 0;
    }
    double temperature = TemperatureScaling.fit(logits, labels);
    assertThat(temperature).isCloseTo(5 / Math.log(3), within(1e-6));
    assertThat(LinearHead.softmax(logits[0], temperature)[0]).isCloseTo(0.75, within(1e-6));
    assertThat(TemperatureScaling.loss(logits, labels, temperature))
        .isCloseTo(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)), within(1e-9));
  }

  @Test
  void withFewExamplesProbabilitiesStayAsTheyAre() {
    double[][] logits = new double[TemperatureScaling.LEAST_EXAMPLES - 1][];
    Arrays.fill(logits, new double[]{5, 0});
    assertThat(TemperatureScaling.fit(logits, new int[logits.length])).isEqualTo(1);
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    assertThat(LinearHead.softmax(new double[]{1e6, 0, -1e6}, 1)).containsExactly(1, 0, 0);
    assertThat(TemperatureScaling.loss(new double[][]{{1e6, 0}}, new int[]{1}, 1)).isCloseTo(1e6, within(1e-3));
  }
}
