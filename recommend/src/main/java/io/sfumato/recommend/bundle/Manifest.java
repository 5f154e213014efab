package io.sfumato.recommend.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.privacy.accounting.LedgerSignature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The contents of {@code sfumato.json}: format version, provenance, environment, and size and hash of every file. Its last field, {@code seal}, is the SHA-256 of the rest, so
 * that a change of the manifest itself is noticed too (by accident, not by intent: whoever changes it can seal it anew). A signature, where there is one, is that of the seal, and so of every file.
 *
 * @param created when the bundle was written, ISO 8601
 * @param environment versions of Sfumato, its libraries, the JVM, the operating system
 * @param privacy what is promised to the people whose interactions it was trained on; null where nothing is
 * @param files by name relative to the bundle; of a private bundle those outside {@code people/}
 * @param exported whether {@code people/} was left out, so that the bundle may leave the machine
 */
record Manifest(String created, Provenance provenance, Map<String, String> environment,
    @Nullable PrivacyClaim privacy, SortedMap<String, BundleFiles.Digest> files, boolean exported) {

  /**
   * A manifest as it stands on disk, whether or not its seal holds.
   *
   * @param seal that its contents should have
   * @param sealed whether they have it
   * @param signature over the seal; null for none
   */
  record Read(Manifest manifest, String seal, boolean sealed, @Nullable LedgerSignature signature) {
    /** Whether it is signed, and the signature is that of these contents. */
    boolean signed() {
      return signature != null && signature.signs(SIGNED, seal);
    }
  }

  static final String NAME = "sfumato.json";

  private static final String SIGNED = "bundle";

  /** The bundle format that this version reads and writes. */
  static final int FORMAT = 1;

  private static final long MAX_BYTES = 64 << 20;
  private static final ObjectMapper JSON = BoundedJson.mapper(true);

  /** Writes {@code sfumato.json} into a bundle, unsigned. */
  void write(Path bundle) throws IOException {
    write(bundle, null);
  }

  /** Writes {@code sfumato.json} into a bundle, signed where keys are given. */
  void write(Path bundle, @Nullable KeyPair keys) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("created", created);
    ObjectNode origin = root.putObject("provenance");
    origin.put("data_name", provenance.dataName());
    origin.put("data_hash", provenance.dataHash());
    origin.put("data_location", provenance.dataLocation());
    origin.put("split", provenance.split());
    origin.put("seed", provenance.seed());
    origin.set("configuration", JSON.valueToTree(provenance.configuration()));
    origin.set("results", JSON.valueToTree(provenance.results()));
    if (privacy != null) {
      privacy.write(root.putObject("privacy"));
    }
    root.set("environment", JSON.valueToTree(environment));
    if (exported) {
      root.put("exported", true);
    }
    ObjectNode listed = root.putObject("files");
    files.forEach((name, digest) -> listed.putObject(name).put("bytes", digest.bytes()).put("sha256", digest.sha256()));
    // Numbers that Java widens must seal as they will be read.
    ObjectNode asRead = (ObjectNode) JSON.readTree(JSON.writeValueAsBytes(root));
    String seal = seal(asRead);
    asRead.put("seal", seal);
    if (keys != null) {
      LedgerSignature signature = LedgerSignature.of(SIGNED, seal, keys);
      asRead.putObject("signature")
          .put("algorithm", LedgerSignature.ALGORITHM)
          .put("public_key", signature.publicKey())
          .put("value", signature.value());
    }
    Files.write(bundle.resolve(NAME), JSON.writeValueAsBytes(asRead));
  }

  /**
   * Reads and checks {@code sfumato.json}.
   *
   * @throws BundleException {@code NOT_A_BUNDLE}, {@code NEWER_FORMAT}, {@code CORRUPT} or {@code ILLEGAL_PATH}
   */
  static Manifest read(Path bundle) throws IOException {
    Read read = readUnsealed(bundle);
    if (!read.sealed) {
      throw corrupt(bundle, "its contents do not match their seal");
    }
    return read.manifest;
  }

  /** As {@link #read}, but a seal that does not hold is told, not refused. */
  static Read readUnsealed(Path bundle) throws IOException {
    ObjectNode root = parse(bundle);
    int format = root.path("format").asInt(0);
    if (format > FORMAT) {
      throw new BundleException("NEWER_FORMAT",
          "%s is a bundle of a newer format: %d, and this version reads up to %d; upgrade Sfumato"
              .formatted(bundle, format, FORMAT));
    }
    if (format < 1) {
      throw corrupt(bundle, "it has no format");
    }
    String stated = root.path("seal").asText();
    LedgerSignature signature = signature(bundle, root);
    root.remove("seal");
    root.remove("signature");
    String seal = seal(root);
    SortedMap<String, BundleFiles.Digest> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> file : root.path("files").properties()) {
      BundleFiles.resolve(bundle, file.getKey());
      files.put(file.getKey(),
          new BundleFiles.Digest(file.getValue().path("bytes").asLong(-1), file.getValue().path("sha256").asText()));
    }
    Map<String, String> environment = new LinkedHashMap<>();
    root.path("environment").properties().forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
    JsonNode origin = root.path("provenance");
    Manifest manifest = new Manifest(root.path("created").asText(),
        new Provenance(origin.path("data_name").asText(), origin.path("data_hash").asText(),
            origin.path("data_location").asText(), origin.path("split").asText(), origin.path("seed").asLong(),
            map(origin.path("configuration")), map(origin.path("results"))),
        environment, privacy(bundle, root.path("privacy")), files, root.path("exported").asBoolean());
    return new Read(manifest, seal, seal.equals(stated), signature);
  }

  private static @Nullable LedgerSignature signature(Path bundle, JsonNode root) {
    try {
      return root.path("signature").isObject()
          ? new LedgerSignature(root.at("/signature/public_key").asText(), root.at("/signature/value").asText())
          : null;
    } catch (RuntimeException e) {
      throw corrupt(bundle, "its signature cannot be read: " + BundleFiles.oneLine(e.getMessage()));
    }
  }

  private static @Nullable PrivacyClaim privacy(Path bundle, JsonNode node) {
    try {
      return node.isObject() ? PrivacyClaim.read(node) : null;
    } catch (RuntimeException e) {
      throw corrupt(bundle, "its claim of privacy cannot be read: " + BundleFiles.oneLine(e.getMessage()));
    }
  }

  private static ObjectNode parse(Path bundle) throws IOException {
    Path file = bundle.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new BundleException("NOT_A_BUNDLE",
          "%s is no bundle: it has no %s; give the directory that 'train' wrote".formatted(bundle, NAME));
    }
    if (Files.size(file) > MAX_BYTES) {
      throw corrupt(bundle, "it is larger than " + MAX_BYTES + " bytes");
    }
    try {
      if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw corrupt(bundle, "it is not JSON: " + BundleFiles.oneLine(e.getOriginalMessage()));
    }
    throw corrupt(bundle, "it is not a JSON object");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode node) {
    return node.isObject() ? JSON.convertValue(node, Map.class) : Map.of();
  }

  private static String seal(ObjectNode withoutSeal) throws JsonProcessingException {
    return BundleFiles.sha256(JSON.writeValueAsString(withoutSeal).getBytes(StandardCharsets.UTF_8));
  }

  private static BundleException corrupt(Path bundle, String why) {
    return new BundleException("CORRUPT",
        "%s of the bundle %s is damaged: %s; restore the bundle from a copy or train again".formatted(NAME, bundle,
            why));
  }
}
