package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.bench.ServeBench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how a bundle of many made items is served. */
@Command(name = "serve", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "How fast one thread recommends from a large made shop, how many of the truly nearest items it finds, behind filters too, and what that costs beside JVector.",
  "A request is for 20 items, without the 200 that the person has seen; recall is of the 200 nearest, against comparing all."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato bench serve --items 200000 --json",
    "  sfumato bench serve --items 1000000 --no-peers --work made     builds once, finds the bundle there again"})
final class BenchServeCommand implements Callable<Integer> {
  @Option(names = "--items", paramLabel = "N", defaultValue = "200000", description = "Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--no-peers", description = "Leave the comparison with JVector out: its graph takes longer to build than all the rest.")
  private boolean alone;

  @Option(names = "--work", paramLabel = "DIR", description = "Where the bundle is kept, and found again. Default: a temporary directory, deleted at the end.")
  private @Nullable Path work;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  BenchServeCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    Map<String, Object> figures = ServeBench.run(new ServeBench.Options(items, seed, !alone, work), progress);
    output.print(streams.out(), figures, () -> text(figures));
    return 0;
  }

  private static String text(Map<String, Object> figures) {
    List<List<String>> lines = new ArrayList<>();
    lines("", figures, lines);
    return Text.facts(lines);
  }

  private static void lines(String prefix, Map<?, ?> figures, List<List<String>> lines) {
    figures.forEach((name, value) -> {
      if (value instanceof Map<?, ?> several) {
        lines(prefix + name + " ", several, lines);
      } else if (!(value instanceof List<?>)) {
        lines.add(List.of(prefix + name,
            value instanceof Double number ? String.format(Locale.ROOT, "%.4g", number) : String.valueOf(value)));
      }
    });
  }
}
