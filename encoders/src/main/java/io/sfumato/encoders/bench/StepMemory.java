package io.sfumato.encoders.bench;

import io.sfumato.encoders.runtime.TensorRuntime;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much resident memory a training step takes at its peak, above what the idle process has. Each is measured in a
 * process of its own, with a heap that is touched at the start and an allocator told to hand freed memory back at once, so
 * that the figure is that of living arrays. Linux tells the peak since a reset ({@code VmHWM}, reset through
 * {@code clear_refs}); where that is not allowed the present size is sampled instead; elsewhere there is no figure.
 */
public final class StepMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final int STEPS = 5;

  /** A step to be measured, made in the process of its own by a public constructor without arguments. */
  public interface Steps {
    /**
     * Makes the model.
     *
     * @param kind as given to {@link StepMemory#kilobytes}
     */
    Step open(String kind);
  }

  /** A model and its step. */
  public interface Step extends AutoCloseable {
    /** Runs one step. */
    void run();

    @Override
    void close();
  }

  private StepMemory() {}

  /**
   * The peak of a step in kB, median of a few; null where it cannot be measured.
   *
   * @param steps has a public constructor without arguments
   * @param kind told to it
   */
  public static @Nullable Double kilobytes(Class<? extends Steps> steps, String kind) {
    if (!Files.isReadable(STATUS)) {
      return null;
    }
    try {
      return measured(steps, kind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts {@link #main} in a process of its own; null when it gives no figure. */
  private static @Nullable Double measured(Class<? extends Steps> steps, String kind) throws IOException {
    Path figure = Files.createTempFile("sfumato-memory", ".txt");
    List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Dai.djl.offline=true", "-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch",
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
        StepMemory.class.getName(), steps.getName(), kind, figure.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment()
        .putAll(Map.of("MALLOC_MMAP_THRESHOLD_", "16384", "MALLOC_TRIM_THRESHOLD_", "16384", "MALLOC_TOP_PAD_", "0",
            "MALLOC_ARENA_MAX", "1", "OMP_NUM_THREADS", "1"));
    builder.redirectInput(new File("/dev/null"));
    try {
      return builder.start().waitFor() == 0 ? Double.valueOf(Files.readString(figure)) : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      Files.delete(figure);
    }
  }

  /**
   * Finds the median over a few steps of the peak above the process that has the model and no gradients yet.
   *
   * @param args the class of the steps, the kind, and the file that the figure is written to, in kB
   */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    TensorRuntime.get().setThreads(1);
    Steps steps = Class.forName(args[0]).asSubclass(Steps.class).getConstructor().newInstance();
    // What the first steps of a process load and compile is no step's memory.
    peaks(steps, args[1]);
    List<Double> sorted = peaks(steps, args[1]).stream().sorted().toList();
    Files.writeString(Path.of(args[2]), Double.toString(sorted.get(sorted.size() / 2)));
  }

  private static List<Double> peaks(Steps steps, String kind) {
    List<Double> peaks = new ArrayList<>();
    try (Step step = steps.open(kind)) {
      settle();
      double idle = resident("VmRSS:");
      for (int i = 0; i < STEPS; i++) {
        Peak peak = Peak.start();
        step.run();
        peaks.add(peak.stop() - idle);
      }
    }
    return peaks;
  }

  /** Lets the buffers that the model's values came through go. */
  private static void settle() {
    try {
      for (int i = 0; i < 3; i++) {
        System.gc();
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double resident(String field) {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(field)) {
          return Double.parseDouble(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("no " + field + " in " + STATUS);
  }

  /** The greatest resident size between start and stop. */
  private static final class Peak {
    private volatile double sampled;
    private volatile boolean over;
    private @Nullable Thread sampler;

    static Peak start() {
      Peak peak = new Peak();
      try {
        Files.writeString(CLEAR, "5");
      } catch (IOException e) {
        peak.sampler = Thread.ofPlatform().daemon().start(peak::sample);
      }
      return peak;
    }

    private void sample() {
      while (!over) {
        sampled = Math.max(sampled, resident("VmRSS:"));
        Thread.onSpinWait();
      }
    }

    double stop() {
      over = true;
      return sampler == null ? resident("VmHWM:") : sampled;
    }
  }
}
