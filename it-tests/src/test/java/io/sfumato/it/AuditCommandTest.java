package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sfumato.recommend.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits of bundles by the command line, from training with canaries to the report. */
class AuditCommandTest {
  /** Few steps, in which about half of the people take part. */
  private static final List<String> QUICK = TinyShop.with(TinyShop.QUICK, List.of("--set", "privacy.steps=3", "--set",
      "privacy.sampling-rate=0.5", "--set", "privacy.negatives=8"));

  /** So many that nobody's being kept out, by secret coins, has a probability of 0.7 to this power: 4e-13. */
  private static final int USERS = 2 * TinyShop.USERS;

  @TempDir
  static Path directory;

  private static Path data;
  private static Path bundle;
  private static Path secret;

  @BeforeAll
  static void trained() throws IOException {
    data = TinyShop.write(directory.resolve("shop"), USERS);
    bundle = directory.resolve("bundle");
    secret = directory.resolve("secret.json");
    train(bundle, "--epsilon", "8", "--delta", "1e-3", "--canaries", "30", "--holdout-users", "0.3", "--secret",
        secret.toString()).ok();
  }

  @Test
  void tellsClaimEvidenceAndSelfTest() throws IOException {
    Ran ran = audit(bundle, "full", "--data", data.toString(), "--secret", secret.toString(), "--shadows", "2").ok();
    assertThat(ran.out()).contains("ε = 8", "gradient-space", "black-box", "LiRA", "audit.html");
    assertThat(ran.err()).contains("this audit could not have refuted a claim above");

    JsonNode report = report("full");
    assertThat(report.at("/claim/epsilon").asDouble()).isBetween(7.9, 8.0);
    assertThat(report.at("/claim/unit").asText()).isEqualTo("user");
    int keptOut = new JsonMapper().readTree(secret.toFile()).get("held_out").size();
    assertThat(report.at("/claim/people").asInt()).isEqualTo(USERS - keptOut);
    assertThat(report.at("/mechanism/releases")).hasSizeGreaterThanOrEqualTo(3);
    for (JsonNode release : report.at("/mechanism/releases")) {
      assertThat(release.get("measured_deviation").asDouble()).isPositive();
    }
    assertThat(report.at("/mechanism/batch_sizes").size()).isPositive();
    assertThat(report.at("/accounting/growth").size()).isEqualTo(6); // from 0, two statistics, three steps
    assertThat(report.at("/evidence/one_run_attacks")).hasSize(2);
    for (JsonNode attack : report.at("/evidence/one_run_attacks")) {
      assertThat(attack.get("epsilon_lower").asDouble()).isLessThanOrEqualTo(attack.get("ceiling").asDouble());
      assertFoundOut(attack.get("self_test"));
    }
    assertThat(report.at("/evidence/membership_attacks")).hasSize(4);
    assertThat(report.at("/evidence/membership/auc").asDouble()).isBetween(0.0, 1.0);
    assertThat(report.at("/provenance/data_sha256").asText()).hasSize(64);
    assertThat(severities(report)).doesNotContain("red");
    assertThat(directory.resolve("full/audit.html")).isNotEmptyFile();
    assertThat(Bundle.open(bundle).privacy()).isNotNull(); // nothing was added to it
  }

  @Test
  void publicReportsLeaveOutWhatIsInternal() throws IOException {
    audit(bundle, "public", "--data", data.toString(), "--secret", secret.toString(), "--shadows", "0",
        "--no-self-test", "--public").ok();
    JsonNode report = report("public");
    assertThat(report.at("/edition").asText()).isEqualTo("public");
    for (String internal : List.of("/claim/people", "/mechanism/batch_sizes", "/evidence/membership/roc",
        "/provenance/data_sha256")) {
      JsonNode left = report.at(internal);
      assertThat(left.isNull() || left.isMissingNode() || left.isEmpty()).as(internal).isTrue();
    }
    assertThat(report.at("/evidence/one_run/self_test").isNull()).isTrue();
    String hash = String.valueOf(Bundle.open(bundle).peopleFacts().get("data_sha256"));
    assertThat(Files.readString(directory.resolve("public/audit.json"))).doesNotContain(hash);
    assertThat(Files.readString(directory.resolve("public/audit.html"))).doesNotContain(hash);
  }

  @Test
  void withoutDataAndSecretItSaysHowEvidenceIsToBeHad() throws IOException {
    JsonNode told = audit(bundle, "alone", "--json").ok().json();
    assertThat(told.get("verdict").asText()).isEqualTo("yellow");
    JsonNode report = report("alone");
    assertThat(report.at("/claim/epsilon").asDouble()).isBetween(7.9, 8.0);
    assertThat(report.at("/evidence/one_run").isNull()).isTrue();
    assertThat(report.at("/evidence/missing").toString()).contains("--canaries", "--holdout-users", "--data");
    assertThat(codes(report)).contains("NO_EVIDENCE");
  }

  @Test
  void theSecretAloneTellsOfTheTraining() throws IOException {
    audit(bundle, "secret-alone", "--secret", secret.toString()).ok();
    JsonNode attacks = report("secret-alone").at("/evidence/one_run_attacks");
    assertThat(attacks).hasSize(1);
    assertThat(attacks.get(0).get("attack").asText()).isEqualTo("gradient-space");
    assertThat(attacks.get(0).get("self_test").isNull()).isTrue();
  }

  @Test
  void dataAndSecretsOfOtherTrainingsAreRefused() throws IOException {
    Path other = TinyShop.write(directory.resolve("other"), USERS);
    List<String> rows = new ArrayList<>(Files.readAllLines(other.resolve("interactions.csv")));
    rows.removeLast();
    Files.write(other.resolve("interactions.csv"), rows);
    audit(bundle, "refused", "--data", other.toString(), "--secret", secret.toString()).failed(1,
        "these are not the data", "the folder that it was trained from");

    Path changed = directory.resolve("changed.json");
    String coins = Files.readString(secret);
    Files.writeString(changed, coins.replaceFirst("\"in\" : true", "\"in\" : false"));
    audit(bundle, "refused", "--data", data.toString(), "--secret", changed.toString()).failed(1, "it was changed");
    Files.writeString(changed, coins.replaceFirst("\"trained\" : \"....", "\"trained\" : \"none"));
    audit(bundle, "refused", "--secret", changed.toString()).failed(1, "is of another training");
    Files.writeString(changed, "{}");
    audit(bundle, "refused", "--secret", changed.toString()).failed(1, "is not the secret");
    audit(data, "refused").failed(1, "sfumato.json");
    audit(bundle, "bundle/report").failed(2, "lies in the bundle");
    assertThat(directory.resolve("refused")).doesNotExist();
  }

  @Test
  void aBundleThatWasChangedIsRed() throws IOException {
    Path forged = directory.resolve("forged");
    try (Stream<Path> files = Files.walk(bundle)) {
      for (Path file : files.toList()) {
        Files.copy(file, forged.resolve(bundle.relativize(file).toString()));
      }
    }
    Path ledger = forged.resolve(Bundle.LEDGER);
    Files.writeString(ledger, Files.readString(ledger).replaceFirst("\"sigma\" : [0-9]", "\"sigma\" : 9"));
    Ran ran = audit(forged, "forged-audit");
    assertThat(ran.code()).as(ran.err()).isEqualTo(1);
    assertThat(report("forged-audit").at("/verdict/severity").asText()).isEqualTo("red");

    audit(directory.resolve("nowhere"), "nothing").failed(1, "there is no bundle");
  }

  @Test
  void aBundleThatClaimsNothingIsAttackedAllTheSame() throws IOException {
    Path plain = directory.resolve("plain");
    Path known = directory.resolve("plain-secret.json");
    train(plain, "--canaries", "30", "--holdout-users", "0.3", "--secret", known.toString()).ok();
    audit(plain, "plain-audit", "--data", data.toString(), "--secret", known.toString(), "--shadows", "2").ok();
    JsonNode report = report("plain-audit");
    assertThat(report.get("claim").isNull()).isTrue();
    assertThat(report.at("/evidence/one_run/attack").asText()).isEqualTo("black-box");
    JsonNode run = report.at("/evidence/one_run");
    // Popularity is exact there, so that every guess is right but for those that there are too few canaries of a kind for.
    int each = run.get("guesses").asInt() / 2;
    int in = 0;
    int out = 0;
    for (JsonNode canary : new JsonMapper().readTree(known.toFile()).get("canaries")) {
      in += canary.get("in").asBoolean() ? 1 : 0;
      out += canary.get("in").asBoolean() ? 0 : 1;
    }
    assertThat(run.get("right").asInt()).isEqualTo(Math.min(each, in) + Math.min(each, out));
    assertThat(report.get("touches").toString()).contains("uncharged");
  }

  /** All guesses are right, but for those that there are too few canaries of a kind for: of so few, coins may put fewer in than are guessed in. A twin's coins have the audit's seed. */
  private static void assertFoundOut(JsonNode run) {
    assertThat(run.get("right").asInt()).isGreaterThanOrEqualTo(run.get("guesses").asInt() - 6);
  }

  private static Ran train(Path out, String... more) {
    return Ran.sfumato(TinyShop.with(TinyShop.with(List.of("train", data.toString(), "--out", out.toString()), QUICK),
        List.of(more)).toArray(String[]::new));
  }

  private static Ran audit(Path audited, String report, String... more) {
    return Ran.sfumato(TinyShop.with(List.of("privacy", "audit", audited.toString(), "--report",
        directory.resolve(report).toString()), List.of(more)).toArray(String[]::new));
  }

  private static JsonNode report(String name) throws IOException {
    return new JsonMapper().readTree(directory.resolve(name).resolve("audit.json").toFile());
  }

  private static List<String> severities(JsonNode report) {
    return report.get("findings").findValuesAsText("severity");
  }

  private static List<String> codes(JsonNode report) {
    return report.get("findings").findValuesAsText("code");
  }
}
