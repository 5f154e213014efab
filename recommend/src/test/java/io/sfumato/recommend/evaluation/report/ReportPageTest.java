package io.sfumato.recommend.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.recommend.evaluation.EvaluationReport;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page as text; what a browser makes of it is tested with the commands. */
class ReportPageTest {
  private static final Pattern SCRIPT = Pattern.compile("(?s)<script[^>]*>.*?</script>");
  private final String html = ReportPage.html(MadeReport.report(), MadeReport.catalog());
  private final String markup = withoutScripts(html);

  private static String withoutScripts(String page) {
    return SCRIPT.matcher(page).replaceAll("");
  }

  @Test
  void loadsNothing() {
    for (String load : List.of("src=\"http", "href=\"http", "src=\"//", "@import", "sourceMappingURL")) {
      assertThat(html.contains(load)).as(load).isFalse();
    }
    assertThat(html.length()).isLessThan(3_000_000);
    assertThat(markup).doesNotContain("url(");
    assertThat(Pattern.compile("(?:src|href)=\"(?!data:|#)").matcher(markup).find()).isFalse();
  }

  @Test
  void saysWhoIsBestAndHowSure() {
    assertThat(markup).contains("sfumato has the best NDCG@20 of 8 systems, 0.2951; the next is ease with 0.2803",
        "It beats 6 of the 7 others at p &lt; 0.01", "Between it and ease these users do not decide.");
  }

  @Test
  void everyPlotHasAPlaceAWordAndItsFigures() {
    Matcher places = Pattern.compile("id=\"([a-z0-9-]+)\" role=\"img\" aria-label=\"[^\"]{20,}\"").matcher(markup);
    int found = 0;
    String specs = html.substring(html.indexOf("id=\"specs\">"));
    while (places.find()) {
      assertThat(specs.contains("\"" + places.group(1) + "\":{\"width\":\"container\"")).as(places.group(1)).isTrue();
      found++;
    }
    assertThat(found).isEqualTo(11);
    assertThat(Pattern.compile("<figure class=\"plot\">").matcher(markup).results().count()).isEqualTo(found);
    assertThat(Pattern.compile("<summary>The figures</summary>").matcher(markup).results().count()).isEqualTo(found);
  }

  @Test
  void namesAndTitlesAreEscaped() {
    assertThat(markup).doesNotContain("<b>&amp;</b>", "<i>number");
    assertThat(markup).contains("a-system-with-quite-a-long-name &lt;b&gt;&amp;amp;", "Film &lt;i&gt;number");
  }

  @Test
  void showsHitsAndWhatWasMissedWithAndWithoutPictures() {
    assertThat(markup).contains("User u-1: NDCG@20 0.1010, 5 of 8 found", "lower quartile of ndcg@20",
        "data:image/jpeg;base64,",
        "no picture", "class=\"hit\"", "They took as well, and were not shown");
    assertThat(Pattern.compile("They took as well").matcher(markup).results().count()).isEqualTo(1);
  }

  @Test
  void carriesTheLicenceOfWhatDrawsItsPlots() {
    assertThat(markup).contains("vega 5", "vega-lite 5", "Redistributions in binary form must reproduce");
  }

  @Test
  void isThereWithoutASubjectAndWithOneSystem() {
    String open = ReportPage.html(MadeReport.report("", List.of("ease", "popular")), MadeReport.catalog());
    assertThat(withoutScripts(open)).contains("ease has the best NDCG@20 of 2 systems").doesNotContain("id=\"sure\"");
    String alone = ReportPage.html(MadeReport.report("sfumato", List.of("sfumato")), MadeReport.catalog());
    assertThat(withoutScripts(alone)).contains("nothing was measured beside it").doesNotContain("id=\"sure\"");
  }

  @Test
  void whoIsNotBestIsToldSo() {
    EvaluationReport report = MadeReport.report("itemknn", MadeReport.NAMES);
    assertThat(new Findings(report).verdict().getFirst())
        .isEqualTo("itemknn is number 3 of 8 by NDCG@20, 0.2512; the best is sfumato with 0.2951.");
    assertThat(String.join(" ", new Findings(report).verdict()))
        .contains("It is worse than sfumato and ease at p < 0.01.");
  }

  @Test
  void weaknessesComeFromTheFigures() {
    List<String> weak = new Findings(MadeReport.report()).weaknesses();
    assertThat(weak.getFirst()).isEqualTo(
        "Item popularity, tail: NDCG@20 0.0590 over 431 users, 20 % of its mean over all; content-ridge has 0.0900 there.");
    assertThat(weak.getLast()).startsWith("Ahead of it in a slice: content-ridge in item popularity: tail");
    assertThat(weak).noneMatch(sentence -> sentence.contains("cold")); // four users are too few to speak of
  }
}
