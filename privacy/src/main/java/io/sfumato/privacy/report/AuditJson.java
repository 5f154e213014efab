package io.sfumato.privacy.report;

import io.sfumato.privacy.WholeFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.Neighbouring;
import io.sfumato.privacy.audit.AccountingFacts;
import io.sfumato.privacy.audit.AuditReport;
import io.sfumato.privacy.audit.ClaimFacts;
import io.sfumato.privacy.audit.DataTouch;
import io.sfumato.privacy.audit.Finding;
import io.sfumato.privacy.audit.MechanismFacts;
import io.sfumato.privacy.audit.Point;
import io.sfumato.privacy.audit.UtilityFacts;
import io.sfumato.privacy.audit.AuditProvenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An audit for machines: {@code audit.json}, described by {@link #schema}. Parts that a report lacks are {@code null}, figures that are infinite or not known too.
 * The strongest attack stands by itself ({@code evidence.one_run}, {@code evidence.membership}), all of them in arrays beside it.
 */
public final class AuditJson {
  /** Name of the schema, and what a report says that it follows. It changes where a reader would have to. */
  public static final String SCHEMA_ID = "urn:sfumato:privacy-audit:1";

  private static final String SCHEMA = "audit.schema.json";
  private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  /** Where figures stand that no ε covers, as JSON pointers. */
  private static final List<String> INTERNAL = List.of("/claim/people", "/mechanism/batch_sizes",
      "/mechanism/releases/*/measured_deviation", "/utility", "/evidence/membership", "/evidence/membership_attacks",
      "/provenance/data_sha256");

  private AuditJson() {}

  /**
   * Writes a report; a file that is there is replaced, whole or not at all.
   *
   * @param publicOnly leaves out what is internal, not private
   * @throws PrivacyException {@code REPORT_UNWRITABLE}
   */
  public static void write(AuditReport report, Path file, boolean publicOnly) {
    WholeFile.write(file, text(report, publicOnly).getBytes(StandardCharsets.UTF_8), "REPORT_UNWRITABLE");
  }

  /** The report as JSON, indented, with a line end. */
  public static String text(AuditReport report, boolean publicOnly) {
    try {
      return MAPPER.writeValueAsString(tree(report, publicOnly)) + "\n";
    } catch (JsonProcessingException e) {
      throw new PrivacyException("REPORT_UNWRITABLE",
          "the configuration holds a value that JSON has no form for: " + e.getOriginalMessage(), e);
    }
  }

  /** The JSON Schema (2020-12) that every report follows. */
  public static String schema() {
    try (InputStream in = AuditJson.class.getResourceAsStream(SCHEMA)) {
      if (in == null) {
        throw new IllegalStateException(SCHEMA + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode tree(AuditReport full, boolean publicOnly) {
    AuditReport report = publicOnly ? PublicEdition.of(full) : full;
    Verdict verdict = Verdict.of(full);
    ObjectNode root = MAPPER.createObjectNode();
    root.put("schema", SCHEMA_ID);
    root.put("edition", publicOnly ? "public" : "internal");
    ArrayNode internal = root.putArray("internal");
    if (!publicOnly) {
      INTERNAL.forEach(internal::add);
    }
    root.putObject("verdict")
        .put("severity", verdict.severity().label())
        .put("title", verdict.title())
        .put("plain", verdict.paragraph());
    root.set("claim", claim(report.claim(), publicOnly));
    root.set("mechanism", mechanism(report.mechanism(), publicOnly));
    root.set("accounting", accounting(report.accounting()));
    ArrayNode touches = root.putArray("touches");
    for (DataTouch touch : report.touches()) {
      touches.addObject().put("what", touch.what()).put("kind", touch.kind()).put("how", touch.how());
    }
    if (!publicOnly) {
      root.set("utility", utility(report.utility()));
    }
    root.set("evidence", EvidenceJson.tree(MAPPER.createObjectNode(), report.evidence(), report.claim(), publicOnly));
    root.set("provenance", provenance(report.provenance(), publicOnly));
    ArrayNode findings = root.putArray("findings");
    for (Finding finding : report.findings()) {
      findings.addObject()
          .put("severity", finding.severity().label())
          .put("code", finding.code())
          .put("what", finding.what())
          .put("remedy", finding.remedy());
    }
    return root;
  }

  private static @Nullable ObjectNode claim(@Nullable ClaimFacts claim, boolean publicOnly) {
    if (claim == null) {
      return null;
    }
    ObjectNode node = MAPPER.createObjectNode();
    node.put("epsilon", finite(claim.epsilon()));
    node.put("budget", finite(claim.budget()));
    node.put("delta", finite(claim.delta()));
    node.put("unit", claim.unit().label());
    node.put("neighbouring", relation(claim.neighbouring()));
    node.put("add_remove_epsilon", finite(claim.addRemoveEpsilon()));
    node.put("replace_epsilon", finite(claim.replaceEpsilon()));
    node.put("max_items_per_user", claim.maxPerUser());
    if (!publicOnly) {
      node.put("people", claim.people());
    }
    points(node.putArray("curve"), claim.curve(), "epsilon", "delta");
    claim.released().forEach(node.putArray("released")::add);
    claim.covered().forEach(node.putArray("covered")::add);
    claim.notCovered().forEach(node.putArray("not_covered")::add);
    return node;
  }

  private static @Nullable ObjectNode mechanism(@Nullable MechanismFacts facts, boolean publicOnly) {
    if (facts == null) {
      return null;
    }
    ObjectNode node = MAPPER.createObjectNode();
    ArrayNode releases = node.putArray("releases");
    for (MechanismFacts.NoisyRelease release : facts.releases()) {
      ObjectNode line = releases.addObject();
      line.put("what", release.what());
      line.put("sigma", finite(release.sigma()));
      line.put("sampling_rate", finite(release.samplingRate()));
      line.put("steps", release.steps());
      line.put("sensitivity", finite(release.sensitivity()));
      line.put("why", release.why());
      line.put("noise_deviation", finite(release.noiseDeviation()));
      if (!publicOnly) {
        line.put("measured_deviation", finite(release.measuredDeviation()));
      }
    }
    node.put("clipping", facts.clipping());
    node.put("denominator", finite(facts.denominator()));
    node.put("sampler", facts.sampler());
    node.put("generator", facts.generator());
    node.put("validator", facts.validator());
    if (!publicOnly) {
      ArrayNode sizes = node.putArray("batch_sizes");
      facts.batchSizes().forEach((units, steps) -> sizes.addObject().put("units", units).put("steps", steps));
    }
    return node;
  }

  private static @Nullable ObjectNode accounting(@Nullable AccountingFacts facts) {
    if (facts == null) {
      return null;
    }
    ObjectNode node = MAPPER.createObjectNode();
    node.put("neighbouring", relation(facts.spend().neighbouring()));
    node.put("delta", finite(facts.spend().delta()));
    node.put("pld_epsilon", finite(facts.spend().pldEpsilon()));
    node.putObject("rdp")
        .put("epsilon", finite(facts.spend().rdp().epsilon()))
        .put("order", finite(facts.spend().rdp().alpha()))
        .put("order_at_edge", facts.spend().rdp().atEdge());
    node.put("unamplified_epsilon", finite(facts.spend().unamplifiedEpsilon()));
    points(node.putArray("growth"), facts.growth(), "steps", "epsilon");
    node.putObject("ledger")
        .put("head", facts.ledgerHead())
        .put("intact", facts.check().intact())
        .put("signed", facts.check().signed())
        .put("message", facts.check().message());
    return node;
  }

  private static @Nullable ObjectNode utility(@Nullable UtilityFacts facts) {
    if (facts == null) {
      return null;
    }
    ObjectNode node = MAPPER.createObjectNode();
    node.put("metric", facts.metric());
    node.put("people", facts.people());
    ArrayNode rows = node.putArray("models");
    for (UtilityFacts.Row row : facts.rows()) {
      rows.addObject()
          .put("name", row.name())
          .put("epsilon", finite(row.epsilon()))
          .put("value", finite(row.value()))
          .put("low", finite(row.low()))
          .put("high", finite(row.high()))
          .put("seeds", row.seeds());
    }
    ArrayNode slices = node.putArray("slices");
    for (UtilityFacts.Slice slice : facts.slices()) {
      slices.addObject()
          .put("name", slice.name())
          .put("model", slice.model())
          .put("value", finite(slice.value()))
          .put("count", slice.count());
    }
    points(node.putArray("curve"), facts.curve(), "epsilon", "value");
    return node;
  }

  private static ObjectNode provenance(AuditProvenance facts, boolean publicOnly) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("model", facts.model());
    node.put("trained", facts.trained());
    node.put("audited", facts.audited());
    node.set("environment", MAPPER.valueToTree(facts.environment()));
    node.set("configuration", MAPPER.valueToTree(facts.configuration()));
    if (!publicOnly) {
      node.put("data_sha256", facts.dataSha256());
    }
    facts.deviations().forEach(node.putArray("deviations")::add);
    return node;
  }

  private static String relation(Neighbouring relation) {
    return relation == Neighbouring.REPLACE ? "replace" : "add-remove";
  }

  static void points(ArrayNode array, List<Point> points, String x, String y) {
    for (Point point : points) {
      array.addObject().put(x, finite(point.x())).put(y, finite(point.y()));
    }
  }

  /** JSON has no infinity and no NaN. */
  static @Nullable Double finite(@Nullable Double value) {
    return value != null && Double.isFinite(value) ? value : null;
  }
}
