package io.sfumato.it;

import static io.sfumato.it.Ran.sfumato;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.PrivacySpend;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.recommend.cli.Sfumato;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that tell what privacy costs. */
class PrivacyCommandTest {
  @TempDir
  Path directory;

  @Test
  void spendTellsBothAccountants() {
    PrivacySpend expected = PrivacySpend.of(List.of(Phase.of(0.9, 0.01, 1000)), 1e-5, Neighbouring.ADD_REMOVE);
    JsonNode json = sfumato("privacy", "spend", "--q", "0.01", "--sigma", "0.9", "--steps", "1000", "--delta", "1e-5",
        "--json").ok().json();
    assertThat(json.at("/pld/epsilon").doubleValue()).isEqualTo(expected.pldEpsilon());
    assertThat(json.at("/rdp/epsilon").doubleValue()).isEqualTo(expected.rdp().epsilon())
        .isGreaterThan(expected.pldEpsilon());
    assertThat(json.at("/rdp/alpha").doubleValue()).isEqualTo(expected.rdp().alpha());
    assertThat(sfumato("privacy", "spend", "--q", "0.01", "--sigma", "0.9", "--steps", "1000", "--delta", "1e-5").ok()
        .out()).contains("epsilon", "cross-check", "without sampling");
    assertThat(sfumato("privacy", "spend", "--q", "1", "--sigma", "0", "--steps", "1", "--delta", "1e-5").ok().out())
        .contains("infinite");
  }

  @Test
  void calibrateIsSpendReadBackwards() {
    JsonNode json = sfumato("privacy", "calibrate", "--q", "0.02", "--steps", "500", "--epsilon", "3", "--delta",
        "1e-6", "--json").ok().json();
    assertThat(json).hasSize(1);
    double sigma = json.get("sigma").doubleValue();
    double epsilon = PrivacySpend.of(List.of(Phase.of(sigma, 0.02, 500)), 1e-6, Neighbouring.ADD_REMOVE).pldEpsilon();
    assertThat(epsilon).isLessThanOrEqualTo(3).isCloseTo(3, within(1e-3));
    assertThat(
        sfumato("privacy", "calibrate", "--q", "0.02", "--steps", "500", "--epsilon", "3", "--delta", "1e-6").ok()
            .out())
        .startsWith("sigma ");
  }

  @Test
  void theLedgerOfABundle() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.empty(PrivacyUnit.USER)
        .append(new Release(Phase.of(20, 1, 1), 4, "popularity counts", "", NoiseSource.SECURE))
        .append(new Release(Phase.of(1.1, 0.02, 300), 1, "model weights", "b".repeat(64), NoiseSource.SECURE));
    ledger.save(directory.resolve("model/ledger.json"));
    JsonNode json = sfumato("privacy", "ledger", directory.toString(), "--delta", "1e-6", "--json").ok().json();
    assertThat(json.get("unit").textValue()).isEqualTo("user");
    assertThat(json.get("head").textValue()).isEqualTo(ledger.head());
    assertThat(json.at("/verification/intact").booleanValue()).isTrue();
    assertThat(json.at("/verification/message").textValue()).startsWith("unsigned");
    assertThat(json.get("seeded").booleanValue()).isFalse();
    PrivacySpend add = ledger.spend(1e-6, Neighbouring.ADD_REMOVE);
    PrivacySpend replace = ledger.spend(1e-6, Neighbouring.REPLACE);
    assertThat(json.at("/add_remove/pld/epsilon").doubleValue()).isEqualTo(add.pldEpsilon());
    assertThat(json.at("/add_remove/rdp/epsilon").doubleValue()).isEqualTo(add.rdp().epsilon());
    assertThat(json.at("/add_remove/without_sampling/epsilon").doubleValue()).isEqualTo(add.unamplifiedEpsilon());
    assertThat(json.at("/replace/pld/epsilon").doubleValue()).isEqualTo(replace.pldEpsilon());
    assertThat(json.get("entries")).hasSize(2);
    assertThat(json.at("/entries/0/noise_deviation").doubleValue()).isEqualTo(80);
    assertThat(json.at("/entries/1/steps").longValue()).isEqualTo(300);
    String text = sfumato("privacy", "ledger", directory.resolve("model/ledger.json").toString()).ok().out();
    assertThat(text).contains("each user", "popularity counts", "model weights", ledger.head(),
        "exchanged for another");
  }

  @Test
  void theBundlesClaimIsHeldAgainstTheLedger() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.empty(PrivacyUnit.USER)
        .append(new Release(Phase.of(20, 1, 1), 4, "popularity counts", "", NoiseSource.SECURE));
    PrivacyLedger longer = ledger
        .append(new Release(Phase.of(1.1, 0.02, 300), 1, "model weights", "b".repeat(64), NoiseSource.SECURE));
    double epsilon = longer.spend(1e-6, Neighbouring.REPLACE).pldEpsilon();
    longer.save(directory.resolve("model/ledger.json"));
    claim(epsilon, longer.head());
    JsonNode json = sfumato("privacy", "ledger", directory.toString(), "--json").ok().json();
    assertThat(json.get("delta").doubleValue()).as("the claim's").isEqualTo(1e-6);
    assertThat(json.at("/claim/epsilon").doubleValue()).isEqualTo(epsilon);
    assertThat(sfumato("privacy", "ledger", directory.toString()).ok().out()).contains("bundle claims", "(replace)");

    claim(epsilon / 2, longer.head());
    Ran less = sfumato("privacy", "ledger", directory.toString());
    assertThat(less.code()).isEqualTo(1);
    assertThat(less.out()).contains("BROKEN: the bundle claims epsilon");

    claim(epsilon, longer.head());
    Files.delete(directory.resolve("model/ledger.json"));
    ledger.save(directory.resolve("model/ledger.json"));
    Ran shorter = sfumato("privacy", "ledger", directory.toString());
    assertThat(shorter.code()).isEqualTo(1);
    assertThat(shorter.out()).contains("BROKEN", "entries were lost or added");
  }

  private void claim(double epsilon, String head) throws IOException {
    Files.writeString(directory.resolve("sfumato.json"), """
      {"privacy": {"epsilon": %s, "delta": 1e-6, "neighbouring": "replace", "ledger_head": "%s"}}
      """.formatted(epsilon, head));
  }

  @Test
  void aLedgerThatWasChangedIsToldAndFails() throws IOException {
    Path file = directory.resolve("ledger.json");
    PrivacyLedger.empty(PrivacyUnit.RECORD)
        .append(new Release(Phase.of(1.5, 0.02, 300), 1, "model weights", "", NoiseSource.SEEDED))
        .save(file);
    assertThat(sfumato("privacy", "ledger", file.toString()).ok().out()).contains("NO EPSILON HOLDS");
    Files.writeString(file, Files.readString(file).replace("\"sigma\" : 1.5", "\"sigma\" : 9.5"));
    Ran broken = sfumato("privacy", "ledger", file.toString());
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.out()).contains("BROKEN", "entry 0 was changed");
    Ran inJson = sfumato("privacy", "ledger", file.toString(), "--json");
    assertThat(inJson.code()).isEqualTo(1);
    assertThat(inJson.json().at("/verification/intact").booleanValue()).isFalse();
  }

  @Test
  void errors() throws IOException {
    sfumato("privacy", "spend", "--q", "2", "--sigma", "1", "--steps", "9", "--delta", "1e-5").failed(2, "(0, 1]",
        "2.0");
    sfumato("privacy", "spend", "--q", "1", "--sigma", "-1", "--steps", "9", "--delta", "1e-5").failed(2, "-1.0");
    sfumato("privacy", "spend", "--q", "1", "--sigma", "1", "--steps", "-9", "--delta", "1e-5").failed(2, "-9");
    sfumato("privacy", "spend", "--q", "1", "--sigma", "1", "--steps", "nine", "--delta", "1e-5").failed(2, "nine");
    sfumato("privacy", "spend", "--q", "1", "--sigma", "1", "--steps", "9").failed(2, "--delta");
    sfumato("privacy", "calibrate", "--q", "1", "--steps", "9", "--epsilon", "0", "--delta", "1e-5").failed(2,
        "epsilon", "0.0");
    sfumato("privacy", "calibrate", "--q", "1", "--steps", "9", "--epsilon", "1", "--delta", "1").failed(2, "delta");
    sfumato("privacy").failed(2, "privacy ledger", "privacy calibrate", "privacy spend");
    sfumato("privacy", "ledger", directory.resolve("nothing").toString()).failed(1, "check the path");
    sfumato("privacy", "ledger", directory.toString()).failed(1, "is not a bundle");
    Files.writeString(directory.resolve("sfumato.json"), "{}");
    sfumato("privacy", "ledger", directory.toString()).failed(1, "trained without privacy");
    Files.createDirectories(directory.resolve("model"));
    Files.writeString(directory.resolve("model/ledger.json"), "[1, 2");
    sfumato("privacy", "ledger", directory.toString()).failed(1, "is not a privacy ledger");
  }

  @Test
  void noneOfItStartsTheTensorEngineOrLoadsAnythingOfDjl() throws Exception {
    Path file = directory.resolve("ledger.json");
    PrivacyLedger.empty(PrivacyUnit.RECORD)
        .append(new Release(Phase.of(1.5, 0.02, 300), 1, "model weights", "", NoiseSource.SECURE))
        .save(file);
    List<List<String>> commands = List.of(List.of("ledger", file.toString()),
        List.of("calibrate", "--q", "0.1", "--steps", "50", "--epsilon", "2", "--delta", "1e-5"),
        List.of("spend", "--q", "0.1", "--sigma", "1", "--steps", "50", "--delta", "1e-5"));
    for (List<String> command : commands) {
      List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-verbose:class", "-cp",
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
          Sfumato.class.getName(), "privacy"));
      line.addAll(command);
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(out).isZero();
      assertThat(out).contains("io.sfumato.privacy.accounting.PldAccountant");
      assertThat(out.lines().filter(text -> text.contains(" ai.djl.") || text.contains("TensorRuntime"))).isEmpty();
    }
  }
}
