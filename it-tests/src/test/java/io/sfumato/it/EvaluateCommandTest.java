package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measuring a bundle, or other systems alone, and the report that is left. */
class EvaluateCommandTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir
  static Path directory;

  private static String bundle = "";
  private static Path shop = Path.of("");
  private static Path run = Path.of("");
  private static Path report = Path.of("");
  private static JsonNode printed = JSON.createObjectNode();

  @BeforeAll
  static void evaluate() throws IOException {
    TinyShop.demoRun();
    bundle = TinyShop.demo().resolve("bundle").toString();
    shop = TinyShop.write(directory.resolve("shop"));
    run = directory.resolve("mine.csv");
    List<String> rows = new ArrayList<>(List.of("user_id,item_id,rank"));
    for (int user = 0; user < TinyShop.USERS; user++) {
      for (int rank = 1; rank <= 15; rank++) {
        rows.add("u%d,i%d,%d".formatted(user, (user % 2 == 0 ? 0 : 2) + 4 * ((rank + user) % 15), rank));
      }
    }
    Files.write(run, rows);
    report = directory.resolve("report");
    printed = Ran.sfumato("evaluate", bundle, "--against", "ease,random,popular", "--seeds", "2", "--auc", "-k", "5,20",
        "--report", report.toString(), "--json").ok().json();
  }

  @Test
  void printsWhatItPrintedBeforeAndHowSureThatIs() {
    assertThat(printed.fieldNames()).toIterable()
        .containsExactly("split", "part", "protocol", "k", "cuts", "pool", "items", "users", "seeds", "subject",
            "models",
            "intervals", "deviations", "tests", "report");
    assertThat(printed.get("k").asInt()).isEqualTo(20);
    assertThat(printed.get("seeds").asInt()).isEqualTo(2);
    assertThat(printed.get("models").fieldNames()).toIterable().containsExactly("sfumato", "ease", "random", "popular");
    assertThat(printed.get("deviations").fieldNames()).toIterable().containsExactly("sfumato", "random");
    for (JsonNode model : printed.get("models")) {
      assertThat(model.get("auc").asDouble()).isBetween(0.0, 1.0);
    }
    assertThat(printed.get("models").get("random").get("auc").asDouble()).isBetween(0.4, 0.6);
    JsonNode interval = printed.get("intervals").get("sfumato").get("ndcg");
    double mean = printed.get("models").get("sfumato").get("ndcg").asDouble();
    assertThat(interval.get(0).asDouble()).isLessThan(mean);
    assertThat(interval.get(1).asDouble()).isGreaterThan(mean);
    for (JsonNode test : printed.get("tests")) {
      assertThat(test.get("p_holm").asDouble()).isBetween(test.get("p").asDouble(), 1.0);
      assertThat(test.get("difference").asDouble()).isBetween(test.get("low").asDouble(), test.get("high").asDouble());
    }
  }

  @Test
  void theReportHasThePageAndTheFigures() throws IOException {
    JsonNode json = JSON.readTree(report.resolve("report.json").toFile());
    assertThat(json.get("format").asInt()).isEqualTo(1);
    assertThat(json.get("models")).isEqualTo(printed.get("models"));
    assertThat(json.get("facts").get("values").get("modalities")).hasSize(2);
    List<String> curves = new ArrayList<>();
    json.get("facts").get("curves").forEach(curve -> curves.add(curve.get("name").asText()));
    assertThat(curves).contains("Sweep of the fusion weight a", "Learning: loss");
    String html = Files.readString(report.resolve("index.html"));
    String markup = Pattern.compile("(?s)<script[^>]*>.*?</script>").matcher(html).replaceAll("");
    assertThat(Pattern.compile("(?:src|href)=\"(?!data:|#)").matcher(markup).find()).isFalse();
    assertThat(markup).doesNotContain("@import", "url(");
    assertThat(markup).contains("NDCG@20", "± ", "Sweep of the fusion weight a");
    assertThat(Files.size(report.resolve("index.html"))).isLessThan(4_000_000);
    assertThat(Files.readAllBytes(report.resolve("per-user.parquet")))
        .startsWith("PAR1".getBytes(StandardCharsets.US_ASCII));
  }

  /** On a phone's width, without a network: whatever the page did wrong would be an error on its console. */
  @Test
  void aBrowserDrawsEveryPlotAndLoadsNothing() throws Exception {
    assumeTrue(Browser.isThere(), "skipped: there is no chromium on the PATH to look at the page with");
    for (boolean dark : new boolean[]{false, true}) {
      Browser.Seen seen = Browser.look(report.resolve("index.html"), 390, dark);
      assertThat(seen.errors()).isEmpty();
      assertThat(seen.loaded()).containsExactly(report.resolve("index.html").toUri().toString());
      assertThat(seen.plots()).isGreaterThan(8);
      assertThat(seen.drawn()).isEqualTo(seen.plots());
      assertThat(seen.emptyPlots()).isZero();
      assertThat(seen.width()).as("no sideways scrolling of the page").isLessThanOrEqualTo(390);
    }
  }

  @Test
  void explanationsHoldOnATrainedShop() {
    JsonNode json = Ran.sfumato("bench", "explanations", bundle, "--users", "20", "--json").ok().json();
    assertThat(json.get("reason").get("checked").asInt()).isGreaterThan(100);
    assertThat(json.get("reason").get("rate").asDouble()).isGreaterThan(0.9);
    assertThat(json.get("reason").get("drop").asDouble()).isGreaterThan(2 * json.get("other").get("drop").asDouble());
    assertThat(json.get("channel").get("rate").asDouble()).isGreaterThan(0.95);
  }

  @Test
  void explanationsByTextAndPictureHoldWhereOtherPeopleDoNotSpeak() {
    String alone = directory.resolve("alone").toString();
    Ran.sfumato(TinyShop.with(List.of("train", shop.toString(), "--out", alone, "--without", "collaborative"),
        TinyShop.QUICK).toArray(String[]::new)).ok();
    JsonNode json = Ran.sfumato("bench", "explanations", alone, "--users", "40", "--json").ok().json();
    assertThat(json.get("modality").get("checked").asInt()).isGreaterThan(50);
    assertThat(json.get("modality").get("rate").asDouble()).isGreaterThan(0.9);
    assertThat(json.get("channel").get("rate").asDouble()).isGreaterThan(0.9);
    assertThat(json.get("reason").get("rate").asDouble()).isGreaterThan(0.7);
  }

  @Test
  void anEarlierReportIsReplacedAndNothingElseIs() throws IOException {
    Path again = directory.resolve("again");
    Ran.sfumato("evaluate", bundle, "--against", "popular", "--report", again.toString()).ok();
    Ran.sfumato("evaluate", bundle, "--against", "random", "--report", again.toString()).ok();
    assertThat(JSON.readTree(again.resolve("report.json").toFile()).get("models").fieldNames()).toIterable()
        .containsExactly("sfumato", "random");
    try (var left = Files.list(directory)) {
      assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("writing")
          || name.contains("previous"));
    }
    Ran.sfumato("evaluate", bundle, "--against", "popular", "--report", shop.toString()).failed(1, "is no report");
  }

  @Test
  void theTableIsForPeople() {
    String table = Ran.sfumato("evaluate", bundle, "--against", "ease,popular").ok().out();
    assertThat(table).contains("95 % interval", "behind", "sfumato", "Where it is weak");
    assertThat(table.lines().mapToInt(String::length)).allMatch(width -> width <= 100);
  }

  @Test
  void aDataFolderAndARunFileAreEnough() {
    JsonNode json = Ran.sfumato("evaluate", shop.toString(), "--split", "last", "--against",
        "run:mine=" + run + ",ease,itemknn,popular", "--json").ok().json();
    Schemas.comparison(json, "last", 20, "all");
    assertThat(json.get("models").fieldNames()).toIterable().containsExactly("mine", "ease", "itemknn", "popular");
    assertThat(json.get("subject").asText()).isEqualTo("mine");
    assertThat(json.get("tests")).isNotEmpty();
  }

  @Test
  void asMmrecDoes() {
    JsonNode json = Ran.sfumato("evaluate", shop.toString(), "--split", "last", "--against", "popular,ease",
        "--protocol", "mmrec", "--json").ok().json();
    assertThat(json.get("protocol").asText()).isEqualTo("mmrec");
    assertThat(json.get("cuts").toString()).isEqualTo("[5,10,20,50]");
  }

  @Test
  void whatCannotBeDoneIsSaidInOneLine() {
    Ran.sfumato("evaluate", bundle, "--against", "eaze").failed(2, "there is no model 'eaze'", "text-knn");
    Ran.sfumato("evaluate", bundle, "--split", "last").failed(2, "is a bundle, which knows its split");
    Ran.sfumato("evaluate", shop.toString()).failed(2, "is a data folder", "--split");
    Ran.sfumato("evaluate", shop.toString(), "--split", "last", "--against", "fused").failed(2, "give its bundle");
    Ran.sfumato("evaluate", shop.toString(), "--split", "last", "--against", "image-knn")
        .failed(1, "image-knn needs an encoder", "image.encoder");
    Ran.sfumato("evaluate", bundle, "--against", "run:mine").failed(2, "run:NAME=FILE");
    Ran.sfumato("evaluate", bundle, "--against", "run:a=" + run + ",run:a=" + run)
        .failed(2, "two systems have the name 'a'");
    Ran.sfumato("evaluate", bundle, "--against", "run:a=" + directory.resolve("none.csv")).failed(1, "none.csv");
    Ran.sfumato("evaluate", bundle, "--protocol", "mmrec")
        .failed(1, "fitted on the validation items too",
            "tuning.refit=false");
    Ran.sfumato("evaluate", bundle, "--protocol", "sampled").failed(2, "the protocol must be full or mmrec");
    Ran.sfumato("evaluate", bundle, "-k", "0").failed(2, "k must be 1 or more");
    Ran.sfumato("evaluate", bundle, "--seeds", "0").failed(2, "--seeds must be 1 or more");
    Ran.sfumato("evaluate", directory.resolve("nothing").toString()).failed(1, "there is no bundle at");
  }
}
