package io.sfumato.recommend.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON as the service speaks it: names in snake_case; read strictly, one value, no name twice, bounded in depth and length. */
final class Json {
  private static final int DEEPEST = 16;

  private static final JsonMapper MAPPER = JsonMapper
      .builder(JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder()
              .maxNestingDepth(DEEPEST)
              .maxNumberLength(64)
              .maxNameLength(1_024)
              .maxStringLength(Integer.MAX_VALUE) // the body as a whole is bounded before
              .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
      .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
      .build();

  private Json() {}

  static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }

  static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a line cannot be written as JSON", e);
    }
  }

  /** @throws Problem 400 {@code BAD_JSON} */
  static JsonNode read(byte[] body) {
    try {
      JsonNode read = MAPPER.readTree(body);
      if (read == null || read.isMissingNode()) {
        throw new Problem(400, "BAD_JSON", "the body is empty; it must be a JSON object");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new Problem(400, "BAD_JSON", "the body is not JSON: %s".formatted(e.getLocation() == null
          ? "it cannot be read"
          : "line %d, column %d".formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())));
    } catch (IOException e) { // bytes that are not UTF-8
      throw new Problem(400, "BAD_JSON", "the body is not JSON in UTF-8");
    }
  }
}
