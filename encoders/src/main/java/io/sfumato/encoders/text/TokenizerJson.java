package io.sfumato.encoders.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * A {@code tokenizer.json}, checked in Java before the Rust library sees it: that library ends the whole process on what
 * it does not expect. What is handed over has the file's normalisation, splitting, vocabulary and special tokens; its
 * truncation is ours, and it has neither padding nor a decoder, which encoding does not need.
 *
 * @param cleaned the text for the library
 */
record TokenizerJson(String cleaned) {
  /** The largest public tokenizers have 35 MB. */
  static final int MAX_BYTES = 128 << 20;

  /** The library gives up at 128 levels, in some places by ending the process. */
  private static final int MAX_DEPTH = 100;

  /** Longer ones take the library seconds each. */
  private static final int MAX_ADDED = 1000;

  /** WordPiece's time grows with the cube of a word's length; BERT's own limit is 100. */
  private static final int MAX_WORD = 1000;

  private static final int SHOWN = 300;
  private static final int MAX_ID = 1 << 26;
  private static final Set<String> MODELS = Set.of("BPE", "WordPiece", "WordLevel", "Unigram");
  private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxStringLength(1 << 24)
          .maxNumberLength(100)
          .maxDocumentLength(MAX_BYTES)
          .build())
      .build()).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Checks a file.
   *
   * @param maxTokens what the library is to cut texts to; 0 for no truncation
   * @throws EncoderException {@code CHECKPOINT_CORRUPT} when it is no tokenizer that the library can work with
   */
  static TokenizerJson check(byte[] bytes, int maxTokens, String origin) {
    try {
      if (bytes.length > MAX_BYTES) {
        throw new Refused("it has " + bytes.length + " bytes; at most " + MAX_BYTES + " are accepted");
      }
      if (!(JSON.readTree(bytes) instanceof ObjectNode root)) {
        throw new Refused("it is no JSON object");
      }
      checkModel(root.path("model"));
      checkAddedTokens(root.path("added_tokens"));
      for (String part : Set.of("normalizer", "pre_tokenizer", "post_processor")) {
        TokenizerParts.check(root.path(part));
      }
      JsonNode truncation = root.path("truncation");
      root.putNull("decoder").putNull("padding");
      if (maxTokens > 0) {
        String direction = truncation.path("direction").asText("Right");
        if (!direction.equals("Right") && !direction.equals("Left")) {
          throw new Refused("its truncation has the direction '" + direction + "', which is neither Right nor Left");
        }
        root.putObject("truncation")
            .put("direction", direction)
            .put("max_length", maxTokens)
            .put("strategy", "LongestFirst")
            .put("stride", 0);
      } else {
        root.putNull("truncation");
      }
      return new TokenizerJson(JSON.writeValueAsString(root));
    } catch (JsonProcessingException e) {
      throw corrupt(origin, String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("no JSON"), e);
    } catch (IOException | Refused e) {
      throw corrupt(origin, String.valueOf(e.getMessage()), e);
    }
  }

  /** The file's own truncation, without reading its vocabulary into memory. */
  static JsonNode truncation(byte[] bytes, String origin) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          if (name.equals("truncation")) {
            return JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(parser);
          }
          parser.skipChildren();
        }
      }
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw corrupt(origin, String.valueOf(e.getMessage()).lines().findFirst().orElse("no JSON"), e);
    }
  }

  static EncoderException corrupt(String origin, String what, Throwable cause) {
    String shown = what.length() > SHOWN ? what.substring(0, SHOWN) + "…" : what;
    return new EncoderException("CHECKPOINT_CORRUPT", origin + ": no readable tokenizer: " + shown, cause);
  }

  private static void checkModel(JsonNode model) throws Refused {
    if (!model.isObject()) {
      throw new Refused("it has no object 'model'");
    }
    if (model.has("type") && !MODELS.contains(model.path("type").asText())) {
      throw new Refused("its model is of the type '" + model.path("type").asText() + "'; known are " + MODELS);
    }
    JsonNode vocabulary = model.path("vocab");
    if (!vocabulary.isContainerNode() || vocabulary.isEmpty()) {
      throw new Refused("its model has no vocabulary");
    }
    if (vocabulary.isObject()) {
      for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
        checkId(entry.getValue(), entry.getKey());
      }
    }
    if (model.path("max_input_chars_per_word").asLong(0) > MAX_WORD) {
      throw new Refused("it looks for pieces in words of " + model.path("max_input_chars_per_word")
          + " characters, which takes very long; at most " + MAX_WORD + " are accepted");
    }
    checkMerges(model);
  }

  /** The library cuts the prefix off the second half of a merge without looking whether it is there. */
  private static void checkMerges(JsonNode model) throws Refused {
    String prefix = model.path("continuing_subword_prefix").asText("");
    if (prefix.isEmpty() || model.path("continuing_subword_prefix").isNull()) {
      return;
    }
    for (JsonNode merge : model.path("merges")) {
      String second = merge.isArray() ? merge.path(1).asText()
          : merge.asText().substring(merge.asText().indexOf(' ') + 1);
      if (!second.startsWith(prefix) || prefix.chars().anyMatch(c -> c > 127)) {
        throw new Refused("the merge " + merge + " does not continue with the prefix '" + prefix + "'");
      }
    }
  }

  private static void checkAddedTokens(JsonNode tokens) throws Refused {
    if (!tokens.isArray() && !tokens.isNull() && !tokens.isMissingNode()) {
      throw new Refused("its added_tokens are no list");
    }
    for (JsonNode token : tokens) {
      if (!token.path("content").isTextual() || token.path("content").asText().length() > MAX_ADDED) {
        throw new Refused("an added token has no content, or one of more than " + MAX_ADDED + " characters");
      }
      checkId(token.path("id"), token.path("content").asText());
    }
  }

  private static void checkId(JsonNode id, String token) throws Refused {
    if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() > MAX_ID) {
      throw new Refused("the token '" + TokenizerParts.shortened(token) + "' has the id "
          + TokenizerParts.shortened(id.toString()) + ", which is no number in 0 to " + MAX_ID);
    }
  }

  /** What is wrong with the file, in words. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String what) {
      super(what);
    }
  }
}
