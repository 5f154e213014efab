package io.sfumato.privacy.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contrast of the page's colours, by day, by night and on paper, by the formula of WCAG 2.2: 4.5 for text, 3 for marks. */
class ContrastTest {
  private static final String PAGE = AuditPage.html(MadeAudits.unclaimed(), false);
  private static final Pattern COLOUR = Pattern.compile("--([a-z-]+): #([0-9a-f]{6});");
  private static final List<String> PAPERS = List.of("paper", "card");

  private static Map<String, Integer> colours(int block) {
    Matcher root = Pattern.compile(":root \\{([^}]*)\\}").matcher(PAGE);
    for (int i = 0; i <= block; i++) {
      assertThat(root.find()).as("the stylesheet has a palette " + i).isTrue();
    }
    Map<String, Integer> colours = new LinkedHashMap<>();
    Matcher colour = COLOUR.matcher(root.group(1));
    while (colour.find()) {
      colours.put(colour.group(1), Integer.parseInt(colour.group(2), 16));
    }
    return colours;
  }

  private static double channel(int value) {
    double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }

  private static double luminance(int rgb) {
    return 0.2126 * channel(rgb >> 16 & 255) + 0.7152 * channel(rgb >> 8 & 255) + 0.0722 * channel(rgb & 255);
  }

  private static double contrast(Map<String, Integer> colours, String one, String other) {
    double a = luminance(Objects.requireNonNull(colours.get(one), one));
    double b = luminance(Objects.requireNonNull(colours.get(other), other));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void textAndMarksStandOut(int block) {
    Map<String, Integer> colours = colours(block);
    assertThat(colours).hasSize(22);
    for (String paper : PAPERS) {
      for (String text : List.of("ink", "soft", "link", "red", "yellow", "green")) {
        assertThat(contrast(colours, text, paper)).as(text + " on " + paper).isGreaterThanOrEqualTo(4.5);
      }
      for (String mark : List.of("claim", "attack", "other", "chance", "bare", "axis")) {
        assertThat(contrast(colours, mark, paper)).as(mark + " on " + paper).isGreaterThanOrEqualTo(3);
      }
    }
    for (String severity : List.of("red", "yellow", "green")) {
      assertThat(contrast(colours, severity, severity + "-back")).as(severity + " on its own")
          .isGreaterThanOrEqualTo(4.5);
      assertThat(contrast(colours, "ink", severity + "-back")).as("ink on " + severity).isGreaterThanOrEqualTo(4.5);
    }
    assertThat(contrast(colours, "tag", "tag-back")).isGreaterThanOrEqualTo(4.5);
    for (String bar : List.of("claim", "attack", "bare", "chance")) {
      assertThat(contrast(colours, bar, "bed")).as(bar + " on the bed of bars").isGreaterThanOrEqualTo(3);
    }
  }
}
