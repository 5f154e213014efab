package io.sfumato.privacy.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.bench.BenchModel;
import io.sfumato.encoders.bench.StepMemory;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.privacy.training.PrivateStep;
import io.sfumato.privacy.training.Sensitivity;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a private training step costs beside a plain one, on the shapes of {@link BenchModel}. Three comparisons: forward,
 * backward, norms and clipped sums against forward and backward; a whole logical step of {@value #PHYSICAL_BATCHES}
 * physical batches, one draw of secure noise and AdamW against as many accumulated plain batches and AdamW; and the memory
 * that a step takes ({@link StepMemory}). The two sides alternate in one loop, so that noise of the machine meets both; CPU
 * time of the calling thread, one engine thread, medians.
 */
public final class PrivateBench {
  /** Physical batches of a logical step. */
  public static final int PHYSICAL_BATCHES = 8;

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
  private static final double LEARNING_RATE = 1e-5;
  private static final int NORMALS = 4_000_000;
  /** The perceptron's steps take milliseconds: more of them cost nothing and settle its medians. */
  private static final int MORE_OF_THE_PERCEPTRON = 20;

  /**
   * Medians of one shape, in milliseconds of CPU time.
   *
   * @param plainMs forward and backward pass
   * @param privateMs the same, the norms, and the clipped sums added to what the step holds
   * @param plainFullMs a logical step: accumulated batches and AdamW
   * @param privateFullMs a logical step: accumulated private batches, noise and AdamW
   * @param memoryRatio peak resident memory of a private step above idle, as a multiple of a plain step's; null where the
   *     operating system does not tell
   */
  public record Timing(double plainMs, double privateMs, double plainFullMs, double privateFullMs,
      @Nullable Double memoryRatio) {
    /** Private against plain forward and backward. */
    public double ratio() {
      return privateMs / plainMs;
    }

    /** Private against plain logical step. */
    public double fullRatio() {
      return privateFullMs / plainFullMs;
    }

    /** The figures by the names that reports use. */
    public Map<String, @Nullable Double> toMap() {
      Map<String, @Nullable Double> map = new LinkedHashMap<>();
      map.put("plain_ms", plainMs);
      map.put("private_ms", privateMs);
      map.put("ratio", ratio());
      map.put("plain_full_ms", plainFullMs);
      map.put("private_full_ms", privateFullMs);
      map.put("full_ratio", fullRatio());
      map.put("memory_ratio", memoryRatio);
      return map;
    }
  }

  /** The three shapes. */
  enum Kind {
    MLP, VIT, BERT;

    BenchModel open() {
      return switch (this) {
        case MLP -> BenchModel.mlp();
        case VIT -> BenchModel.vit();
        case BERT -> BenchModel.bert();
      };
    }
  }

  private PrivateBench() {}

  /**
   * Times all three shapes; about three minutes at 15 iterations.
   *
   * @param iterations timed ones of forward and backward, at least 1; logical steps are timed a fifth as often
   * @return timings by the shape's name
   */
  public static Map<String, Timing> run(int iterations) {
    Map<String, Timing> timings = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      Timing timing = time(kind, kind == Kind.MLP ? MORE_OF_THE_PERCEPTRON * iterations : iterations);
      timings.put(kind.name().toLowerCase(Locale.ROOT), timing);
    }
    return timings;
  }

  static Timing time(Kind kind, int iterations) {
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations must be at least 1 but was " + iterations);
    }
    Double plain = StepMemory.kilobytes(PrivateBenchSteps.class, kind + " plain");
    Double secret = StepMemory.kilobytes(PrivateBenchSteps.class, kind + " private");
    Double memory = plain == null || secret == null ? null : Double.valueOf(secret / plain);
    TensorRuntime runtime = TensorRuntime.get();
    int threads = runtime.threads();
    runtime.setThreads(1);
    try (BenchModel model = kind.open();
        AdamW plainOptimizer = new AdamW(model.parameters(), AdamWConfig.DEFAULT);
        AdamW privateOptimizer = new AdamW(model.parameters(), AdamWConfig.DEFAULT);
        PrivateStep step = step(model)) {
      double[] batch = medians(2, iterations, () -> plainBatch(model), () -> privateBatch(model, step));
      double[] full = medians(1, Math.max(1, iterations / 5), () -> plainStep(model, plainOptimizer),
          () -> privateStep(model, step, privateOptimizer));
      return new Timing(batch[0], batch[1], full[0], full[1], memory);
    } finally {
      runtime.setThreads(threads);
    }
  }

  /** Milliseconds of CPU time that a million secure normals on a tensor take, median of 7. */
  public static double noiseMsPerMillion() {
    TensorRuntime runtime = TensorRuntime.get();
    int threads = runtime.threads();
    runtime.setThreads(1);
    try (Scope scope = runtime.scope()) {
      NoiseGenerator noise = NoiseGenerator.secure();
      NDArray sums = scope.manager().zeros(new Shape(NORMALS));
      return medians(2, 7, () -> noise.addInto(scope, sums, 1))[0] * 1e6 / NORMALS;
    } finally {
      runtime.setThreads(threads);
    }
  }

  /** A clip of 1 is active for all examples of these models at their first values; the clipping costs the same if not. */
  static PrivateStep step(BenchModel model) {
    return PrivateStep.builder(model.parameters())
        .sensitivity(Sensitivity.record(1))
        .sigma(1)
        .expectedUnits((double) PHYSICAL_BATCHES * model.examples())
        .build();
  }

  static void plainBatch(BenchModel model) {
    try (Scope scope = TensorRuntime.get().scope()) {
      Backward.run(model.loss(scope, null));
    }
  }

  static void privateBatch(BenchModel model, PrivateStep step) {
    try (Scope scope = TensorRuntime.get().scope()) {
      Tape tape = step.tape(scope, model.examples());
      step.accumulate(scope, tape, model.loss(scope, tape));
    }
  }

  private static void plainStep(BenchModel model, AdamW optimizer) {
    for (int i = 0; i < PHYSICAL_BATCHES; i++) {
      plainBatch(model);
    }
    optimizer.step(LEARNING_RATE);
    optimizer.zeroGradients();
  }

  private static void privateStep(BenchModel model, PrivateStep step, AdamW optimizer) {
    for (int i = 0; i < PHYSICAL_BATCHES; i++) {
      privateBatch(model, step);
    }
    try (Scope scope = TensorRuntime.get().scope()) {
      optimizer.step(LEARNING_RATE, step.release(scope));
    }
  }

  /** Medians of the CPU milliseconds of each work, all run in turn. */
  private static double[] medians(int warmUp, int iterations, Runnable... works) {
    List<List<Double>> times = new ArrayList<>();
    for (int i = -warmUp; i < iterations; i++) {
      for (int w = 0; w < works.length; w++) {
        if (times.size() == w) {
          times.add(new ArrayList<>());
        }
        long start = CLOCK.getCurrentThreadCpuTime();
        works[w].run();
        double ms = (CLOCK.getCurrentThreadCpuTime() - start) / 1e6;
        if (i >= 0) {
          times.get(w).add(ms);
        }
      }
    }
    return times.stream().mapToDouble(PrivateBench::median).toArray();
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
