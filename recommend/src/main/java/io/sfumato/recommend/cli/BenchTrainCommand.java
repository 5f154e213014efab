package io.sfumato.recommend.cli;

import com.google.inject.Inject;
import io.sfumato.encoders.bench.TrainBench;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times a training step. */
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false, description = {
  "How long a training step of a BERT and of a ViT takes: forward and backward, the whole step with AdamW, the matrix products alone, a step with bfloat16 products, and one of low-rank adapters with its memory.",
  "CPU time of one thread, medians of interleaved runs; about two minutes."}, footerHeading = "%nExample:%n", footer = "  sfumato bench train --json")
final class BenchTrainCommand implements Callable<Integer> {
  @Option(names = "--iterations", paramLabel = "N", defaultValue = "15", description = "Timed runs of each. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private OutputOptions output;

  private final Streams streams;

  @Inject
  BenchTrainCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    Map<String, TrainBench.Timing> timings = TrainBench.run(iterations);
    Map<String, Object> json = new LinkedHashMap<>();
    timings.forEach((shape, timing) -> json.put(shape, timing.toMap()));
    output.print(streams.out(), json, () -> Text.table(
        List.of("shape", " f+b ms", " step ms", " step ÷ f+b", " products ms", " bfloat16 step", " faster",
            " lora step",
            " ÷ full", " memory ÷ full"),
        timings.entrySet().stream().map(e -> row(e.getKey(), e.getValue())).toList()));
    return 0;
  }

  private static List<String> row(String shape, TrainBench.Timing timing) {
    return List.of(shape, figure("%.1f", timing.forwardBackwardMs()), figure("%.1f", timing.stepMs()),
        figure("%.3f", timing.stepMs() / timing.forwardBackwardMs()), figure("%.1f", timing.gemmMs()),
        figure("%.1f", timing.bfloat16StepMs()), figure("%.2f×", timing.bfloat16Speedup()),
        figure("%.1f", timing.adapterStepMs()), figure("%.2f", timing.adapterRatio()),
        figure("%.2f", timing.adapterMemoryRatio()));
  }

  private static String figure(String format, @Nullable Double value) {
    return value == null ? "–" : String.format(Locale.ROOT, format, value);
  }
}
