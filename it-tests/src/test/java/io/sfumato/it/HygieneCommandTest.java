package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.privacy.accounting.SigningKeys;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.Severity;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import io.sfumato.recommend.audit.BundleChecks;
import io.sfumato.recommend.audit.NoiseCheck;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Keys, signatures, forgeries, exports, scans and forgetting by the command line, on one bundle that was trained privately. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HygieneCommandTest {
  @TempDir
  static Path directory;

  private static Path data;
  private static Path bundle;
  private static Path key;

  @BeforeAll
  static void trained() throws IOException {
    data = TinyShop.write(directory.resolve("shop"));
    bundle = directory.resolve("bundle");
    key = directory.resolve("key.pem");
    Ran.sfumato("privacy", "keygen", "--out", key.toString()).ok();
    train("--sign", key.toString()).ok();
  }

  private static Ran train(String... more) {
    List<String> line = TinyShop.with(List.of("train", data.toString(), "--out", bundle.toString(), "--epsilon", "8",
        "--delta", "1e-3", "--set", "privacy.steps=2", "--set", "privacy.sampling-rate=0.5", "--set",
        "privacy.negatives=8"), TinyShop.QUICK);
    return Ran.sfumato(TinyShop.with(line, List.of(more)).toArray(String[]::new));
  }

  @Test
  @Order(1)
  void whatWasTrainedIsWholeAndSigned() {
    List<Finding> findings = BundleChecks.of(bundle, SigningKeys.readPublic(open()));
    assertThat(findings).filteredOn(finding -> finding.severity() == Severity.RED).isEmpty();
    assertThat(findings).extracting(Finding::code)
        .contains("SIGNED", "RELEASES_MATCH", "LEDGER_WHOLE", "CLAIM_ADDS_UP", "SAMPLER_MATCHES");
    Bundle trained = Bundle.open(bundle);
    SfumatoConfig config = ConfigReader.reference().map(trained.provenance().configuration(), "the bundle").read();
    NoiseCheck noise = NoiseCheck.popularity(trained.split(trained.catalog()), config, trained);
    assertThat(noise.measured()).hasSize(2).allSatisfy(measured -> assertThat(measured.holds()).isTrue());
    assertThat(Ran.sfumato("privacy", "ledger", bundle.toString(), "--trusted-key", open().toString()).ok().out())
        .contains("signed by the trusted key");
    Path other = directory.resolve("other.pem");
    Ran.sfumato("privacy", "keygen", "--out", other.toString()).ok();
    Ran another = Ran.sfumato("privacy", "ledger", bundle.toString(), "--trusted-key", other + ".pub");
    assertThat(another.code()).isEqualTo(1);
    assertThat(another.out()).contains("BROKEN: the ledger is signed by another key");
  }

  @Test
  @Order(2)
  void anyFileOfTheModelThatIsExchangedIsFound() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(bundle.resolve("model"))) {
      files = walk.filter(Files::isRegularFile).filter(file -> !file.endsWith("ledger.json")).toList();
    }
    assertThat(files).hasSizeGreaterThan(10);
    for (Path file : List.of(files.get(0), files.get(files.size() / 2), files.getLast())) {
      byte[] before = Files.readAllBytes(file);
      Files.writeString(file, "other");
      assertThat(BundleChecks.of(bundle, null)).as(file.toString())
          .filteredOn(finding -> finding.severity() == Severity.RED)
          .extracting(Finding::code)
          .contains("FILES_CHANGED", "WEIGHTS_REPLACED");
      Files.write(file, before);
    }
    assertThat(BundleChecks.of(bundle, null)).extracting(Finding::severity).doesNotContain(Severity.RED);
  }

  @Test
  @Order(3)
  void anExportServesNewVisitorsAndHoldsNobody() throws IOException {
    Path out = directory.resolve("export");
    JsonNode json = Ran.sfumato("export", bundle.toString(), "--release", "--out", out.toString(), "--sign",
        key.toString(), "--json").ok().json();
    assertThat(json.get("private").asBoolean()).isTrue();
    assertThat(out.resolve("people")).doesNotExist();
    assertThat(Files.readString(out.resolve("sfumato.json"))).doesNotContain(data.toString());
    try (Recommender recommender = Recommender.open(out)) {
      assertThat(recommender.knows("u1")).isFalse();
      assertThat(recommender.recommend(Request.forHistory(List.of("i0", "i4")).k(5))).hasSize(5);
      recommender.feedback("visitor", "i0");
      assertThat(recommender.history("visitor")).containsExactly("i0");
    }
    assertThat(BundleChecks.of(out, SigningKeys.readPublic(open()))).extracting(Finding::code).contains("SIGNED");
    assertThat(Ran.sfumato("inspect", out.toString()).ok().out()).contains("exported without its people");
    Ran.sfumato("evaluate", out.toString()).failed(1, "nobody to measure on");
    Ran.sfumato("privacy", "forget", out.toString(), "--user", "u1").failed(1, "nobody to forget");
    Ran.sfumato("export", bundle.toString(), "--release", "--out", out.toString()).failed(1, "not empty");
    Ran.sfumato("export", bundle.toString(), "--out", out.toString()).failed(2, "--release");
    Ran.sfumato("export", TinyShop.demo().resolve("bundle").toString(), "--release", "--out",
        directory.resolve("plain").toString()).failed(1, "--force-non-private");
    assertThat(directory.resolve("plain")).doesNotExist();
    Ran.sfumato("export", TinyShop.demo().resolve("bundle").toString(), "--release", "--force-non-private", "--out",
        directory.resolve("plain").toString()).ok();
    assertThat(Bundle.open(directory.resolve("plain")).exported()).isTrue();
  }

  @Test
  @Order(4)
  void aScanFindsWhatIsPlanted() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("leaky"));
    Files.copy(data.resolve("interactions.csv"), folder.resolve("interactions.csv"));
    String items = Files.readString(data.resolve("items.csv"));
    Files.writeString(folder.resolve("items.csv"), items
        .replaceFirst("number 3,", "number 3 ask ann.lee@acme-corp.com,")
        .replaceFirst("number 5,", "number 5 call +44 20 7946 0018,")
        .replaceFirst("number 7,", "number 7 card 4111 1111 1111 1111,"));
    Ran found = Ran.sfumato("privacy", "scan", folder.toString(), "--json");
    assertThat(found.code()).isEqualTo(1);
    JsonNode json = found.json();
    assertThat(json.get("counts").toString()).isEqualTo("{\"card\":1,\"e-mail\":1,\"phone\":1}");
    assertThat(json.at("/findings/0/item").asText()).isEqualTo("i3");
    assertThat(json.at("/findings/0/field").asText()).isEqualTo("text");
    assertThat(found.out()).doesNotContain("ann.lee", "4111 1111", "7946");
    Ran clean = Ran.sfumato("privacy", "scan", bundle.toString(), "--least-takers", "0");
    assertThat(clean.ok().out()).contains("No text looks like personal data", "people/histories.jsonl");
    Ran few = Ran.sfumato("privacy", "scan", bundle.toString(), "--least-takers", "100", "--json");
    assertThat(few.code()).isEqualTo(1);
    assertThat(few.json().at("/few_takers/items").asInt()).isBetween(1, TinyShop.ITEMS);
    Ran.sfumato("privacy", "scan", folder.toString(), "--region", "Mars").failed(2, "Mars");
    Ran.sfumato("privacy", "scan", directory.resolve("none").toString()).failed(1, "none");
  }

  @Test
  @Order(5)
  void aPersonIsForgotten() {
    JsonNode json = Ran.sfumato("privacy", "forget", bundle.toString(), "--user", "u1", "--json").ok().json();
    assertThat(json.get("interactions_removed").asInt()).isPositive();
    assertThat(json.get("covered_by_claim").asBoolean()).isTrue();
    assertThat(json.get("signature_lost").asBoolean()).isFalse();
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(recommender.knows("u1")).isFalse();
      assertThat(recommender.knows("u2")).isTrue();
    }
    Ran.sfumato("privacy", "forget", bundle.toString(), "--user", "u1").failed(1, "check the id");
    assertThat(BundleChecks.of(bundle, SigningKeys.readPublic(open()))).extracting(Finding::severity)
        .doesNotContain(Severity.RED);
  }

  @Test
  @Order(6)
  void whatIsBrokenIsNeitherSignedNorExported() throws IOException {
    Path weights = bundle.resolve("model/multimodal/fusion.safetensors");
    Files.copy(bundle.resolve("model/vectors.safetensors"), weights, StandardCopyOption.REPLACE_EXISTING);
    Ran.sfumato("privacy", "sign", bundle.toString(), "--key", key.toString())
        .failed(1, "is not signed",
            "fusion.safetensors");
    Ran.sfumato("export", bundle.toString(), "--release", "--out", directory.resolve("bad").toString())
        .failed(1,
            "is not released");
    Ran.sfumato("privacy", "sign", bundle.toString(), "--key", open().toString()).failed(1, "privacy keygen");
  }

  private static Path open() {
    return Path.of(key + ".pub");
  }
}
