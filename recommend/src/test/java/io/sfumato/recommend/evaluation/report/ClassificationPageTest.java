package io.sfumato.recommend.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.recommend.evaluation.classification.ClassificationReport;
import io.sfumato.recommend.evaluation.classification.Judged;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of a classifier as text. */
class ClassificationPageTest {
  private static final Pattern SCRIPT = Pattern.compile("(?s)<script[^>]*>.*?</script>");
  private final String html = ClassificationPage.html(
      ClassificationReport.of(List.of("mug", "<b>hat</b>"),
          List.of(new Judged("mug", new double[]{0.9, 0.1}), new Judged("mug", new double[]{0.4, 0.6}),
              new Judged("<b>hat</b>", new double[]{0.2, 0.8}), new Judged("lamp", new double[]{0.7, 0.3}))),
      "How well 'kind' is told", "Part: test.", Map.of("train", "12"));
  private final String markup = SCRIPT.matcher(html).replaceAll("");

  @Test
  void loadsNothingAndEscapesLabels() {
    for (String load : List.of("src=\"http", "href=\"http", "src=\"//", "@import", "sourceMappingURL")) {
      assertThat(html.contains(load)).as(load).isFalse();
    }
    assertThat(markup).doesNotContain("<b>hat</b>").contains("&lt;b&gt;hat&lt;/b&gt;");
    assertThat(html.substring(html.indexOf("id=\"specs\">"), html.indexOf("id=\"specs\">") + 500))
        .doesNotContain("<b>hat");
  }

  @Test
  void saysHowGoodItIsAndWhereItIsWeak() {
    assertThat(markup).contains("50.0 % of 4 items were given their own label", "Told worst is 'lamp', with F1 0.0000",
        "The classifier does not know 1 label: lamp.", "<dt>train</dt><dd>12</dd>", "macro average");
  }

  @Test
  void everyPlotHasAPlaceAWordAndItsFigures() {
    for (String plot : List.of("labels-f1", "confusion-matrix", "reliability")) {
      assertThat(markup).containsPattern("id=\"" + plot + "\" role=\"img\" aria-label=\"[^\"]{20,}\"");
      assertThat(html).contains("\"" + plot + "\":{\"width\":\"container\"");
    }
    List<String> ids = Pattern.compile(" id=\"([^\"]+)\"").matcher(markup).results().map(id -> id.group(1)).toList();
    assertThat(ids).as("a place has a name of its own").doesNotHaveDuplicates();
    assertThat(Pattern.compile("<summary>The figures</summary>").matcher(markup).results().count()).isEqualTo(3);
  }
}
