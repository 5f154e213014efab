package io.sfumato.recommend.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.datasets.Catalog;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.training.CanaryTranscript.Noted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the auditor of a training knows and nobody else may: who was kept out, which canaries were planted and in, and what was released at them. One JSON file, to be kept apart from the bundle.
 *
 * <p>Whoever has both it and the bundle is no adversary whom the promise is made against: the transcript tells the noise at the canaries' items and coordinates, so that it can be taken off there. It is as sensitive as
 * {@code people/}, and destroying it after the audit costs nothing.
 *
 * @param plan that people were kept out and canaries were planted by
 * @param trained the bundle that it belongs to: hash of its ledger's last entry, or, of a bundle without ledger, when it was written
 * @param heldOut ids of those who were kept out: personal data
 * @param canaries all of them, their items by the catalogue that was trained on
 * @param transcript what was released at them; null of a training without privacy
 */
public record AuditSecret(AuditPlan plan, String trained, List<String> heldOut, List<Canary> canaries,
    @Nullable CanaryTranscript transcript) {

  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public AuditSecret {
    heldOut = List.copyOf(heldOut);
    canaries = List.copyOf(canaries);
  }

  /** The secret of a training. */
  public static AuditSecret of(PlantedData data, String trained, @Nullable CanaryTranscript transcript) {
    return new AuditSecret(data.plan(), trained, data.heldOut(), data.canaries(), transcript);
  }

  /**
   * Writes it beside and renames it, readable by its owner alone where the file system can.
   *
   * @param catalog that the canaries' items are of
   */
  public void write(Path file, Catalog catalog) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("note",
        "secret and personal: who was kept out of a training, which canaries were in, and what noise they saw; keep it apart from the bundle, and destroy it after the audit");
    root.put("trained", trained);
    root.put("holdout", plan.holdout());
    root.put("seed", Long.toString(plan.seed()));
    ArrayNode planted = root.putArray("canaries");
    for (Canary canary : canaries) {
      ObjectNode node = planted.addObject().put("id", canary.id()).put("in", canary.in());
      ArrayNode items = node.putArray("items");
      Arrays.stream(canary.items()).forEach(item -> items.add(catalog.id(item)));
    }
    if (transcript != null) {
      ArrayNode releases = root.putArray("transcript");
      for (Noted noted : transcript.releases()) {
        ObjectNode node = releases.addObject().put("released", noted.what()).put("deviation", noted.deviation());
        ArrayNode scores = node.putArray("scores");
        Arrays.stream(noted.scores()).forEach(scores::add);
      }
    }
    ArrayNode out = root.putArray("held_out");
    heldOut.forEach(out::add);
    try {
      WholeFile.writeForOwner(file, JSON.writeValueAsBytes(root));
    } catch (JsonProcessingException e) {
      throw new RecommendException("IO",
          "cannot write the audit's secret %s: %s".formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /**
   * Reads a secret.
   *
   * @param catalog of the bundle that it belongs to
   * @throws RecommendException {@code BAD_SECRET} where it is none, or of another catalogue; {@code IO}
   */
  public static AuditSecret read(Path file, Catalog catalog) {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root.path("format").asInt() != FORMAT || !root.path("canaries").isArray()) {
        throw bad(file, "it has no format " + FORMAT, null);
      }
      List<Canary> canaries = new ArrayList<>();
      for (JsonNode node : root.path("canaries")) {
        canaries.add(new Canary(node.path("id").asText(), items(file, node.path("items"), catalog),
            node.path("in").asBoolean()));
      }
      List<String> out = new ArrayList<>();
      root.path("held_out").forEach(id -> out.add(id.asText()));
      AuditPlan plan = new AuditPlan(root.path("holdout").asDouble(), canaries.size(),
          Long.parseLong(root.path("seed").asText()));
      return new AuditSecret(plan, root.path("trained").asText(), out, canaries,
          root.has("transcript") ? transcript(file, root.path("transcript"), canaries.size()) : null);
    } catch (JsonProcessingException | NumberFormatException e) {
      throw bad(file, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    } catch (IOException e) {
      throw new RecommendException("IO", "cannot read the audit's secret %s: %s".formatted(file, e), e);
    }
  }

  private static int[] items(Path file, JsonNode node, Catalog catalog) {
    int[] items = new int[node.size()];
    for (int i = 0; i < items.length; i++) {
      items[i] = catalog.indexOf(node.path(i).asText());
      if (items[i] < 0) {
        throw bad(file, "it names the item %s, which the bundle has not".formatted(node.path(i)), null);
      }
    }
    return items;
  }

  private static CanaryTranscript transcript(Path file, JsonNode node, int canaries) {
    List<Noted> releases = new ArrayList<>();
    for (JsonNode release : node) {
      double[] scores = new double[release.path("scores").size()];
      Arrays.setAll(scores, i -> release.path("scores").path(i).asDouble(Double.NaN));
      double deviation = release.path("deviation").asDouble();
      if (scores.length != canaries || Arrays.stream(scores).anyMatch(Double::isNaN) || !(deviation > 0)) {
        throw bad(file, "its transcript does not have a score for each canary", null);
      }
      releases.add(new Noted(release.path("released").asText(), scores, deviation));
    }
    return new CanaryTranscript(releases);
  }

  private static RecommendException bad(Path file, String why, @Nullable Throwable cause) {
    String message = "%s is not the secret of this bundle's training: %s; give the file that 'train --secret' wrote with the bundle"
        .formatted(file, why);
    return cause == null ? new RecommendException("BAD_SECRET", message)
        : new RecommendException("BAD_SECRET", message, cause);
  }
}
