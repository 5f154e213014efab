package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.bench.CatalogBench;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times the training of a large made catalogue. */
@Command(name = "catalog", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "How long a recommender of a large made catalogue takes to train, stage by stage, what memory it needs, here and at a million items, and how fast it then answers.",
  "Made data with kinds and a long tail; text and image vectors are supplied."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato bench catalog --items 200000 --interactions 2000000 --json",
    "  SFUMATO_OPTS='-Xmx4g -XX:MaxDirectMemorySize=1g' sfumato bench catalog     within 8 GiB, heap and native"})
final class BenchCatalogCommand implements Callable<Integer> {
  @Option(names = "--items", paramLabel = "N", defaultValue = "200000", description = "Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(names = "--interactions", paramLabel = "N", defaultValue = "2000000", description = "Default: ${DEFAULT-VALUE}.")
  private int interactions;

  @Option(names = "--users", paramLabel = "N", description = "Default: a twentieth of the interactions.")
  private @Nullable Integer users;

  @Option(names = "--dim", paramLabel = "N", defaultValue = "128", description = "Length of the supplied vectors. Default: ${DEFAULT-VALUE}.")
  private int dimension;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the training, such as ranking.users=1000; can be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  BenchCatalogCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    int people = users == null ? Math.max(10, interactions / 20) : users;
    Map<String, Object> figures = CatalogBench
        .run(new CatalogBench.Size(items, interactions, people, dimension, seed), settings, progress);
    output.print(streams.out(), figures, () -> text(figures));
    return 0;
  }

  private static String text(Map<String, Object> figures) {
    List<List<String>> lines = new ArrayList<>();
    figures.forEach((name, value) -> {
      if (value instanceof Map<?, ?> several) {
        several.forEach((part, figure) -> lines.add(List.of(name + " " + part, figure(name, figure))));
      } else {
        lines.add(List.of(name, String.valueOf(value)));
      }
    });
    return Text.facts(lines);
  }

  private static String figure(String name, Object value) {
    return switch (value) {
      case Long bytes when name.equals("memory_bytes") -> bytes < 0 ? "unknown" : Text.bytes(bytes);
      case Double number when name.endsWith("ms") -> String.format(Locale.ROOT, "%.1f ms", number);
      case Double number -> Text.seconds(number);
      default -> String.valueOf(value);
    };
  }
}
