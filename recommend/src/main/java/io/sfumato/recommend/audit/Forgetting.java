package io.sfumato.recommend.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleEditor;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.PrivacyClaim;
import io.sfumato.recommend.bundle.UpdateLog;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a person out of a bundle: the history that it was written with, and the feedback since. What was learned stays; whether it tells of the person is a matter of the claim.
 *
 * @param user who was forgotten
 * @param interactions rows of the history that are gone
 * @param feedback records of feedback that are gone
 * @param claim that covers what was learned from the person; null where nothing does
 * @param signatureLost whether {@code sfumato.json} had to change, and its signature is gone
 */
public record Forgetting(String user, int interactions, long feedback, @Nullable PrivacyClaim claim,
    boolean signatureLost) {

  private static final String HISTORIES = "people/histories.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Forgets a person, completely or, where something fails, not at all. Doing it again changes nothing and says that the person is not known.
   *
   * @throws RecommendException {@code UNKNOWN_USER} where the bundle holds nothing of this person
   * @throws BundleException as {@link Bundle#open}, and {@code IN_USE} where a recommender writes to the bundle
   */
  public static Forgetting of(Path directory, String user) {
    try (BundleEditor editor = BundleEditor.of(directory)) {
      Bundle bundle = editor.bundle();
      if (bundle.exported()) {
        throw new RecommendException("UNKNOWN_USER",
            "the bundle %s was exported without its people: there is nobody to forget".formatted(directory));
      }
      int interactions = bundle.reading(HISTORIES, file -> withoutHistory(file, editor.replace(HISTORIES), user));
      long feedback = 0;
      Path log = bundle.log(Bundle.FEEDBACK_LOG);
      if (Files.exists(log)) {
        feedback = UpdateLog.copy(log, editor.replace(Bundle.FEEDBACK_LOG), record -> !isOf(record, user));
      }
      if (interactions < 0 && feedback == 0) {
        throw new RecommendException("UNKNOWN_USER",
            "the bundle %s holds nothing of a person '%s', who may be forgotten already; check the id".formatted(
                directory,
                user));
      }
      boolean lost = editor.commit(null);
      return new Forgetting(user, Math.max(0, interactions), feedback, bundle.privacy(), lost);
    }
  }

  /** Copies all lines but the person's; returns how many rows that had, or −1 where there is none. */
  private static int withoutHistory(Path from, Path to, String user) throws IOException {
    int rows = -1;
    try (BufferedReader lines = Files.newBufferedReader(from); BufferedWriter out = Files.newBufferedWriter(to)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode node = JSON.readTree(line);
        if (node.path("user").asText().equals(user)) {
          rows = Math.max(0, rows) + node.path("items").size();
        } else {
          out.write(line);
          out.write('\n');
        }
      }
    }
    return rows;
  }

  private static boolean isOf(byte[] record, String user) {
    try {
      return JSON.readTree(new String(record, StandardCharsets.UTF_8)).path("user").asText().equals(user);
    } catch (JsonProcessingException e) {
      throw new BundleException("MALFORMED",
          "a record of the feedback log is not JSON although its checksum is right: " + e.getOriginalMessage(), e);
    }
  }

  /** What training anew would and would not change, and what else there is to do, a sentence each. */
  public List<String> told() {
    String model = claim == null
        ? "The model was trained without differential privacy and may still tell of this person: train again on data without the person."
        : claim.holds()
            ? "The model need not be trained again: its claim, %s, covers what it learned from this person as from everybody. Training again without the person would give one that differs from it by no more than the claim allows, and spend further epsilon of all others."
                .formatted(claim.sentence())
            : "The model claims a privacy that does not hold, and may still tell of this person: train again on data without the person.";
    return List.of(model,
        "Recommenders that have the bundle open know the person until they open it again.",
        "The data that it was trained from, checkpoints, copies of the bundle and an audit's secret are other places; delete the person there too, or the next training brings the history back.");
  }
}
