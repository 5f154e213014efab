package io.sfumato.recommend.cli;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.read.DatasetReader;
import io.sfumato.datasets.read.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where items stand when nobody's interactions with them are wanted. */
final class ItemOptions {
  /** Key of the folder among what {@link #source} says. */
  static final String LOCATION = "location";
  private static final String ITEMS = "items";
  private static final String IMAGES = "images";
  private static final String COLUMN = "column.";

  @Option(names = "--items", paramLabel = "FILE", description = "The items, in DATA. Default: items.csv, .tsv, .jsonl or .parquet.")
  private @Nullable String items;

  @Option(names = "--images", paramLabel = "DIR", description = "The pictures, in DATA. Default: images.")
  private @Nullable String images;

  @Option(names = "--column", paramLabel = "FIELD=NAME", description = "A column with another name than usual; can be repeated. Fields: item_id, title, text, image.")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Option(names = "--strict", description = "A fault of the data is an error instead of a count in the report.")
  private boolean strict;

  /** What was said, so that the same items can be read again. */
  Map<String, String> source(Path data) {
    Map<String, String> source = new LinkedHashMap<>();
    source.put(LOCATION, data.toAbsolutePath().normalize().toString());
    if (items != null) {
      source.put(ITEMS, items);
    }
    if (images != null) {
      source.put(IMAGES, images);
    }
    columns.forEach((field, name) -> source.put(COLUMN + field, name));
    return source;
  }

  /** Reads the items of a folder, or of a file beside which their pictures are. */
  Dataset read(Path data) {
    return read(data, Map.of());
  }

  /**
   * The same, told as {@link #source} tells unless other options are given.
   *
   * @param before what an earlier command was told; may be empty
   */
  Dataset read(Path data, Map<String, String> before) {
    boolean file = Files.isRegularFile(data);
    Path folder = file ? data.toAbsolutePath().getParent() : data;
    DatasetReader reader = DatasetReader.folder(folder == null ? Path.of(".") : folder).itemsOnly().strict(strict);
    Map<String, String> settled = new LinkedHashMap<>(before);
    settled.putAll(source(data));
    if (file) {
      reader.items(data.toAbsolutePath());
    } else if (settled.containsKey(ITEMS)) {
      reader.items(Path.of(settled.getOrDefault(ITEMS, "")));
    }
    if (settled.containsKey(IMAGES)) {
      reader.images(Path.of(settled.getOrDefault(IMAGES, "")));
    }
    settled.forEach((key, name) -> {
      if (key.startsWith(COLUMN)) {
        reader.column(Field.parse(key.substring(COLUMN.length())), name);
      }
    });
    return reader.read();
  }
}
