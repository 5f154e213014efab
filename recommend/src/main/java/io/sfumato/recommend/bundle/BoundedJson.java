package io.sfumato.recommend.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON that somebody else wrote, read within bounds that are checked before memory is taken: how deep it nests, how many tokens it has, how long its texts, numbers and names are, and how long a line or a file is. Memory is then a small
 * multiple of the bytes read, whatever they say. Thread-safe.
 */
public final class BoundedJson {
  /** The longest line of a file with a document a line, in characters. */
  public static final int MAX_LINE = 64 << 20;

  /** The largest file that is one document, in bytes. */
  public static final long MAX_FILE = 64L << 20;

  private static final int MAX_DEPTH = 100;
  private static final long MAX_TOKENS = 2_000_000;
  private static final ObjectMapper JSON = mapper(false);

  private BoundedJson() {}

  /** Is given the documents of a file one by one. */
  @FunctionalInterface
  public interface Documents {
    void accept(JsonNode document) throws IOException;
  }

  /** A mapper that reads within the bounds; documents with more fail as JSON that is not well-formed does. */
  static ObjectMapper mapper(boolean indented) {
    JsonFactory factory = JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxTokenCount(MAX_TOKENS)
            .maxStringLength(MAX_LINE)
            .build())
        .build();
    return JsonMapper.builder(factory).configure(SerializationFeature.INDENT_OUTPUT, indented).build();
  }

  /** Reads one document. */
  public static JsonNode parse(byte[] document) throws IOException {
    return JSON.readTree(document);
  }

  /** Reads a file that is one document. */
  public static JsonNode read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE) {
      throw new IOException("it has %d bytes, more than the %d that are read".formatted(Files.size(file), MAX_FILE));
    }
    return JSON.readTree(Files.readAllBytes(file));
  }

  /** Reads a file with a document a line. */
  public static void lines(Path file, Documents documents) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      StringBuilder line = new StringBuilder();
      char[] block = new char[1 << 16];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        int from = 0;
        for (int at = 0; at < read; at++) {
          if (block[at] == '\n') {
            append(line, block, from, at);
            documents.accept(JSON.readTree(line.toString()));
            line.setLength(0);
            from = at + 1;
          }
        }
        append(line, block, from, read);
      }
      if (!line.isEmpty()) {
        documents.accept(JSON.readTree(line.toString()));
      }
    }
  }

  private static void append(StringBuilder line, char[] block, int from, int to) throws IOException {
    if (line.length() + (to - from) > MAX_LINE) {
      throw new IOException("a line has more than the " + MAX_LINE + " characters that are read");
    }
    line.append(block, from, to - from);
  }
}
