package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of a text encoder: a Hugging Face folder, or a sentence-transformers folder around one.
 *
 * @param root the folder as it was given, where {@code modules.json} is
 * @param model where config, weights and tokenizer are
 * @param config the model's {@code config.json}
 */
record TextFolder(Path root, Path model, JsonNode config) {

  static final String TOKENIZER = "tokenizer.json";
  static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  /** transformers writes 10³⁰ where a tokenizer has no limit. */
  private static final double NO_LIMIT = 1e6;

  static TextFolder of(Path root) {
    return new TextFolder(root, ModelFolder.model(root), Encoders.config(root));
  }

  static TextFolder of(Path root, JsonNode config) {
    return new TextFolder(root, ModelFolder.model(root), config);
  }

  /** The folder's tokenizer for texts as {@link #reading} says. */
  TransformerTextEncoder.Reader reader(TextReading reading) {
    ObjectNode beside = optional(TOKENIZER_CONFIG) instanceof ObjectNode object ? object
        : new ObjectMapper().createObjectNode();
    return new TransformerTextEncoder.Reader(reading, HfTokenizer.load(model.resolve(TOKENIZER), reading.maxTokens()),
        beside);
  }

  /**
   * How texts are read. Their length is what sentence-transformers was told ({@code max_seq_length}), else the least of
   * the tokenizer's own limits ({@code truncation} in its file, {@code model_max_length} beside it), and at most what
   * the model has positions for.
   *
   * @param longest what the model has positions for
   */
  TextReading reading(int longest) {
    JsonNode sentence = optional("sentence_bert_config.json");
    JsonNode prompts = Files.isRegularFile(root.resolve("config_sentence_transformers.json"))
        ? ModelFolder.json(root.resolve("config_sentence_transformers.json"))
        : MissingNode.getInstance();
    String prompt = prompts.path("prompts").path(prompts.path("default_prompt_name").asText("")).asText("");
    int tokens = tokens(sentence, longest);
    if (tokens < 3) {
      throw new EncoderException("INVALID_CONFIG", root + ": texts are to be cut to " + tokens
          + " tokens, which leaves no room between the special ones; 3 is the least");
    }
    return new TextReading(tokens, sentence.path("do_lower_case").asBoolean(false), prompt);
  }

  private int tokens(JsonNode sentence, int longest) {
    int stated = stated(sentence.path("max_seq_length"));
    if (stated == 0) {
      stated = stated(config.path("sfumato").path("max_tokens"));
    }
    if (stated > 0) {
      return Math.min(stated, longest);
    }
    int own = stated(tokenizerTruncation());
    int beside = stated(optional(TOKENIZER_CONFIG).path("model_max_length"));
    int tokens = longest;
    for (int limit : new int[]{own, beside}) {
      tokens = limit > 0 ? Math.min(tokens, limit) : tokens;
    }
    return tokens;
  }

  private static int stated(@Nullable JsonNode limit) {
    return limit == null || !limit.isNumber() || limit.doubleValue() > NO_LIMIT ? 0 : Math.max(0, limit.asInt());
  }

  private JsonNode tokenizerTruncation() {
    Path file = model.resolve(TOKENIZER);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > TokenizerJson.MAX_BYTES) {
        return MissingNode.getInstance(); // The tokenizer itself says better what is wrong with its file.
      }
      return TokenizerJson.truncation(Files.readAllBytes(file), file.toString()).path("max_length");
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + file + ": " + e, e);
    }
  }

  private JsonNode optional(String name) {
    return Files.isRegularFile(model.resolve(name)) ? ModelFolder.json(model.resolve(name)) : MissingNode.getInstance();
  }
}
