package io.sfumato.recommend.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sfumato.datasets.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON that say what to encode: {@code {"text": …}}, {@code {"text": …, "pair": …}} or {@code {"image": PATH}},
 * with the path seen from the file's own folder. Other fields do not matter, but for {@code id}, which comes back. Read one
 * by one; close it.
 */
final class EncodeInput implements AutoCloseable {
  /** Longer lines are no texts. */
  private static final int MAX_LINE = 16 << 20;

  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private final Path file;
  private final Reader reader;
  private int line;

  private EncodeInput(Path file, Reader reader) {
    this.file = file;
    this.reader = reader;
  }

  /**
   * One thing to encode: a text, a pair of texts, or a picture.
   *
   * @param line its number in the file, from 1
   * @param id the line's {@code id}, to be given back
   */
  record Entry(int line, @Nullable JsonNode id, @Nullable String text, @Nullable String pair, @Nullable Path image) {}

  static EncodeInput open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new DataException("BAD_INPUT", file + " is a directory; --input needs a file with a line of JSON each");
    }
    return new EncodeInput(file, new BufferedReader(Files.newBufferedReader(file, StandardCharsets.UTF_8), 1 << 16));
  }

  /** The next line; null at the end. */
  @Nullable
  Entry next() throws IOException {
    String text;
    try {
      text = readLine();
    } catch (MalformedInputException e) {
      throw bad("it is not UTF-8", e);
    }
    if (text == null) {
      return null;
    }
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw bad("no readable JSON: " + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse(""), e);
    }
    if (!node.isObject()) {
      throw bad("it is no JSON object such as {\"text\": \"red shoe\"}", null);
    }
    String words = field(node, "text");
    String pair = field(node, "pair");
    String image = field(node, "image");
    if ((words == null) == (image == null) || (pair != null && words == null)) {
      throw bad("it needs either \"text\", with a \"pair\" where wanted, or \"image\"", null);
    }
    try {
      Path picture = image == null ? null : file.toAbsolutePath().resolveSibling(image);
      return new Entry(line, node.get("id"), words, pair, picture);
    } catch (java.nio.file.InvalidPathException e) {
      throw bad("'" + image + "' is no path", e);
    }
  }

  private @Nullable String field(JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isTextual()) {
      throw bad("its \"" + name + "\" is no text in quotes", null);
    }
    return value.asText();
  }

  private @Nullable String readLine() throws IOException {
    line++;
    StringBuilder text = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      text.append((char) c);
      if (text.length() > MAX_LINE) {
        throw bad("it has more than " + MAX_LINE + " characters", null);
      }
    }
    return text.toString();
  }

  private DataException bad(String what, @Nullable Throwable cause) {
    return at(line, what, cause);
  }

  /** An error in a line, named by its number. */
  DataException at(int number, String what, @Nullable Throwable cause) {
    return new DataException("BAD_INPUT", "%s line %d: %s".formatted(file, number, what), cause);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
