package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.EncoderException;

/** The fields of a {@code config.json}: what is not there has Hugging Face's default, what is there must fit. */
final class ConfigFields {
  /** Beyond this a configuration is surely broken, and would ask for absurd memory. */
  private static final int MAX = 1 << 24;

  private final String what;
  private final JsonNode config;

  /** @param what the model's name in messages, such as {@code BERT} */
  ConfigFields(String what, JsonNode config) {
    this.what = what;
    this.config = config;
  }

  /** A whole number of 1 or more. */
  int positive(String name, int byDefault) {
    return number(name, byDefault, 1);
  }

  /** A whole number of 0 or more. */
  int id(String name, int byDefault) {
    return number(name, byDefault, 0);
  }

  private int number(String name, int byDefault, int least) {
    JsonNode node = config.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return byDefault;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > MAX) {
      throw invalid(name, "must be a whole number from " + least + " to " + MAX, node);
    }
    return node.intValue();
  }

  /** A number between 0 and 1. */
  double fraction(String name, double byDefault) {
    JsonNode node = config.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return byDefault;
    }
    if (!node.isNumber() || !(node.doubleValue() > 0 && node.doubleValue() < 1)) {
      throw invalid(name, "must be a number between 0 and 1", node);
    }
    return node.doubleValue();
  }

  /** A text. */
  String text(String name, String byDefault) {
    JsonNode node = config.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return byDefault;
    }
    if (!node.isTextual()) {
      throw invalid(name, "must be a text", node);
    }
    return node.asText();
  }

  /** Refuses position embeddings that are no table added to the words. */
  void absolutePositions() {
    String type = text("position_embedding_type", "absolute");
    if (!type.equals("absolute")) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          what + " with position embeddings '" + type + "' is not supported; supported is 'absolute'");
    }
  }

  private EncoderException invalid(String name, String must, JsonNode node) {
    return new EncoderException("INVALID_CONFIG", what + " configuration: " + name + " " + must + " but is "
        + TokenizerParts.shortened(node.toString()));
  }
}
