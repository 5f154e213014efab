package io.sfumato.privacy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.privacy.audit.AuditProvenance;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.DataTouch;
import io.sfumato.privacy.audit.Evidence;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.UtilityFacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AuditPageTest {
  private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");
  private static final Pattern LINK = Pattern.compile(" href=\"([^\"]*)\"");

  private static final String FULL = AuditPage.html(MadeAudits.full(), false);
  private static final String PUBLIC = AuditPage.html(MadeAudits.full(), true);
  private static final String REFUTED = AuditPage.html(MadeAudits.refuted(), false);
  private static final String UNCLAIMED = AuditPage.html(MadeAudits.unclaimed(), false);

  static Stream<String> pages() {
    return Stream.of(FULL, PUBLIC, REFUTED, UNCLAIMED, AuditPage.html(MadeAudits.untested(), false));
  }

  private static List<String> all(Pattern pattern, String html) {
    Matcher matcher = pattern.matcher(html);
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyPageHasAllSevenPartsInOrder(String html) {
    assertThat(count(html, "<h1")).isEqualTo(1);
    List<String> headings = all(Pattern.compile("<h2 id=\"(\\w+)\""), html);
    assertThat(headings).containsExactly("verdict", "findings", "claim", "mechanism", "accounting", "touches",
        "utility",
        "evidence", "provenance", "terms");
    assertThat(count(html, "class=\"means\"")).as("each part says what it means").isEqualTo(7);
    assertThat(html).contains("An empirical bound under ε proves nothing");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void nothingIsLoadedAndNothingRuns(String html) {
    String markup = html.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "");
    assertThat(markup).doesNotContain("http:", "https:", "<script", " src=", "@import", "url(data", "<link rel=\"s",
        "javascript:");
    assertThat(all(LINK, html)).allMatch(link -> link.equals("data:,") || link.startsWith("#"));
    assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(2 << 20);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void idsAreUniqueAndLinksLead(String html) {
    List<String> ids = all(ID, html);
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(all(Pattern.compile("(?:href=\"|url\\()#([^\")]+)"), html)).isSubsetOf(ids);
  }

  /** Those who do not see the page get every plot as text, and tables know their headings. */
  @Test
  void plotsAndTablesAreAccessible() {
    String html = FULL;
    assertThat(html).startsWith("<!doctype html>\n<html lang=\"en\">");
    List<String> alternatives = all(Pattern.compile("role=\"img\" aria-label=\"([^\"]*)\""), html);
    assertThat(alternatives).hasSize(count(html, "<figure")).allMatch(text -> text.length() > 40);
    assertThat(alternatives).hasSize(10);
    assertThat(count(html, "<svg")).isEqualTo(count(html, "aria-hidden=\"true\""));
    assertThat(count(html, "<caption>")).isEqualTo(count(html, "<table ")).isGreaterThan(8);
    assertThat(count(html, "<tr ")).isEqualTo(count(html, "scope=\"row\"") + count(html, "<thead "));
  }

  @Test
  void namesFromDataAreEscaped() {
    String bad = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>&";
    AuditReport full = MadeAudits.full();
    var evidence = new Evidence(
        List.of(new CanaryEvidence(bad, bad, full.evidence().canaries().getFirst().run(), null)), List.of(), List.of(),
        1,
        List.of(bad));
    var utility = new UtilityFacts(bad, 3, List.of(new UtilityFacts.Row(bad, null, 1, 0, 2, 1)),
        List.of(new UtilityFacts.Slice(bad, bad, 1, 1)),
        List.of(new io.sfumato.privacy.audit.Point(1, 1), new io.sfumato.privacy.audit.Point(2, 1)));
    var report = new AuditReport(full.claim(), full.mechanism(), full.accounting(),
        List.of(new DataTouch(bad, bad, bad)), utility, evidence,
        new AuditProvenance(bad, bad, bad, Map.of(bad, bad), Map.of(bad, List.of(bad)), bad, List.of(bad)),
        List.of(Finding.red(bad, bad, bad)));
    String html = AuditPage.html(report, false);
    assertThat(html).doesNotContain("<script", "<img", "\"><img");
    assertThat(count(html, "&lt;script&gt;")).isGreaterThan(15);
  }

  @Test
  void thePublicPageHasNothingInternal() {
    assertThat(FULL).contains("Internal edition", "internal, not private", "18,112", "20,000", "9c41", "63.6", "0.0911",
        "How many units took part");
    assertThat(PUBLIC).contains("Public edition", "0.52", "rounded to hundredths")
        .doesNotContain("internal, not private", "class=\"tag\"", "18,112", "20,000", "9c41", "0.0911", "1,990",
            "0.521",
            "63.9", "9.04", "How many units took part", "falsely accused")
        .contains("a deviation of …, which agrees with the … of the ledger");
    assertThat(AuditPage.html(MadeAudits.untested(), true)).contains("train with --canaries 1000 --secret FILE");
    AuditReport none = MadeAudits.unclaimed();
    var found = List.of(
        Finding.yellow("DELTA_LARGE", "delta 1.0e-04 is not below one over the number of people, 20123",
            "train with --delta 5e-06 or less"),
        Finding.green("RELEASES_MATCH", "all 3 releases are at hand"));
    assertThat(
        AuditPage.html(new AuditReport(null, null, null, List.of(), null, none.evidence(), none.provenance(), found),
            true))
        .contains("Delta … is not below one over the number of people, …", "Train with --delta … or less.",
            "All 3 releases are at hand.");
  }

  @Test
  void aModelWithoutAClaimIsSaidToHaveNone() {
    String html = AuditPage.html(MadeAudits.unclaimed(), false);
    assertThat(html)
        .contains("This model promises no privacy", "trained without a privacy budget", "There is no evidence")
        .doesNotContain("holds as far");
  }

  @Test
  void severityIsNotToldByColourAlone() {
    assertThat(REFUTED).contains("Verdict (red): ", "<b>Red.</b> ", "<b>Yellow.</b> ", "The claim is refuted",
        "Do not release this model");
  }

  /** The same report gives the same page: Lets-Plot's random names are gone. */
  @Test
  void pagesAreReproducible() {
    assertThat(AuditPage.html(MadeAudits.full(), false)).isEqualTo(FULL);
  }

  @Test
  void writesWholeFiles(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("audit.html");
    AuditPage.write(MadeAudits.full(), file, false);
    assertThat(Files.readString(file)).isEqualTo(FULL);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }
}
