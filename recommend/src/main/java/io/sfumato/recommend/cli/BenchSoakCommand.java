package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.bench.SoakBench;
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

/** Asks one recommender very much. */
@Command(name = "soak", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "Whether a recommender stays well over very many requests of many clients at once: none fails, every answer is bit for bit that of a single client, and neither Java's objects, nor the process, nor the engine's arrays grow by more than a hundredth over the second half.",
  "Exit code 1 where one of these does not hold."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato bench soak --items 200000 --json",
    "  sfumato bench soak --requests 50000 --work made     a short one, on the shop of 'bench serve --work'"})
final class BenchSoakCommand implements Callable<Integer> {
  @Option(names = "--items", paramLabel = "N", defaultValue = "200000", description = "Of the made shop. Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(names = "--requests", paramLabel = "N", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
  private int requests;

  @Option(names = "--clients", paramLabel = "N", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--work", paramLabel = "DIR", description = "Where the bundle is kept, and found again. Default: a temporary directory, deleted at the end.")
  private @Nullable Path work;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  BenchSoakCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    Map<String, Object> figures = SoakBench.run(new SoakBench.Options(items, requests, clients, seed, work), progress);
    output.print(streams.out(), figures, () -> text(figures));
    return Boolean.TRUE.equals(figures.get("passed")) ? 0 : 1;
  }

  private static String text(Map<String, Object> figures) {
    List<List<String>> lines = new ArrayList<>();
    figures.forEach((name, value) -> {
      if (value instanceof Map<?, ?> counted) {
        lines.add(List.of(name, "%s in the middle, %s at the end".formatted(whole(counted.get("middle")),
            whole(counted.get("end")))));
      } else {
        lines.add(List.of(name,
            value instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : String.valueOf(value)));
      }
    });
    return Text.facts(lines);
  }

  private static String whole(@Nullable Object number) {
    return number instanceof Double value ? String.format(Locale.ROOT, "%,.0f", value) : String.valueOf(number);
  }
}
