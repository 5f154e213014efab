package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Both kernels compute what plain loops compute. */
class KernelTest {
  private static final List<Kernel> KERNELS = List.of(new VectorKernel(), new ScalarKernel());

  @Property(tries = 30, seed = "1")
  void productsOfSixUsersAndAPanel(@ForAll long seed, @ForAll @IntRange(min = 1, max = 70) int dim) {
    for (Kernel kernel : KERNELS) {
      SplittableRandom random = new SplittableRandom(seed);
      int width = kernel.panel();
      float[] users = Made.normal(random, 1, 3 + dim * Kernel.USERS)[0];
      float[] items = Made.normal(random, 1, 5 + dim * width)[0];
      int stride = width + 7;
      float[] out = new float[2 + Kernel.USERS * stride];
      kernel.products(users, 3, items, 5, dim, out, 2, stride);
      for (int u = 0; u < Kernel.USERS; u++) {
        for (int i = 0; i < width; i++) {
          double expected = 0;
          for (int d = 0; d < dim; d++) {
            expected += (double) users[3 + d * Kernel.USERS + u] * items[5 + d * width + i];
          }
          assertThat((double) out[2 + u * stride + i]).isCloseTo(expected, within(1e-4));
        }
      }
    }
  }

  @Property(tries = 100, seed = "2")
  void whatIsAboveAndWhatIsBelow(@ForAll long seed, @ForAll @IntRange(max = 100) int length) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = length == 0 ? new float[0] : Made.scores(random, 1, length)[0];
    int from = length == 0 ? 0 : random.nextInt(length);
    for (float bound : new float[]{Float.NEGATIVE_INFINITY, 1, 2, 3, Float.POSITIVE_INFINITY}) {
      int first = from;
      while (first < length && !(values[first] > bound)) {
        first++;
      }
      long below = 0;
      for (int i = from; i < length; i++) {
        below += values[i] < bound ? 2 : values[i] == bound ? 1 : 0;
      }
      for (Kernel kernel : KERNELS) {
        assertThat(kernel.firstAbove(values, from, length, bound)).isEqualTo(first);
        assertThat(kernel.twiceBelow(values, from, length, bound)).isEqualTo(below);
      }
    }
  }
}
