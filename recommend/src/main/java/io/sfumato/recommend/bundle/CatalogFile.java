package io.sfumato.recommend.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.ImageSource;
import io.sfumato.datasets.Item;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A catalogue in a directory: {@code items.jsonl}, an item a line in the order of the indices, and {@code images.bin}, the pictures to be shown one after the other ({@link Thumbnails}).
 */
public final class CatalogFile {
  private static final String ITEMS = "items.jsonl";
  private static final String IMAGES = "images.bin";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The largest picture; those that a bundle keeps are a tenth of it. */
  private static final int MAX_PICTURE = 4 << 20;

  private CatalogFile() {}

  static void write(Path directory, Catalog catalog) throws IOException {
    try (BufferedWriter items = Files.newBufferedWriter(directory.resolve(ITEMS));
        OutputStream images = new BufferedOutputStream(Files.newOutputStream(directory.resolve(IMAGES)))) {
      long at = 0;
      for (Item item : catalog) {
        ObjectNode line = json(item);
        ImageSource image = item.image();
        byte[] bytes = image == null ? null : Thumbnails.of(image);
        if (image != null && bytes != null) {
          line.putObject("image").put("name", image.name()).put("at", at).put("bytes", bytes.length);
          images.write(bytes);
          at += bytes.length;
        }
        items.write(JSON.writeValueAsString(line));
        items.write('\n');
      }
    }
  }

  static Catalog read(Path directory) throws IOException {
    Path images = directory.resolve(IMAGES);
    long size = Files.size(images);
    List<Item> items = new ArrayList<>();
    BoundedJson.lines(directory.resolve(ITEMS),
        node -> items.add(item(node, packed(node.get("image"), images, size))));
    return Catalog.of(items);
  }

  private static @Nullable ImageSource packed(@Nullable JsonNode image, Path pack, long size) throws IOException {
    if (image == null) {
      return null;
    }
    long at = image.path("at").asLong(-1);
    int length = image.path("bytes").asInt(-1);
    if (at < 0 || length < 0 || length > size || at > size - length) {
      throw new IOException(
          "a picture of %d bytes at %d lies outside of %s, which has %d bytes".formatted(length, at, pack, size));
    }
    if (length > MAX_PICTURE) {
      throw new IOException("a picture of %d bytes is larger than the %d that a bundle keeps to show".formatted(length,
          MAX_PICTURE));
    }
    return new PackedImage(pack, at, length, image.path("name").asText());
  }

  /** An item but for its picture. */
  public static ObjectNode json(Item item) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", item.id());
    node.put("title", item.title());
    node.put("text", item.text());
    ObjectNode attributes = node.putObject("attributes");
    item.attributes().forEach(attributes::put);
    return node;
  }

  /** What {@link #json} wrote, with its picture. */
  public static Item item(JsonNode node, @Nullable ImageSource image) {
    Map<String, String> attributes = new LinkedHashMap<>();
    node.path("attributes").properties().forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
    return new Item(node.path("id").asText(), node.path("title").asText(), node.path("text").asText(), attributes,
        image);
  }
}
