package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.privacy.bench.PrivateBench;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times private training against plain training. */
@Command(name = "privacy", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "What a private training step of a perceptron, a ViT and a BERT costs beside a plain one: forward, backward and clipping; a whole step of 8 batches with noise and AdamW; memory.",
  "CPU time of one thread, medians of interleaved runs; about four minutes."}, footerHeading = "%nExample:%n", footer = "  sfumato bench privacy --json")
final class BenchPrivacyCommand implements Callable<Integer> {
  @Option(names = "--iterations", paramLabel = "N", defaultValue = "15", description = "Timed runs of each; of whole steps a fifth. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  BenchPrivacyCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    double noise = PrivateBench.noiseMsPerMillion();
    Map<String, PrivateBench.Timing> timings = PrivateBench.run(iterations);
    Map<String, Object> json = new LinkedHashMap<>();
    timings.forEach((shape, timing) -> json.put(shape, timing.toMap()));
    json.put("noise_ms_per_million", noise);
    output.print(streams.out(), json, () -> Text.table(
        List.of("shape", " plain ms", " private ms", " ratio", " whole step", " memory"),
        timings.entrySet().stream().map(e -> row(e.getKey(), e.getValue())).toList())
        + "noise: " + figure("%.1f", noise) + " ms a million numbers\n");
    return 0;
  }

  private static List<String> row(String shape, PrivateBench.Timing timing) {
    return List.of(shape, figure("%.1f", timing.plainMs()), figure("%.1f", timing.privateMs()),
        figure("%.3f", timing.ratio()), figure("%.3f", timing.fullRatio()), figure("%.2f", timing.memoryRatio()));
  }

  private static String figure(String format, @Nullable Double value) {
    return value == null ? "–" : String.format(Locale.ROOT, format, value);
  }
}
