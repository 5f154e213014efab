package io.sfumato.privacy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.CanaryEvidence;
import io.sfumato.privacy.audit.MembershipEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditJsonTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final JsonSchema SCHEMA = FACTORY.getSchema(AuditJson.schema());

  private static final Map<String, AuditReport> REPORTS = Map.of("full", MadeAudits.full(), "refuted",
      MadeAudits.refuted(), "untested", MadeAudits.untested(), "unclaimed", MadeAudits.unclaimed());

  static Stream<String> names() {
    return REPORTS.keySet().stream().sorted();
  }

  private static ObjectNode json(AuditReport report, boolean publicOnly) {
    try {
      return (ObjectNode) MAPPER.readTree(AuditJson.text(report, publicOnly));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static AuditReport made(String name) {
    return java.util.Objects.requireNonNull(REPORTS.get(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyReportFollowsTheSchema(String name) {
    assertThat(SCHEMA.validate(json(made(name), false))).isEmpty();
    assertThat(SCHEMA.validate(json(made(name), true))).isEmpty();
  }

  @Test
  void theSchemaIsOneItself() throws IOException {
    JsonSchema meta = FACTORY.getSchema(SchemaLocation.of(SchemaId.V202012));
    JsonNode schema = MAPPER.readTree(AuditJson.schema());
    assertThat(meta.validate(schema)).isEmpty();
    assertThat(schema.get("$id").asText()).isEqualTo(AuditJson.SCHEMA_ID);
    assertThat(schema.get("properties").get("schema").get("const").asText()).isEqualTo(AuditJson.SCHEMA_ID);
  }

  @Test
  void everyFieldOfTheSchemaIsDescribed() throws IOException {
    describe("", MAPPER.readTree(AuditJson.schema()));
  }

  private static void describe(String place, JsonNode schema) {
    schema.path("properties").properties().forEach(entry -> {
      JsonNode field = entry.getValue();
      assertThat(field.has("description") || field.has("$ref")).as(place + "/" + entry.getKey()).isTrue();
      describe(place + "/" + entry.getKey(), field);
    });
    if (schema.has("items")) {
      describe(place + "/*", schema.get("items"));
    }
    schema.path("$defs")
        .properties()
        .stream()
        .filter(entry -> !entry.getKey().equals("public_membership"))
        .forEach(entry -> describe("/$defs/" + entry.getKey(), entry.getValue()));
  }

  /** What a machine would look for is where it was promised. */
  @Test
  void theFiguresStandUnderTheirNames() {
    ObjectNode json = json(MadeAudits.full(), false);
    assertThat(json.at("/claim/epsilon").asDouble()).isEqualTo(MadeAudits.claim().epsilon());
    assertThat(json.at("/evidence/one_run/epsilon_lower").asDouble()).isEqualTo(0.12);
    assertThat(json.at("/evidence/one_run/ceiling").asDouble()).isEqualTo(4.67);
    assertThat(json.at("/evidence/one_run/attack").asText()).isEqualTo("gradient-space");
    assertThat(json.at("/evidence/one_run/self_test/epsilon_lower").asDouble()).isEqualTo(4.21);
    assertThat(json.at("/evidence/one_run/ranking/auc").asDouble()).isEqualTo(0.551);
    assertThat(json.at("/evidence/membership/auc").asDouble()).isEqualTo(0.521);
    assertThat(json.at("/evidence/membership/attack").asText()).isEqualTo("LiRA");
    assertThat(json.at("/evidence/one_run_attacks")).hasSize(2);
    assertThat(json.at("/evidence/membership_attacks")).hasSize(3);
    assertThat(json.at("/evidence/status").asText()).isEqualTo("partial");
    assertThat(json.at("/findings/0/severity").asText()).isEqualTo("yellow");
    assertThat(json.at("/verdict/severity").asText()).isEqualTo("yellow");
  }

  @Test
  void whatThereIsNotIsNull() {
    ObjectNode json = json(MadeAudits.unclaimed(), false);
    for (String place : List.of("/claim", "/mechanism", "/accounting", "/utility", "/evidence/one_run",
        "/evidence/membership")) {
      assertThat(json.at(place).isNull()).as(place).isTrue();
    }
    assertThat(json.at("/evidence/status").asText()).isEqualTo("none");
    assertThat(json.at("/verdict/severity").asText()).isEqualTo("yellow");
  }

  /** All places that an internal report calls internal are gone from the public one, or are rounded. */
  @Test
  void thePublicEditionHasNothingInternal() {
    ObjectNode full = json(MadeAudits.full(), false);
    ObjectNode open = json(MadeAudits.full(), true);
    assertThat(open.get("internal")).isEmpty();
    for (JsonNode pointer : full.get("internal")) {
      String place = pointer.asText().replace("*", "0");
      assertThat(full.at(place).isMissingNode()).as(place).isFalse();
      if (!place.startsWith("/evidence/")) {
        assertThat(open.at(place).isMissingNode()).as(place).isTrue();
      }
    }
    assertThat(open.at("/evidence/membership")).isEqualTo(MAPPER.createObjectNode()
        .put("attack", "LiRA")
        .put("unit", "user")
        .put("auc", 0.52)
        .put("auc_low", 0.49)
        .put("auc_high", 0.55)
        .put("confidence", 0.999));
    assertThat(open.toString()).doesNotContain("18112", "\"people\"", "9c41", "measured", "clip-only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/claim/people", "/mechanism/batch_sizes", "/provenance/data_sha256", "/utility",
    "/evidence/membership"})
  void aPublicReportWithInternalFiguresIsRefused(String place) {
    ObjectNode open = json(MadeAudits.full(), true);
    int cut = place.lastIndexOf('/');
    JsonNode parent = cut == 0 ? open : open.at(place.substring(0, cut));
    ((ObjectNode) parent).set(place.substring(cut + 1), json(MadeAudits.full(), false).at(place));
    assertThat(SCHEMA.validate(open)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"/claim/epsilon | \"large\"", "/claim/epsilon | -1", "/claim/delta | 0",
    "/claim/unit | \"team\"", "/evidence/one_run/ceiling | true", "/evidence/membership/auc | 1.2",
    "/findings/0/severity | \"orange\"", "/schema | \"urn:sfumato:privacy-audit:2\"", "/edition | \"secret\"",
    "/touches/0/kind | \"free\"", "/evidence/missing | 3", "/verdict/title | null"})
  void wrongReportsFail(String place, String value) throws IOException {
    ObjectNode json = json(MadeAudits.full(), false);
    int cut = place.lastIndexOf('/');
    JsonNode parent = cut == 0 ? json : json.at(place.substring(0, cut));
    if (parent instanceof ObjectNode object) {
      assertThat(object.has(place.substring(cut + 1))).isTrue();
      object.set(place.substring(cut + 1), MAPPER.readTree(value));
    }
    assertThat(SCHEMA.validate(json)).isNotEmpty();
  }

  @Test
  void reportsThatLackOrAddSomethingFail() {
    for (String part : List.of("schema", "verdict", "claim", "utility", "evidence", "findings")) {
      ObjectNode json = json(MadeAudits.full(), false);
      json.remove(part);
      assertThat(SCHEMA.validate(json)).as("without " + part).isNotEmpty();
    }
    assertThat(SCHEMA.validate(json(MadeAudits.full(), false).put("more", 1))).isNotEmpty();
    ObjectNode json = json(MadeAudits.full(), false);
    ((ArrayNode) json.get("findings")).addObject().put("severity", "red");
    assertThat(SCHEMA.validate(json)).isNotEmpty();
  }

  /** JSON has no infinity: an ε without bound is null, and the report still follows the schema. */
  @Test
  void figuresWithoutBoundAreNull() {
    AuditReport full = MadeAudits.full();
    var attack = full.evidence().canaries().getFirst();
    var run = new CanaryEvidence.Run(10, 4, 4, 1e-6, .999, Double.NaN, Double.POSITIVE_INFINITY, 1);
    var evidence = new io.sfumato.privacy.audit.Evidence(
        List.of(new CanaryEvidence(attack.attack(), attack.method(), run, null)), List.<MembershipEvidence>of(),
        List.of(), 1, List.of());
    var odd = new AuditReport(full.claim(), full.mechanism(), full.accounting(), full.touches(), null, evidence,
        full.provenance(), List.of());
    ObjectNode json = json(odd, false);
    assertThat(json.at("/evidence/one_run/epsilon_lower").isNull()).isTrue();
    assertThat(json.at("/evidence/one_run/epsilon_lower_gaussian").isNull()).isTrue();
    assertThat(SCHEMA.validate(json)).isEmpty();
  }

  @Test
  void writesWholeFilesAndReplacesThem(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("deep/audit.json");
    AuditJson.write(MadeAudits.full(), file, false);
    AuditJson.write(MadeAudits.unclaimed(), file, true);
    assertThat(Files.readString(file)).isEqualTo(AuditJson.text(MadeAudits.unclaimed(), true));
    try (Stream<Path> files = Files.list(directory.resolve("deep"))) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void saysWhereItCannotWrite(@TempDir Path directory) {
    Consumer<Path> write = file -> AuditJson.write(MadeAudits.unclaimed(), file, false);
    assertThatThrownBy(() -> write.accept(directory)).isInstanceOfSatisfying(PrivacyException.class, error -> {
      assertThat(error.code()).isEqualTo("REPORT_UNWRITABLE");
      assertThat(error).hasMessage(directory + " is a folder; name the file that is to be written");
    });
  }
}
