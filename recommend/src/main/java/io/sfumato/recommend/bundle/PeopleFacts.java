package io.sfumato.recommend.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a private bundle may say of its people in {@code people/} only ({@code people/provenance.json}): the hash of the data, how much of it there is, what training measured on it, and sizes and hashes of the
 * other files there. In a bundle that is not private all of this is in {@code sfumato.json}.
 *
 * @param files by name relative to the bundle
 * @param facts strings, numbers, lists and maps
 */
record PeopleFacts(SortedMap<String, BundleFiles.Digest> files, Map<String, Object> facts) {
  static final String NAME = "people/provenance.json";
  static final String DIRECTORY = "people/";

  private static final long MAX_BYTES = 64 << 20;
  private static final ObjectMapper JSON = BoundedJson.mapper(true);

  PeopleFacts {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  void write(Path bundle) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("note", "internal, not private: these facts were computed from people's interactions without noise");
    root.set("facts", JSON.valueToTree(facts));
    ObjectNode listed = root.putObject("files");
    files.forEach((name, digest) -> listed.putObject(name).put("bytes", digest.bytes()).put("sha256", digest.sha256()));
    Path file = bundle.resolve(NAME);
    Files.createDirectories(file.getParent());
    Files.write(file, JSON.writeValueAsBytes(root));
  }

  @SuppressWarnings("unchecked")
  static PeopleFacts read(Path bundle) throws IOException {
    Path file = bundle.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new BundleException("MISSING_FILE",
          "%s is missing in the bundle %s; restore it from a copy or train again".formatted(NAME, bundle));
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw corrupt(bundle, "it is larger than " + MAX_BYTES + " bytes", null);
      }
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      SortedMap<String, BundleFiles.Digest> files = new TreeMap<>();
      for (Map.Entry<String, JsonNode> listed : root.path("files").properties()) {
        if (!listed.getKey().startsWith(DIRECTORY)) {
          throw corrupt(bundle, "it lists " + listed.getKey(), null);
        }
        BundleFiles.resolve(bundle, listed.getKey());
        files.put(listed.getKey(), new BundleFiles.Digest(listed.getValue().path("bytes").asLong(-1),
            listed.getValue().path("sha256").asText()));
      }
      JsonNode facts = root.path("facts");
      return new PeopleFacts(files, facts.isObject() ? JSON.convertValue(facts, Map.class) : Map.of());
    } catch (JsonProcessingException e) {
      throw corrupt(bundle, "it is not JSON: " + BundleFiles.oneLine(e.getOriginalMessage()), e);
    }
  }

  private static BundleException corrupt(Path bundle, String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new BundleException("CORRUPT",
        "%s of the bundle %s is damaged: %s; restore the bundle from a copy or train again"
            .formatted(NAME, bundle, why),
        cause);
  }
}
