package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sfumato.datasets.FileImage;
import io.sfumato.datasets.Images;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.fusion.classification.Classifier;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Labels by the command line: learned, told, measured, kept private, and refused where there is nothing to learn. Some tests go on where one before them left. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClassifyCommandTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir
  static Path directory;

  private static Path data;

  /** The shop of 60 items, one of which has no category. */
  @BeforeAll
  static void shop() throws IOException {
    data = TinyShop.write(directory.resolve("shop"));
    Path items = data.resolve("items.csv");
    Files.writeString(items, Files.readString(items).replace("number 7,hat", "number 7,"));
  }

  private static Ran classify(String... arguments) {
    return Ran.sfumato(TinyShop.with(List.of("classify"), List.of(arguments)).toArray(String[]::new));
  }

  private static Ran train(Path out, String... more) {
    return Ran.sfumato(TinyShop.with(List.of("classify", "train", data.toString(), "--label", "category", "--out",
        out.toString(), "--cache", directory.resolve("cache").toString()), List.of(more)).toArray(String[]::new));
  }

  @Test
  @Order(1)
  void learnsFromTextAndImageAndTellsHowWell() throws IOException {
    Path out = directory.resolve("categories");
    JsonNode trained = train(out, "--split", "hash:0.6,0.2,0.2", "--epochs", "4", "--max-tokens", "16", "--json").ok()
        .json();
    assertThat(trained.get("labels")).extracting(JsonNode::asText).containsExactly("bag", "hat", "mug");
    assertThat(trained.get("modalities")).extracting(JsonNode::asText).containsExactly("text", "image");
    assertThat(trained.get("unlabelled").asInt()).isEqualTo(1);
    assertThat(trained.at("/results/epochs")).isNotEmpty();

    Path report = directory.resolve("report");
    Ran evaluated = classify("evaluate", out.toString(), "--report", report.toString(), "--json").ok();
    JsonNode measured = evaluated.json();
    assertThat(measured.get("part").asText()).isEqualTo("test");
    assertThat(measured.get("accuracy").asDouble()).isGreaterThan(0.6); // the title says it
    assertThat(measured.get("classes")).hasSize(3);
    assertThat(measured.at("/classes/0").fieldNames()).toIterable()
        .containsExactly("label", "precision", "recall", "f1", "support", "predicted");
    assertThat(JSON.readTree(report.resolve("report.json").toFile()).get("accuracy")).isEqualTo(
        measured.get("accuracy"));
    assertThat(Files.readString(report.resolve("index.html"))).contains("confusion-matrix", "Label by label");
    long counted = 0;
    for (JsonNode row : measured.at("/confusion/counts")) {
      for (JsonNode count : row) {
        counted += count.asLong();
      }
    }
    assertThat(counted).isEqualTo(measured.get("examples").asLong());

    String text = classify("evaluate", out.toString(), data.toString(), "--part", "all").ok().out();
    assertThat(text).contains("of 59 items", "macro average", "weighted average", "is ╲ was called");
  }

  @Test
  @Order(2)
  void aBrowserDrawsEveryPlotOfTheReport() throws Exception {
    assumeTrue(Browser.isThere(), "skipped: there is no chromium on the PATH to look at the page with");
    Browser.Seen seen = Browser.look(directory.resolve("report/index.html"), 390, true);
    assertThat(seen.errors()).isEmpty();
    assertThat(seen.plots()).isEqualTo(3);
    assertThat(seen.drawn()).isEqualTo(3);
    assertThat(seen.emptyPlots()).isZero();
    assertThat(seen.width()).as("no sideways scrolling of the page").isLessThanOrEqualTo(390);
  }

  @Test
  @Order(2)
  void saysWhatItemsAreALineEach() throws IOException {
    Path out = directory.resolve("categories");
    Path lines = directory.resolve("new.jsonl");
    Files.writeString(lines, """
      {"id": "n1", "title": "red mug", "text": "A red mug for every day", "image": "shop/images/i0.png"}
      {"text": "A blue hat for every day", "colour": "blue"}

      {"image": "shop/images/i1.png"}
      """);
    List<JsonNode> said = lines(classify("predict", out.toString(), "--input", lines.toString(), "--top", "2",
        "--json"));
    assertThat(said).extracting(node -> node.get("id").asText()).containsExactly("n1", "2", "4");
    assertThat(said.getFirst().get("label").asText()).isEqualTo("mug");
    assertThat(said.getFirst().get("top")).hasSize(2);
    assertThat(lines(classify("predict", out.toString(), "--input", data.toString(), "--json"))).hasSize(
        TinyShop.ITEMS);
    assertThat(classify("predict", out.toString(), "--input", lines.toString()).ok().out().lines())
        .hasSize(3)
        .allMatch(line -> line.matches("\\S+\t\\w+ \\([01]\\.\\d{3}\\)"));

    Files.writeString(lines, "{\"text\": \"a\"}\n{\"image\": \"none.png\"}\n");
    classify("predict", out.toString(), "--input", lines.toString()).failed(1, "line 2 of", "there is no picture");
    Files.writeString(lines, "{\"text\": \"a\"}\n{\"colour\": \"red\"}\n");
    classify("predict", out.toString(), "--input", lines.toString()).failed(1, "line 2 of",
        "neither title, text nor image");
    Files.writeString(lines, "{\"text\": 5}\n");
    classify("predict", out.toString(), "--input", lines.toString()).failed(1, "line 1 of", "must be a text");
    Files.writeString(lines, "{\n");
    classify("predict", out.toString(), "--input", lines.toString()).failed(1, "line 1 of", "no readable JSON");
    classify("predict", out.toString(), "--input", data.toString(), "--top", "0").failed(2, "--top must be 1");
  }

  @Test
  @Order(3)
  void aLabelThatItNeverMetIsAMistake() throws IOException {
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.writeString(other.resolve("items.csv"), """
      item_id,title,category
      a,red mug,mug
      b,green lamp,lamp
      """);
    JsonNode measured = classify("evaluate", directory.resolve("categories").toString(), other.toString(), "--json")
        .ok()
        .json();
    assertThat(measured.get("part").asText()).isEqualTo("all");
    assertThat(measured.get("unseen_labels")).extracting(JsonNode::asText).containsExactly("lamp");
    assertThat(measured.get("examples").asInt()).isEqualTo(2);
    assertThat(measured.get("accuracy").asDouble()).isLessThanOrEqualTo(0.5);
  }

  @Test
  @Order(4)
  void fewExamplesAreEnough() {
    for (String method : List.of("prototypes", "linear-probe")) {
      Path out = directory.resolve(method);
      JsonNode trained = train(out, "--few-shot", method, "--shots", "3", "--modalities", "text", "--max-tokens", "16",
          "--json").ok().json();
      assertThat(trained.get("kind").asText()).isEqualTo(method);
      assertThat(trained.at("/results/train").asInt()).isEqualTo(9);
      JsonNode measured = classify("evaluate", out.toString(), "--part", "all", "--json").ok().json();
      assertThat(measured.get("accuracy").asDouble()).isGreaterThan(0.6);
    }
  }

  @Test
  @Order(5)
  void aPrivateTrainingKeepsItsPromiseAndItsLedger() {
    Path out = directory.resolve("private");
    String[] quick = {"--modalities", "text", "--max-tokens", "16", "--delta", "1e-3", "--steps", "3",
      "--sampling-rate", "0.5", "--public-items", "50"};
    JsonNode privacy = train(out, with(quick, "--epsilon", "8", "--json")).ok().json().get("privacy");
    assertThat(privacy.get("epsilon").asDouble()).isCloseTo(8, within(0.1));
    assertThat(privacy.get("unit").asText()).isEqualTo("record");
    assertThat(privacy.get("noise").asText()).isEqualTo("secure");
    PrivacyLedger ledger = Objects.requireNonNull(Classifier.released(out));
    assertThat(ledger.spend(1e-3, Neighbouring.ADD_REMOVE).pldEpsilon()).isLessThanOrEqualTo(8);
    assertThat(classify("evaluate", out.toString()).ok().out()).startsWith("Measured on items: internal, not private");

    train(out, with(quick, "--epsilon", "8")).failed(1, "is spent on these items");
    train(out, "--modalities", "text").failed(1, "would be forgotten", "--epsilon");
    JsonNode more = train(out, with(quick, "--epsilon", "12", "--json")).ok().json().get("privacy");
    assertThat(more.get("charged").asInt()).isEqualTo(2);
    assertThat(Objects.requireNonNull(Classifier.released(out)).continues(ledger)).isTrue();
  }

  @Test
  @Order(6)
  void whatCannotBeDoneIsSaidInOneLine() throws IOException {
    Path out = directory.resolve("never");
    Ran.sfumato("classify", "train", data.toString(), "--label", "kind", "--out", out.toString())
        .failed(1, "there is no column 'kind' with labels", "[category]");
    train(out, "--epsilon", "8", "--balanced").failed(2, "--balanced counts the labels");
    train(out, "--epsilon", "8", "--epochs", "3").failed(2, "--steps and --sampling-rate");
    train(out, "--epsilon", "8", "--few-shot", "prototypes").failed(2, "has no private form");
    train(out, "--few-shot", "nearest").failed(2, "must be prototypes or linear-probe");
    train(out, "--shots", "3").failed(2, "--shots goes with --few-shot");
    train(out, "--split", "half").failed(2, "a split of items must be hash");
    train(out, "--fine-tune", "some").failed(2, "fine-tuning must be");
    train(out, "--text-encoder", "no/such/folder").failed(1, "neither 'minilm' nor a folder");
    train(data).failed(1, "holds something else than a classifier");
    classify("predict", out.toString(), "--input", data.toString()).failed(1, "classifier.json is missing");
    classify("evaluate", directory.resolve("categories").toString(), "--part", "dev").failed(2,
        "a part must be train, valid or test");
    classify().failed(2, "say what to do", "classify zero-shot");
    Path same = Files.createDirectories(directory.resolve("same"));
    Files.writeString(same.resolve("items.csv"), "item_id,title,category\na,x,one\nb,y,one\nc,z,one\n");
    Ran one = Ran.sfumato("classify", "train", same.toString(), "--label", "category", "--out", out.toString(),
        "--split", "hash:1,0,0", "--modalities", "text");
    assertThat(one.code()).isEqualTo(1);
    assertThat(one.err()).contains("all training items have the same 'category' [one]");
    assertThat(out).doesNotExist();
  }

  /** The probabilities are those of CLIP: softmax of the scaled cosines of a picture and each label's mean prompt. */
  @Test
  @Order(7)
  void picturesAreToldApartByNamesAlone() throws IOException {
    String clip = "../encoders/src/test/resources/hf-tiny/clip";
    Path lines = Files.writeString(directory.resolve("pictures.jsonl"),
        "{\"image\": \"shop/images/i0.png\"}\n{\"image\": \"shop/images/i1.png\"}\n");
    Path out = directory.resolve("by-name");
    List<JsonNode> said = lines(classify("zero-shot", clip, "--labels", "mug,hat", "--template", "a {}", "--template",
        "{}s", "--input", lines.toString(), "--out", out.toString(), "--top", "2", "--json"));
    try (TextEncoder text = Encoders.load(Path.of(clip), TextEncoder.class);
        ImageEncoder image = Encoders.load(Path.of(clip), ImageEncoder.class)) {
      float[][] prompts = text.encode(List.of("a mug", "mugs", "a hat", "hats"), Progress.silent());
      float[] picture = image.encode(
          List.of(Images.decode(new FileImage(data.resolve("images/i0.png")))), Progress.silent())[0];
      double mug = cosine(picture, mean(prompts[0], prompts[1]));
      double hat = cosine(picture, mean(prompts[2], prompts[3]));
      double scale = Math.exp(2.6592); // the checkpoint's logit_scale
      double expected = 1 / (1 + Math.exp(-scale * Math.abs(mug - hat)));
      assertThat(said.getFirst().get("probability").asDouble()).isCloseTo(expected, within(1e-3));
      assertThat(said.getFirst().get("label").asText()).isEqualTo(mug > hat ? "mug" : "hat");
    }
    assertThat(lines(classify("predict", out.toString(), "--input", lines.toString(), "--top", "2", "--json")))
        .isEqualTo(said);
    JsonNode measured = classify("zero-shot", clip, "--labels", "mug,hat,bag", "--template", "{}", "--input",
        data.toString(), "--label", "category", "--json").ok().json();
    assertThat(measured.get("examples").asInt()).isEqualTo(TinyShop.ITEMS - 1);

    classify("zero-shot", clip, "--labels", "mug,hat").failed(2, "--input FILE or DATA");
    classify("zero-shot", clip, "--labels", "mug", "--input", lines.toString()).failed(2, "two labels or more");
    classify("zero-shot", clip, "--labels", "mug,hat", "--template", "a thing", "--input", lines.toString())
        .failed(2, "has no {} where the label goes");
    Ran same = classify("zero-shot", clip, "--labels", "mug,hat", "--template",
        "a rather long way of saying that this is {}", "--input", lines.toString());
    assertThat(same.code()).isEqualTo(2);
    assertThat(same.err()).contains("'mug' and 'hat' are the same to the text encoder");
    classify("zero-shot", clip.replace("clip", "bert"), "--labels", "mug,hat", "--input", lines.toString())
        .failed(1, "of type 'bert'", "clip");
  }

  /** What was fine-tuned, by adapters too, is opened as it was; privately too. */
  @Test
  @Order(8)
  void checkpointsAreFineTunedForLabels() {
    String bert = "../encoders/src/test/resources/hf-tiny/bert";
    for (String how : List.of("lora:4", "last:1", "full")) {
      Path out = directory.resolve("tuned-" + how.replace(':', '-'));
      JsonNode trained = train(out, "--modalities", "text", "--text-encoder", bert, "--fine-tune", how, "--epochs", "2",
          "--batch", "16", "--json").ok().json();
      JsonNode valid = classify("evaluate", out.toString(), "--part", "valid", "--json").ok().json();
      double best = Double.POSITIVE_INFINITY;
      double accuracy = Double.NaN;
      for (JsonNode epoch : trained.at("/results/epochs")) {
        if (epoch.get("validationLoss").asDouble() < best) {
          best = epoch.get("validationLoss").asDouble();
          accuracy = epoch.get("validationAccuracy").asDouble();
        }
      }
      assertThat(valid.get("accuracy").asDouble()).as(how).isCloseTo(accuracy, within(1e-9));
    }
    JsonNode trained = train(directory.resolve("tuned-private"), "--modalities", "text", "--text-encoder", bert,
        "--fine-tune", "lora:2", "--epsilon", "8", "--delta", "1e-3", "--steps", "2", "--sampling-rate", "0.3",
        "--json")
        .ok()
        .json();
    assertThat(trained.at("/privacy/epsilon").asDouble()).isLessThanOrEqualTo(8);
  }

  /** The direction of two unit vectors together. */
  private static float[] mean(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int k = 0; k < a.length; k++) {
      sum[k] = (float) (a[k] / Math.sqrt(dot(a, a)) + b[k] / Math.sqrt(dot(b, b)));
    }
    return sum;
  }

  private static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }

  private static String[] with(String[] first, String... more) {
    return TinyShop.with(List.of(first), List.of(more)).toArray(String[]::new);
  }

  private static List<JsonNode> lines(Ran ran) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : ran.ok().out().lines().toList()) {
      nodes.add(JSON.readTree(line));
    }
    return nodes;
  }
}
