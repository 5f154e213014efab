package io.sfumato.recommend.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sfumato.datasets.DataException;
import io.sfumato.datasets.FileImage;
import io.sfumato.datasets.Item;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Items as lines of JSON objects: {@code {"id": …, "title": …, "text": …, "image": PATH}}, each field optional, but one of the last three is needed. An item without an id (or {@code item_id}) is called by the
 * number of its line; a path is relative to the file; further fields with a single value become attributes. The first line that cannot be read ends the reading with an error that names it.
 */
final class ItemLines {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> KNOWN = Set.of("id", "item_id", "title", "text", "image");

  private ItemLines() {}

  /** Whether a file is one of lines by its name. */
  static boolean fits(Path file) {
    String name = String.valueOf(file.getFileName());
    return Files.isRegularFile(file) && (name.endsWith(".jsonl") || name.endsWith(".ndjson"));
  }

  /**
   * Reads all lines; pictures are read when they are wanted, but must be there.
   *
   * @throws DataException {@code BAD_LINE}, {@code EMPTY_FILE} or {@code UNREADABLE_FILE}
   */
  static List<Item> read(Path file) {
    List<Item> items = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          Item item = item(line, number, file);
          if (!ids.add(item.id())) {
            throw bad(file, number, "a second item has the id '" + item.id() + "'", null);
          }
          items.add(item);
        }
      }
    } catch (IOException e) {
      throw new DataException("UNREADABLE_FILE", "%s cannot be read after line %d: %s".formatted(file, number, e), e);
    }
    if (items.isEmpty()) {
      throw new DataException("EMPTY_FILE", file + " has no line; give one JSON object a line");
    }
    return items;
  }

  private static Item item(String line, int number, Path file) {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw bad(file, number, "no readable JSON: " + e.getOriginalMessage(), e);
    }
    if (json == null || !json.isObject()) {
      throw bad(file, number, "not a JSON object", null);
    }
    String id = text(json, json.has("id") ? "id" : "item_id", file, number);
    String title = text(json, "title", file, number);
    String text = text(json, "text", file, number);
    String image = text(json, "image", file, number);
    if (title.isBlank() && text.isBlank() && image.isBlank()) {
      throw bad(file, number, "neither title, text nor image", null);
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    json.properties().forEach(entry -> {
      if (!KNOWN.contains(entry.getKey()) && entry.getValue().isValueNode() && !entry.getValue().isNull()) {
        attributes.put(entry.getKey(), entry.getValue().asText());
      }
    });
    return new Item(id.isBlank() ? Integer.toString(number) : id, title, text, attributes,
        image.isBlank() ? null : picture(image, file, number));
  }

  private static String text(JsonNode json, String field, Path file, int number) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual() && !(value.isNumber() && field.endsWith("id"))) {
      throw bad(file, number, "'" + field + "' must be a text but is " + value.getNodeType(), null);
    }
    return value.asText();
  }

  private static FileImage picture(String path, Path file, int number) {
    Path found;
    try {
      found = file.toAbsolutePath().resolveSibling(path);
    } catch (InvalidPathException e) {
      throw bad(file, number, "'" + path + "' is no path", e);
    }
    if (!Files.isRegularFile(found)) {
      throw bad(file, number, "there is no picture " + found, null);
    }
    return new FileImage(found);
  }

  private static DataException bad(Path file, int number, String why, @Nullable Throwable cause) {
    return new DataException("BAD_LINE",
        "line %d of %s: %s; give objects with id, title, text or image".formatted(number, file, why), cause);
  }
}
