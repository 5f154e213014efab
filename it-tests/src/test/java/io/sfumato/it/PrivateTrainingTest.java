package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import io.sfumato.recommend.audit.BundleChecks;
import io.sfumato.recommend.bundle.Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Training with differential privacy by the command line: what a bundle says, what it keeps to itself, and what is refused. Each test goes on where the one before it left. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PrivateTrainingTest {
  /** Two steps, in which about half of the people take part. */
  private static final List<String> QUICK = TinyShop.with(TinyShop.QUICK, List.of("--set", "privacy.steps=2", "--set",
      "privacy.sampling-rate=0.5", "--set", "privacy.negatives=8"));

  @TempDir
  static Path directory;

  private static Path data;
  private static Path bundle;

  @BeforeAll
  static void shop() throws IOException {
    data = TinyShop.write(directory.resolve("shop"));
    bundle = directory.resolve("bundle");
  }

  @Test
  @Order(1)
  void trainsWithinItsBudgetAndServes() throws IOException {
    JsonNode trained = train("--epsilon", "8", "--delta", "1e-3", "--json").ok().json();
    JsonNode privacy = trained.get("privacy");
    assertThat(privacy.get("epsilon").asDouble()).isBetween(7.9, 8.0);
    assertThat(privacy.get("unit").asText()).isEqualTo("user");
    assertThat(privacy.get("noise").asText()).isEqualTo("secure");
    assertThat(privacy.get("charged")).hasSize(3);
    assertThat(trained.get("results").get("privacy").get("uses")).isNotEmpty();

    Bundle opened = Bundle.open(bundle);
    PrivacyLedger ledger = Objects.requireNonNull(opened.ledger());
    assertThat(ledger.spend(1e-3, Neighbouring.ADD_REMOVE).pldEpsilon()).isLessThanOrEqualTo(8);
    try (Recommender recommender = Recommender.open(bundle)) {
      List<Recommendation> found = recommender.recommend(Request.forUser("u1").k(5).excludeSeen());
      assertThat(found).hasSize(5);
      recommender.feedback("u1", found.getFirst().item());
      assertThat(recommender.recommend(Request.forUser("u1").k(5).excludeSeen())).extracting(Recommendation::item)
          .doesNotContain(found.getFirst().item());
    }
    Files.delete(bundle.resolve(Bundle.FEEDBACK_LOG));
    JsonNode inspected = Ran.sfumato("inspect", bundle.toString(), "--json").ok().json();
    assertThat(inspected.get("privacy").get("ledger_head").asText()).isEqualTo(ledger.head());
    JsonNode told = Ran.sfumato("privacy", "ledger", bundle.toString(), "--json").ok().json();
    assertThat(told.at("/add_remove/pld/epsilon").asDouble()).isLessThanOrEqualTo(8);
    assertThat(told.at("/verification/intact").asBoolean()).isTrue();
    assertThat(told.get("entries")).as("what was charged, and what the model's files are").hasSize(4);
  }

  @Test
  @Order(2)
  void whatIsExactAboutPeopleIsInPeopleAlone() throws IOException {
    ObjectNode root = (ObjectNode) new JsonMapper().readTree(bundle.resolve("sfumato.json").toFile());
    ((ObjectNode) root.get("provenance")).remove("configuration");
    String manifest = root.toString();
    String people = Files.readString(bundle.resolve("people/provenance.json"));
    assertThat(manifest).doesNotContain("people/", "epochs", "ndcg", "loss", "users\"", "\"train\"")
        .contains("\"data_hash\":\"\"");
    assertThat(root.get("provenance").get("results").fieldNames()).toIterable()
        .containsExactlyInAnyOrder("fusion_weights", "image_weight", "privacy");
    assertThat(people).contains("data_sha256", "\"users\"", "loss", "not private", "people/histories.jsonl");
    String hash = Ran.sfumato("inspect", bundle.toString(), "--json").ok().json().get("data_sha256").asText();
    assertThat(hash).hasSize(64);
    assertThat(manifest).doesNotContain(hash);
    List<Path> files;
    try (Stream<Path> walk = Files.walk(bundle.resolve("model"))) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      assertThat(text).as(file.toString()).doesNotContain(hash, "\"loss\"", "\"u1\"");
    }
  }

  @Test
  @Order(3)
  void whatWouldVoidTheClaimIsRefusedInOneLine() {
    train("--epsilon", "8", "--delta", "1e-3").failed(1, "is spent", "raise --epsilon");
    train().failed(1, "was trained with differential privacy", "give --epsilon");
    train("--epsilon", "12", "--delta", "1e-3", "--unit", "record").failed(1, "hides a user", "give --unit user");
    train("--epsilon", "0").failed(2, "privacy.epsilon must be in", "--epsilon");
    train("--epsilon", "12", "--clip", "hard").failed(2, "privacy.clip must be one of flat, layer, auto, adaptive");
    train("--epsilon", "12", "--split", "cold").failed(2, "split must not be cold", "coin:0.8,0.1,0.1");
    train("--epsilon", "12", "--k-core", "2").failed(2, "data.min-users-per-item must be 0");
    train("--epsilon", "12", "--set", "privacy.seed=1").failed(2, "noise that protects people has no seed");
  }

  @Test
  @Order(4)
  void furtherTrainingContinuesTheLedger() {
    PrivacyLedger before = Objects.requireNonNull(Bundle.open(bundle).ledger());
    JsonNode privacy = train("--epsilon", "12", "--delta", "1e-3", "--clip", "adaptive", "--json").ok()
        .json()
        .get("privacy");
    PrivacyLedger after = Objects.requireNonNull(Bundle.open(bundle).ledger());
    assertThat(after.continues(before)).isTrue();
    assertThat(after.entries()).hasSize(8);
    assertThat(BundleChecks.of(bundle, null)).as("releases of both trainings are at hand")
        .extracting(Finding::severity)
        .doesNotContain(Severity.RED);
    assertThat(privacy.get("epsilon").asDouble()).isBetween(11.9, 12.0);
    assertThat(after.spend(1e-3, Neighbouring.ADD_REMOVE).pldEpsilon()).isLessThanOrEqualTo(12);
  }

  @Test
  @Order(5)
  void utilityStandsBesidePrivatePopularity() {
    JsonNode json = Ran.sfumato(TinyShop.with(List.of("privacy", "utility", "--demo-customers", "300", "--demo-items",
        "60", "--runs", "2", "--no-twins", "--epsilon", "8", "--json"), QUICK).toArray(String[]::new)).ok().json();
    assertThat(json.get("note").asText()).isEqualTo("internal, not private");
    assertThat(json.get("p").asDouble()).isBetween(0.0, 1.0);
    for (String model : List.of("private-popularity", "private")) {
      JsonNode row = json.get("models").get(model);
      assertThat(row.get("draws")).hasSize(2);
      assertThat(row.get("ndcg").asDouble()).isBetween(row.get("low").asDouble(), row.get("high").asDouble());
    }
  }

  private static Ran train(String... more) {
    return Ran
        .sfumato(TinyShop.with(TinyShop.with(List.of("train", data.toString(), "--out", bundle.toString()), QUICK),
            List.of(more)).toArray(String[]::new));
  }
}
