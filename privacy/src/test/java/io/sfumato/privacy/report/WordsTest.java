package io.sfumato.privacy.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"0 | 0", "1 | 1", "1.0949 | 1.09", "0.0123 | 0.012", "12.34 | 12.3",
    "123.4 | 123",
    "1234.4 | 1,234", "1e-6 | 10⁻⁶", "1.26e-12 | 1.3·10⁻¹²", "-0.5 | -0.5", "Infinity | unbounded", "NaN | –"})
  void figuresHaveThreeDigits(double value, String text) {
    assertThat(Words.figure(value)).isEqualTo(text);
  }

  @Test
  void probabilitiesAsOdds() {
    assertThat(Words.oneIn(1e-6)).isEqualTo("1 in 1,000,000");
    assertThat(Words.oneIn(1 / 20_123.0)).isEqualTo("1 in 20,100");
    assertThat(Words.oneIn(0.5)).isEqualTo("0.5");
  }

  @Test
  void figuresStayWithTheirSigns() {
    assertThat(Words.tied("so ε = 1.2 at 99.9 % and x = y")).isEqualTo("so ε\u00a0=\u00a01.2 at 99.9\u00a0% and x = y");
  }

  @Test
  void ticksAreRoundAndFewEnough() {
    assertThat(Ticks.of(new Chart.Axis("", 0, 1.1, false), 360)).containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
    assertThat(Ticks.of(new Chart.Axis("", 1e-4, 1, true), 560)).hasSize(5).startsWith(1e-4).endsWith(1.0);
    assertThat(Ticks.of(new Chart.Axis("", 1e-12, 0.1, true), 360)).hasSizeLessThanOrEqualTo(6).endsWith(0.1);
    assertThat(Ticks.of(new Chart.Axis("", 0.5, 8, true), 360)).isEqualTo(List.of(0.5, 1.0, 2.0, 5.0));
  }

  @Test
  void labelsOfLogarithmicAxes() {
    var deep = new Chart.Axis("", 1e-12, 1, true);
    assertThat(deep.label(0.01)).isEqualTo("10⁻²");
    assertThat(deep.label(1)).isEqualTo("1");
    assertThat(new Chart.Axis("", 1e-4, 1, true).label(1e-4)).isEqualTo("0.0001");
  }
}
