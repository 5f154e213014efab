package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.Durability;
import io.sfumato.recommend.ServingOptions;
import io.sfumato.recommend.bench.EncodedPuts;
import io.sfumato.recommend.bench.LiveBench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures answers while the recommender is updated. */
@Command(name = "live", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "How a recommender of a large made catalogue answers while feedback and new items come in: open loop, latencies from the intended arrival, updates on disk when they are acknowledged.",
  "Ends with 1 where the slowest hundredth of the searches takes more than 30 ms, an acknowledged update is not to be seen within 1.5 s, or one is lost when the bundle is opened again."}, footerHeading = "%nExamples:%n", footer = {
    "  sfumato bench live --items 200000 --minutes 10 --json",
    "  sfumato bench live --items 20000 --minutes 1 --swap       another version takes over in the middle",
    "  sfumato bench live --items 20000 --minutes 1 --encode 500   and items that are yet to be encoded"})
final class BenchLiveCommand implements Callable<Integer> {
  @Option(names = "--items", paramLabel = "N", defaultValue = "200000", description = "Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(names = "--minutes", paramLabel = "M", defaultValue = "10", description = "How long. Default: ${DEFAULT-VALUE}.")
  private double minutes;

  @Option(names = "--feedback", paramLabel = "R", defaultValue = "450", description = "Feedback a second. Default: ${DEFAULT-VALUE}.")
  private int feedback;

  @Option(names = "--puts", paramLabel = "R", defaultValue = "50", description = "Items put a second, vectors supplied. Default: ${DEFAULT-VALUE}.")
  private int puts;

  @Option(names = "--searches", paramLabel = "R", defaultValue = "20", description = "Recommendations, similar items and searches by words a second, in turn. Default: ${DEFAULT-VALUE}.")
  private int searches;

  @Option(names = "--swap", description = "Let another version take over in the middle.")
  private boolean swap;

  @Option(names = "--interval", paramLabel = "MS", description = "Have updates on disk after so many milliseconds at the latest, not before they are acknowledged.")
  private @Nullable Integer interval;

  @Option(names = "--encode", paramLabel = "N", description = "Also put so many items with words and a picture and no vectors, one by one and as many together, into a small shop that is trained for it: items a second, CPU milliseconds an item.")
  private int encode;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--work", paramLabel = "DIR", description = "Keeps the made shop for the next run. Default: a new directory for temporary files.")
  private @Nullable Path work;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;
  private final Progress progress;

  @Inject
  BenchLiveCommand(Streams streams, Progress progress) {
    this.streams = streams;
    this.progress = progress;
  }

  @Override
  public Integer call() throws Exception {
    Durability durability = interval == null ? Durability.sync() : Durability.interval(Duration.ofMillis(interval));
    LiveBench.Plan plan = new LiveBench.Plan(items, seed, Duration.ofMillis(Math.round(60_000 * minutes)), feedback,
        puts, searches, swap, ServingOptions.defaults().durability(durability));
    Path place = work == null ? Files.createTempDirectory("sfumato-live") : Files.createDirectories(work);
    Map<String, Object> figures = LiveBench.run(plan, place, progress);
    if (encode > 0) {
      figures.put("encoding", EncodedPuts.run(encode, seed, place, plan.options(), progress));
    }
    output.print(streams.out(), figures, () -> text(figures));
    return Boolean.TRUE.equals(figures.get("passed")) ? 0 : Failures.FAILED;
  }

  private static String text(Map<String, Object> figures) {
    List<List<String>> lines = new ArrayList<>();
    figures.forEach((name, value) -> {
      add(lines, name, value);
    });
    return Text.facts(lines);
  }

  private static void add(List<List<String>> lines, String name, Object value) {
    if (value instanceof Map<?, ?> several) {
      several.forEach((part, figure) -> add(lines, name + " " + part, figure));
    } else {
      lines.add(List.of(name, figure(value)));
    }
  }

  private static String figure(@Nullable Object value) {
    return value instanceof Double number ? String.format(Locale.ROOT, "%.2f", number) : String.valueOf(value);
  }
}
