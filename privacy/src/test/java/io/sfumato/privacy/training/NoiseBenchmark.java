package io.sfumato.privacy.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * CPU time of one thread for a million numbers with noise, medians of 15 after 5 to warm up. The two to compare are
 * tensor and Java: the tensor path is what a private step runs. From the repository's root:
 *
 * <pre>
 * mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath -pl privacy -am
 * java --enable-native-access=ALL-UNNAMED -cp
 * privacy/target/classes:privacy/target/test-classes:encoders/target/classes:$(cat privacy/target/classpath) \
 * io.sfumato.privacy.training.NoiseBenchmark
 * </pre>
 */
final class NoiseBenchmark {
  private static final int N = 1_000_000;

  private NoiseBenchmark() {}

  /** Prints the timings. */
  public static void main(String[] arguments) {
    TensorRuntime.get().setThreads(1);
    print("tensor, default", () -> tensor(NoiseGenerator.secure()));
    print("tensor, sums of 4", () -> tensor(NoiseGenerator.secure(4)));
    print("Java, default", () -> {
      NoiseGenerator noise = NoiseGenerator.secure();
      double[] sums = new double[N];
      return () -> noise.add(sums, 1);
    });
  }

  private static Runnable tensor(NoiseGenerator noise) {
    return () -> {
      try (Scope scope = TensorRuntime.get().scope()) {
        NDArray sums = scope.manager().zeros(new Shape(N));
        noise.addInto(scope, sums, 1);
      }
    };
  }

  private static void print(String name, Supplier<Runnable> made) {
    Runnable run = made.get();
    double[] millis = new double[20];
    for (int i = 0; i < millis.length; i++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      run.run();
      millis[i] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e6;
    }
    double[] timed = Arrays.copyOfRange(millis, 5, millis.length);
    Arrays.sort(timed);
    System.out.printf(Locale.ROOT, "%-20s %.1f ms a million%n", name, timed[timed.length / 2]);
  }
}
