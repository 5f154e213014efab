package io.sfumato.encoders.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import java.nio.file.Path;

/** The records of this room in {@code config.json}. */
final class ImageJson {
  private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
      DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  private ImageJson() {}

  static ObjectNode config(String modelType) {
    return JSON.createObjectNode().put("model_type", modelType);
  }

  static JsonNode toTree(Record value) {
    return JSON.valueToTree(value);
  }

  /** Reads how pictures are prepared; folders that are older than filters and edges say nothing of them. */
  static ImagePreprocessing preprocessing(Path folder, JsonNode config) {
    JsonNode read = config;
    JsonNode node = config.path("preprocessing");
    if (node instanceof ObjectNode object && !object.has("filter") && !object.has("edge")) {
      ObjectNode complete = object.deepCopy().put("filter", Filter.BILINEAR.name()).put("edge", 0);
      read = JSON.createObjectNode().set("preprocessing", complete);
    }
    return read(folder, read, "preprocessing", ImagePreprocessing.class);
  }

  /** Reads one record from a configuration; its own checks run, and what they say becomes {@code INVALID_CONFIG}. */
  static <R extends Record> R read(Path folder, JsonNode config, String field, Class<R> type) {
    JsonNode node = config.path(field);
    if (!node.isObject()) {
      throw new EncoderException("INVALID_CONFIG", folder + ": config.json has no object '" + field + "'");
    }
    try {
      return JSON.treeToValue(node, type);
    } catch (JsonProcessingException e) {
      throw new EncoderException("INVALID_CONFIG",
          folder + ": '" + field + "' in config.json: " + e.getOriginalMessage(), e);
    }
  }
}
