package io.sfumato.recommend.cli;

import static io.sfumato.recommend.cli.ConfigOptions.override;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.read.DatasetReader;
import io.sfumato.datasets.read.Field;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.DataSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a data set stands, and what of it is taken. */
final class DataOptions {
  @Option(names = "--items", paramLabel = "FILE", description = "The items, in DATA. Default: items.csv, .tsv, .jsonl or .parquet.")
  private @Nullable String items;

  @Option(names = "--interactions", paramLabel = "FILE", description = "Who took what, in DATA. Default: interactions.*, or one *.inter.")
  private @Nullable String interactions;

  @Option(names = "--images", paramLabel = "DIR", description = "The pictures, in DATA. Default: images.")
  private @Nullable String images;

  @Option(names = "--column", paramLabel = "FIELD=NAME", description = "A column with another name than usual; can be repeated. Fields: item_id, title, text, image, user_id, interaction_item_id, rating, timestamp.")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Option(names = "--attributes", paramLabel = "NAME", split = ",", description = "Columns of the items to take as attributes. Default: all that have no other meaning.")
  private @Nullable List<String> attributes;

  @Option(names = "--min-rating", paramLabel = "R", description = "The least rating that counts. Default: every row does.")
  private @Nullable Double minRating;

  @Option(names = "--k-core", paramLabel = "N", split = ",", description = "Keep users with N items and items with N users or more (or N,M).")
  private @Nullable List<Integer> kCore;

  @Option(names = "--strict", description = "A fault of the data is an error instead of a count in the report.")
  private boolean strict;

  /** Sets what was given. */
  void apply(ConfigReader reader) {
    override(reader, "data.items", items, "--items");
    override(reader, "data.interactions", interactions, "--interactions");
    override(reader, "data.images", images, "--images");
    columns.forEach((field, column) -> reader.override("data.columns." + field, column, "--column"));
    override(reader, "data.attributes", attributes, "--attributes");
    override(reader, "data.min-rating", minRating, "--min-rating");
    if (kCore != null) {
      reader.override("data.min-items-per-user", kCore.getFirst(), "--k-core");
      reader.override("data.min-users-per-item", kCore.getLast(), "--k-core");
    }
    if (strict) {
      reader.override("data.strict", true, "--strict");
    }
  }

  /** Whether a folder holds interactions under the name that was given, or one of the usual ones. */
  boolean fit(Path folder) {
    if (interactions != null) {
      return Files.exists(folder.resolve(interactions));
    }
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      return files.map(file -> String.valueOf(file.getFileName()))
          .anyMatch(name -> name.startsWith("interactions.") || name.endsWith(".inter"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the data set in a folder as the settings say. */
  static Dataset read(Path folder, DataSettings settings) {
    DatasetReader reader = DatasetReader.folder(folder)
        .kCore(settings.minItemsPerUser(), settings.minUsersPerItem())
        .checkImages(settings.checkImages())
        .strict(settings.strict());
    if (settings.items() != null) {
      reader.items(Path.of(settings.items()));
    }
    if (settings.interactions() != null) {
      reader.interactions(Path.of(settings.interactions()));
    }
    if (settings.images() != null) {
      reader.images(Path.of(settings.images()));
    }
    settings.columns().forEach((field, column) -> reader.column(Field.parse(field), column));
    if (settings.attributes() != null) {
      reader.attributes(settings.attributes());
    }
    if (settings.minRating() != null) {
      reader.minRating(settings.minRating());
    }
    return reader.read();
  }
}
