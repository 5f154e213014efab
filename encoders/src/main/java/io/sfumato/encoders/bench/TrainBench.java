package io.sfumato.encoders.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.bench.BenchModel.Product;
import io.sfumato.encoders.nn.AdamW;
import io.sfumato.encoders.nn.AdamWConfig;
import io.sfumato.encoders.nn.Backward;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a training step takes: as it is, with bfloat16 products, and with low-rank adapters; and how much of it is
 * matrix products. All alternate in one loop, so that noise of the machine meets all; CPU time of the calling thread, one
 * engine thread, medians. The memory of a step is measured apart ({@link StepMemory}).
 */
public final class TrainBench {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 2;
  private static final double LEARNING_RATE = 1e-5;

  /** The two ways of training that stand beside the plain one, as {@link FineTuning} and {@link Precision} read them. */
  static final FineTuning ADAPTERS = FineTuning.lora(8);

  /**
   * Medians of one shape, in milliseconds of CPU time.
   *
   * @param forwardBackwardMs forward and backward pass
   * @param stepMs the same, the optimiser's step (fused AdamW) and the zeroing of gradients
   * @param gemmMs the matrix products of a forward and backward pass alone
   * @param bfloat16StepMs a step with bfloat16 products
   * @param adapterStepMs a step in which adapters of rank 8 beside queries and values learn and nothing else
   * @param adapterMemoryRatio peak resident memory of such a step above idle, as a multiple of a plain step's; null where
   *     the operating system does not tell
   */
  public record Timing(double forwardBackwardMs, double stepMs, double gemmMs, double bfloat16StepMs,
      double adapterStepMs, @Nullable Double adapterMemoryRatio) {
    /** How many times the throughput bfloat16 has. */
    public double bfloat16Speedup() {
      return stepMs / bfloat16StepMs;
    }

    /** The time of a step of adapters as a multiple of a full one's. */
    public double adapterRatio() {
      return adapterStepMs / stepMs;
    }

    /** The figures by the names that reports use. */
    public Map<String, @Nullable Double> toMap() {
      Map<String, @Nullable Double> map = new LinkedHashMap<>();
      map.put("forward_backward_ms", forwardBackwardMs);
      map.put("step_ms", stepMs);
      map.put("gemm_ms", gemmMs);
      map.put("bfloat16_step_ms", bfloat16StepMs);
      map.put("bfloat16_speedup", bfloat16Speedup());
      map.put("lora_step_ms", adapterStepMs);
      map.put("lora_ratio", adapterRatio());
      map.put("lora_memory_ratio", adapterMemoryRatio);
      return map;
    }
  }

  private TrainBench() {}

  /**
   * Times the BERT and the ViT shape of {@link BenchModel}; about two minutes at 15 iterations.
   *
   * @param iterations timed ones a figure, at least 1
   * @return timings by the shape's name
   */
  public static Map<String, Timing> run(int iterations) {
    Map<String, Timing> timings = new LinkedHashMap<>();
    for (String shape : List.of("bert", "vit")) {
      timings.put(shape, time(() -> open(shape), iterations, memoryRatio(shape)));
    }
    return timings;
  }

  static BenchModel open(String shape) {
    return switch (shape) {
      case "bert" -> BenchModel.bert();
      case "vit" -> BenchModel.vit();
      default -> throw new IllegalArgumentException("shapes are bert and vit, not '" + shape + "'");
    };
  }

  private static @Nullable Double memoryRatio(String shape) {
    Double full = StepMemory.kilobytes(TrainBenchSteps.class, shape + " " + FineTuning.full());
    Double adapters = StepMemory.kilobytes(TrainBenchSteps.class, shape + " " + ADAPTERS);
    return full == null || adapters == null ? null : Double.valueOf(adapters / full);
  }

  /** Times one shape. */
  static Timing time(Supplier<BenchModel> made, int iterations, @Nullable Double memoryRatio) {
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations must be at least 1 but was " + iterations);
    }
    TensorRuntime runtime = TensorRuntime.get();
    int threads = runtime.threads();
    runtime.setThreads(1);
    try (Trained plain = new Trained(made.get());
        Trained narrow = new Trained(made.get());
        Trained adapted = new Trained(made.get());
        Products products = new Products(plain.model)) {
      narrow.model.backbone().setPrecision(Precision.BFLOAT16);
      adapted.model.backbone().setTraining(ADAPTERS);
      double[] medians = medians(iterations, plain::forwardBackward, plain::step, products::run, narrow::step,
          adapted::step);
      return new Timing(medians[0], medians[1], medians[2], medians[3], medians[4], memoryRatio);
    } finally {
      runtime.setThreads(threads);
    }
  }

  /** A model and its optimiser, made when the model's parameters are those that learn. */
  private static final class Trained implements AutoCloseable {
    private final BenchModel model;
    private @Nullable AdamW optimizer;

    Trained(BenchModel model) {
      this.model = model;
    }

    void forwardBackward() {
      try (Scope scope = TensorRuntime.get().scope()) {
        Backward.run(model.loss(scope, null));
      }
    }

    void step() {
      if (optimizer == null) {
        optimizer = new AdamW(model.parameters(), AdamWConfig.DEFAULT);
      }
      forwardBackward();
      optimizer.step(LEARNING_RATE);
      optimizer.zeroGradients();
    }

    @Override
    public void close() {
      if (optimizer != null) {
        optimizer.close();
      }
      model.close();
    }
  }

  /** Medians of the CPU milliseconds of each work, all run in turn. */
  private static double[] medians(int iterations, Runnable... works) {
    List<List<Double>> times = new ArrayList<>();
    for (int i = -WARM_UP; i < iterations; i++) {
      for (int w = 0; w < works.length; w++) {
        if (times.size() == w) {
          times.add(new ArrayList<>());
        }
        double ms = milliseconds(works[w]);
        if (i >= 0) {
          times.get(w).add(ms);
        }
      }
    }
    return times.stream().mapToDouble(TrainBench::median).toArray();
  }

  private static double milliseconds(Runnable work) {
    long start = CLOCK.getCurrentThreadCpuTime();
    work.run();
    return (CLOCK.getCurrentThreadCpuTime() - start) / 1e6;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The operands of a model's products, and their multiplication. */
  private static final class Products implements AutoCloseable {
    private final Scope scope = TensorRuntime.get().scope();
    private final Map<Product, List<NDArray>> operands = new LinkedHashMap<>();

    Products(BenchModel model) {
      for (Product product : model.products()) {
        operands.put(product, List.of(ones(product.batch(), product.m(), product.k()),
            ones(product.batch(), product.k(), product.n())));
      }
    }

    private NDArray ones(long batch, long rows, long columns) {
      return scope.manager().ones(batch == 1 ? new Shape(rows, columns) : new Shape(batch, rows, columns));
    }

    void run() {
      try (GradMode off = TensorRuntime.get().inference()) {
        operands.forEach((product, pair) -> {
          for (int i = 0; i < product.count(); i++) {
            pair.get(0).matMul(pair.get(1)).close();
          }
        });
      }
    }

    @Override
    public void close() {
      scope.close();
    }
  }
}
