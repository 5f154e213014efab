package io.sfumato.recommend.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The histories of all people in one file, a person a line: {@code {"user":"u-7","items":[3,5],"times":[10,20],"ratings":[4,5],"parts":"te"}}. Items are catalogue indices; a part is the first letter of train and valid, or {@code e} for test;
 * {@code times} is left out where all are unknown, {@code ratings} where all are 1.
 */
final class HistoriesFile {
  private static final String PARTS = "tve";
  private static final ObjectMapper JSON = new ObjectMapper();

  private HistoriesFile() {}

  private record Row(int item, float rating, long time, char part) {}

  static void write(Path file, Split split) throws IOException {
    Interactions all = split.dataset().interactions();
    List<Interactions> parts = List.of(split.train(), split.valid(), split.test());
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int user = 0; user < all.userCount(); user++) {
        List<Row> rows = new ArrayList<>();
        for (int p = 0; p < parts.size(); p++) {
          Interactions part = parts.get(p);
          for (int row = part.start(user); row < part.end(user); row++) {
            rows.add(new Row(part.item(row), part.rating(row), part.timestamp(row), PARTS.charAt(p)));
          }
        }
        rows.sort(Comparator.comparingLong(Row::time)); // stable: as Interactions sorts them
        if (!rows.isEmpty()) {
          out.write(JSON.writeValueAsString(json(all.userId(user), rows)));
          out.write('\n');
        }
      }
    }
  }

  private static ObjectNode json(String user, List<Row> rows) {
    ObjectNode node = JSON.createObjectNode();
    node.put("user", user);
    ArrayNode items = node.putArray("items");
    rows.forEach(row -> items.add(row.item));
    if (rows.stream().anyMatch(row -> row.time != 0)) {
      ArrayNode times = node.putArray("times");
      rows.forEach(row -> times.add(row.time));
    }
    if (rows.stream().anyMatch(row -> row.rating != 1)) {
      ArrayNode ratings = node.putArray("ratings");
      rows.forEach(row -> ratings.add(row.rating));
    }
    StringBuilder parts = new StringBuilder();
    rows.forEach(row -> parts.append(row.part));
    return node.put("parts", parts.toString());
  }

  static Split read(Path file, String name, String kind, Catalog catalog) throws IOException {
    Interactions.Builder builder = Interactions.builder(catalog);
    StringBuilder parts = new StringBuilder();
    BoundedJson.lines(file, node -> {
      JsonNode items = node.path("items");
      String user = node.path("user").asText();
      String of = node.path("parts").asText();
      if (of.length() != items.size() || of.chars().anyMatch(c -> PARTS.indexOf(c) < 0)) {
        throw new IOException("a user has %d items but %d parts, or parts that are none".formatted(items.size(),
            of.length()));
      }
      for (int i = 0; i < items.size(); i++) {
        float rating = (float) node.path("ratings").path(i).asDouble(1);
        JsonNode time = node.path("times").path(i);
        JsonNode item = items.get(i);
        if (!item.isInt() || item.intValue() < 0 || item.intValue() >= catalog.size() || !Float.isFinite(rating)
            || !(time.isMissingNode() || (time.canConvertToLong() && time.isIntegralNumber()))) {
          throw new IOException("row %d of a user is no item of %d with a rating and a time: %s".formatted(i,
              catalog.size(), BundleFiles.oneLine(item.toString())));
        }
        builder.add(user, item.intValue(), rating, time.asLong(0));
      }
      parts.append(of);
    });
    Interactions all = builder.build();
    return new Split(new Dataset(name, catalog, all, DataReport.empty()), kind,
        all.select(row -> parts.charAt(row) == PARTS.charAt(0)),
        all.select(row -> parts.charAt(row) == PARTS.charAt(1)),
        all.select(row -> parts.charAt(row) == PARTS.charAt(2)));
  }
}
