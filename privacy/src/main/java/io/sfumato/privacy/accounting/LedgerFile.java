package io.sfumato.privacy.accounting;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The ledger as JSON. */
final class LedgerFile {
  private static final int FORMAT = 1;
  private static final long MAX_BYTES = 64 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private LedgerFile() {}

  static void write(PrivacyLedger ledger, Path file) {
    if (Files.exists(file) && !ledger.continues(read(file))) {
      throw new PrivacyException("LEDGER_CONFLICT",
          file + " holds releases that the new ledger does not continue; load it"
              + " and append to it, nothing that was released can be forgotten");
    }
    try {
      WholeFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(toJson(ledger)),
          "LEDGER_UNWRITABLE");
    } catch (JsonProcessingException e) {
      throw new PrivacyException("LEDGER_UNWRITABLE", "cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  static PrivacyLedger read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PrivacyException("LEDGER_UNREADABLE",
            file + " is not a privacy ledger: it is larger than " + MAX_BYTES + " bytes");
      }
      return fromJson(JSON.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new PrivacyException("LEDGER_UNREADABLE", file + " is not a privacy ledger: " + firstLine(e), e);
    } catch (IOException e) {
      throw new PrivacyException("LEDGER_UNREADABLE", "cannot read " + file + ": " + e, e);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static ObjectNode toJson(PrivacyLedger ledger) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("unit", ledger.unit().label());
    ArrayNode entries = root.putArray("entries");
    for (LedgerEntry entry : ledger.entries()) {
      Release release = entry.release();
      ObjectNode node = entries.addObject();
      node.put("index", entry.index());
      node.put("sigma", release.phase().mechanism().sigma());
      node.put("q", release.phase().mechanism().samplingRate());
      node.put("steps", release.phase().steps());
      node.put("sensitivity", release.sensitivity());
      node.put("released", release.what());
      node.put("weights", release.weightsSha256());
      node.put("noise", release.noise().label());
      node.put("time", entry.time().toString());
      node.put("previous", entry.previous());
      node.put("hash", entry.hash());
    }
    root.put("head", ledger.head());
    ledger.signature().ifPresent(signature -> {
      ObjectNode node = root.putObject("signature");
      node.put("algorithm", LedgerSignature.ALGORITHM);
      node.put("publicKey", signature.publicKey());
      node.put("value", signature.value());
    });
    return root;
  }

  private static PrivacyLedger fromJson(JsonNode root) {
    if (root.path("format").asInt() != FORMAT) {
      throw new IllegalArgumentException("format must be " + FORMAT + " but was " + root.path("format"));
    }
    List<LedgerEntry> entries = new ArrayList<>();
    for (JsonNode node : field(root, "entries")) {
      Mechanism mechanism = Mechanism.of(number(node, "sigma"), number(node, "q"));
      var release = new Release(new Phase(mechanism, whole(node, "steps")), number(node, "sensitivity"),
          text(node, "released"), text(node, "weights"), NoiseSource.of(text(node, "noise")));
      entries.add(new LedgerEntry(Math.toIntExact(whole(node, "index")), release, Instant.parse(text(node, "time")),
          text(node, "previous"), text(node, "hash")));
    }
    LedgerSignature signature = null;
    if (root.has("signature")) {
      JsonNode node = root.get("signature");
      signature = new LedgerSignature(text(node, "publicKey"), text(node, "value"));
    }
    return new PrivacyLedger(PrivacyUnit.of(text(root, "unit")), entries, signature, text(root, "head"));
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("field " + name + " is missing");
    }
    return value;
  }

  private static String text(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("field " + name + " must be a text but was " + value);
    }
    return value.textValue();
  }

  private static double number(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isNumber()) {
      throw new IllegalArgumentException("field " + name + " must be a number but was " + value);
    }
    return value.doubleValue();
  }

  private static long whole(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw new IllegalArgumentException("field " + name + " must be a whole number but was " + value);
    }
    return value.longValue();
  }
}
