package io.sfumato.recommend;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.datasets.ImageSource;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.MemoryImage;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.bundle.BoundedJson;
import io.sfumato.recommend.bundle.CatalogFile;
import io.sfumato.recommend.bundle.Thumbnails;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Updates as records of a bundle's logs, in JSON: feedback {@code {"user","item","time"}}; a removed item {@code {"remove":id}}; an item that was put with its vectors, so that they need not be encoded
 * again, {@code {"put":{item},"image":{"name","bytes"},"modalities":[…],"parts":base64 of float32,"weights":[…],"present":[…],"content":base64 of float32, where it is known,
 * "supplied":{modality:base64 of float32}, where vectors were supplied}}. What an item was encoded from stands beside its vectors, so that another model can encode it anew.
 */
final class UpdateRecords {
  private static final ObjectMapper JSON = new ObjectMapper();

  private UpdateRecords() {}

  /** A person took an item. */
  record Feedback(String user, String item, long time) {}

  /** A change of the catalogue: an item with its vectors, or, where these are null, the id of one that was removed. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record CatalogChange(String id, @Nullable Item item, @Nullable ItemVectors vectors, float @Nullable [] content,
      Map<String, float[]> supplied) {}

  static byte[] bytes(Feedback feedback) {
    return bytes(JSON.createObjectNode()
        .put("user", feedback.user)
        .put("item", feedback.item)
        .put("time", feedback.time));
  }

  static Feedback feedback(byte[] record) {
    JsonNode node = parse(record);
    return new Feedback(node.path("user").asText(), node.path("item").asText(), node.path("time").asLong());
  }

  static byte[] removal(String id) {
    return bytes(JSON.createObjectNode().put("remove", id));
  }

  static byte[] put(Item item, ItemVectors one, float @Nullable [] content, Map<String, float[]> supplied) {
    ObjectNode node = JSON.createObjectNode();
    node.set("put", CatalogFile.json(item));
    ImageSource image = item.image();
    byte[] picture = image == null ? null : Thumbnails.of(image);
    if (image != null && picture != null) {
      node.putObject("image").put("name", image.name()).put("bytes", picture);
    }
    ArrayNode modalities = node.putArray("modalities");
    one.modalities().forEach(modalities::add);
    ByteBuffer parts = ByteBuffer.allocate(Float.BYTES * one.dimension() * one.modalities().size());
    ArrayNode weights = node.putArray("weights");
    ArrayNode present = node.putArray("present");
    for (int m = 0; m < one.modalities().size(); m++) {
      for (float x : one.part(m, 0)) {
        parts.putFloat(x);
      }
      weights.add(one.weight(m, 0));
      present.add(one.present(m, 0));
    }
    if (content != null) {
      node.put("content", bytes(content));
    }
    if (!supplied.isEmpty()) {
      ObjectNode given = node.putObject("supplied");
      new TreeMap<>(supplied).forEach((modality, vector) -> given.put(modality, bytes(vector)));
    }
    return bytes(node.put("parts", parts.array()));
  }

  static CatalogChange catalogChange(byte[] record) {
    JsonNode node = parse(record);
    if (node.has("remove")) {
      return new CatalogChange(node.path("remove").asText(), null, null, null, Map.of());
    }
    try {
      JsonNode image = node.get("image");
      Item item = CatalogFile.item(node.path("put"),
          image == null ? null : new MemoryImage(image.path("name").asText(), image.path("bytes").binaryValue()));
      JsonNode content = node.get("content");
      Map<String, float[]> supplied = new TreeMap<>();
      for (Map.Entry<String, JsonNode> given : node.path("supplied").properties()) {
        supplied.put(given.getKey(), floats(given.getValue()));
      }
      return new CatalogChange(item.id(), item, vectors(node), content == null ? null : floats(content), supplied);
    } catch (IOException e) {
      throw new RecommendException("MALFORMED", "a catalogue update cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The item that a record of the catalogue's log is about.
   *
   * @param removed whether it was removed, and not put
   */
  record Subject(String id, boolean removed) {}

  /** What a record of the catalogue's log is about; of one as it is written here, no more than the beginning is read. */
  static Subject subject(byte[] record) {
    try (JsonParser parser = JSON.createParser(record)) {
      if (parser.nextToken() == JsonToken.START_OBJECT && "put".equals(parser.nextFieldName())
          && parser.nextToken() == JsonToken.START_OBJECT && "id".equals(parser.nextFieldName())
          && parser.nextToken() == JsonToken.VALUE_STRING) {
        return new Subject(parser.getText(), false);
      }
    } catch (IOException e) {
      // said below, unless it can be read there
    }
    JsonNode node = parse(record);
    return node.has("remove")
        ? new Subject(node.path("remove").asText(), true)
        : new Subject(node.path("put").path("id").asText(), false);
  }

  static String id(byte[] record) {
    return subject(record).id();
  }

  /** What a record of the catalogue's log says but for what a model made of it: equal for two that put the same item. */
  static byte[] substance(byte[] record) {
    ObjectNode node = (ObjectNode) parse(record);
    return bytes(node.has("supplied") || node.path("put").isObject()
        ? node.retain(List.of("put", "image", "supplied"))
        : node);
  }

  private static ItemVectors vectors(JsonNode node) throws IOException {
    List<String> modalities = new ArrayList<>();
    node.path("modalities").forEach(name -> modalities.add(name.asText()));
    float[] parts = floats(node.path("parts"));
    float[] weights = new float[modalities.size()];
    boolean[] present = new boolean[modalities.size()];
    for (int m = 0; m < weights.length; m++) {
      weights[m] = (float) node.path("weights").path(m).asDouble();
      present[m] = node.path("present").path(m).asBoolean();
    }
    return new ItemVectors(modalities, parts.length / Math.max(1, modalities.size()), parts, weights, present);
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static float[] floats(JsonNode node) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(node.binaryValue());
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (IOException e) {
      throw new IllegalStateException("JSON nodes can be written always", e);
    }
  }

  private static JsonNode parse(byte[] record) {
    try {
      return BoundedJson.parse(record);
    } catch (IOException e) {
      throw new RecommendException("MALFORMED",
          "a record of an update log is not JSON although its checksum is right: " + e.getMessage(), e);
    }
  }
}
