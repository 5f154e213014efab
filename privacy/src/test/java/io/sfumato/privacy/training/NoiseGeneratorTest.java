package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.accounting.NoiseSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The distribution of the noise, in both implementations, and the grid that released numbers lie on. */
@ExtendWith(OneThread.class)
class NoiseGeneratorTest {
  private static final int CHUNK = 1_000_000;

  @Test
  void aHundredMillionDrawsInTensorsAreNormal() {
    NoiseGenerator noise = NoiseGenerator.secure();
    NormalStatistics statistics = new NormalStatistics();
    try (Scope scope = TensorRuntime.get().scope()) {
      for (int chunk = 0; chunk < 100; chunk++) {
        try (Scope inner = scope.child()) {
          NDArray draws = inner.manager().zeros(new Shape(CHUNK));
          noise.addInto(inner, draws, 1);
          float[] values = draws.toFloatArray();
          statistics.add(values);
        }
      }
    }
    statistics.check();
  }

  @Test
  void tenMillionDrawsInJavaAreNormal() {
    NoiseGenerator noise = NoiseGenerator.secure();
    NormalStatistics statistics = new NormalStatistics();
    for (int chunk = 0; chunk < 10; chunk++) {
      statistics.add(draws(noise, CHUNK));
    }
    statistics.check();
  }

  @Test
  void theWholeDistributionIsNormal() {
    assertThat(NormalStatistics.kolmogorovSmirnov(draws(NoiseGenerator.secure(), CHUNK))).isLessThan(3.5);
    assertThat(NormalStatistics.kolmogorovSmirnov(draws(NoiseGenerator.secure(4), CHUNK))).isLessThan(3.5);
    double[] wider = draws(NoiseGenerator.secure(), CHUNK);
    for (int i = 0; i < wider.length; i++) {
      wider[i] *= 1.03;
    }
    assertThat(NormalStatistics.kolmogorovSmirnov(wider)).as("three percent wider is seen").isGreaterThan(3.5);
  }

  @Test
  void theTwoNormalsOfAPairAreIndependent() {
    int n = GaussianNoise.CHUNK;
    double product = 0;
    double squares = 0;
    int rounds = 60;
    NoiseGenerator noise = NoiseGenerator.secure();
    for (int round = 0; round < rounds; round++) {
      double[] z = draws(noise, n);
      for (int i = 0; i < n / 2; i++) {
        double cosine = z[i];
        double sine = z[n / 2 + i];
        product += cosine * sine;
        squares += (cosine * cosine - 1) * (sine * sine - 1);
      }
    }
    double pairs = rounds * n / 2.0;
    assertThat(product / pairs).isCloseTo(0, within(7 / Math.sqrt(pairs)));
    assertThat(squares / pairs).isCloseTo(0, within(7 * 2 / Math.sqrt(pairs)));
  }

  @Test
  void sumsOfFourNormalsAreNormal() {
    NoiseGenerator noise = NoiseGenerator.secure(4);
    NormalStatistics statistics = new NormalStatistics();
    statistics.add(draws(noise, CHUNK));
    try (Scope scope = TensorRuntime.get().scope()) {
      statistics.add(noise.addTo(scope, scope.manager().zeros(new Shape(CHUNK)), 1).toFloatArray());
    }
    statistics.check();
    assertThat(noise.mode()).contains("sums of 4 normals");
    assertThat(NoiseGenerator.secure().mode()).contains("AES-256-CTR").doesNotContain("sums");
    assertThatThrownBy(() -> NoiseGenerator.secure(0)).hasMessageContaining("were 0");
  }

  @Test
  void secureRunsDifferAndSeededOnesRepeatAndSaySo() {
    assertThat(draws(NoiseGenerator.secure(), 1000)).isNotEqualTo(draws(NoiseGenerator.secure(), 1000));
    assertThat(draws(NoiseGenerator.seeded(7), 1000)).isEqualTo(draws(NoiseGenerator.seeded(7), 1000));
    assertThat(draws(NoiseGenerator.seeded(7), 1000)).isNotEqualTo(draws(NoiseGenerator.seeded(8), 1000));
    NoiseGenerator one = NoiseGenerator.seeded(7);
    assertThat(draws(one, 1000)).as("the counter goes on").isNotEqualTo(draws(one, 1000));
    assertThat(NoiseGenerator.secure().source()).isEqualTo(NoiseSource.SECURE);
    assertThat(NoiseGenerator.seeded(7).source()).isEqualTo(NoiseSource.SEEDED);
    assertThat(NoiseGenerator.seeded(7).mode()).contains("seed");
  }

  @Test
  void bothImplementationsGiveTheSameNumbers() {
    for (int size : new int[]{1, 2, 7, GaussianNoise.CHUNK, GaussianNoise.CHUNK + 3, 3 * GaussianNoise.CHUNK + 1}) {
      double deviation = 0.37;
      double[] java = new double[size];
      Arrays.fill(java, 1.25);
      NoiseGenerator.seeded(3).add(java, deviation);
      try (Scope scope = TensorRuntime.get().scope()) {
        NDArray sums = scope.manager().full(new Shape(size), 1.25f, DataType.FLOAT32);
        float[] tensor = NoiseGenerator.seeded(3).addTo(scope, sums, deviation).toFloatArray();
        int apart = 0;
        for (int i = 0; i < size; i++) {
          assertThat((double) tensor[i]).isCloseTo(java[i], within(1.01 * deviation / 65536));
          apart += tensor[i] == (float) java[i] ? 0 : 1;
        }
        assertThat(apart).as("of " + size + " on another grid point").isLessThan(1 + size / 10_000);
        assertThat(sums.toFloatArray()[0]).as("addTo leaves the sums alone").isEqualTo(1.25f);
      }
    }
  }

  @Test
  void releasedNumbersLieOnAGridThatIsTheSameForAllData() {
    double deviation = 0.7310585;
    double grid = deviation / 65536;
    for (double sum : new double[]{0, 0.1, -3.3e-9, 1234.567, 1e-300}) {
      double[] sums = new double[20_000];
      Arrays.fill(sums, sum);
      double[] naive = new double[sums.length];
      double[] z = draws(NoiseGenerator.secure(), sums.length);
      int naiveOffGrid = 0;
      NoiseGenerator.secure().add(sums, deviation);
      long[] lowBits = new long[16];
      for (int i = 0; i < sums.length; i++) {
        double k = Math.rint(sums[i] / grid);
        assertThat(k * grid).isEqualTo(sums[i]);
        lowBits[(int) Math.floorMod((long) k, 16L)]++;
        naive[i] = sum + z[i] * deviation * 0.999;
        naiveOffGrid += Math.rint(naive[i] / grid) * grid == naive[i] ? 0 : 1;
      }
      assertThat(naiveOffGrid).as("plain addition is off the grid, so the check can fail").isGreaterThan(19_000);
      for (long count : lowBits) { // every class of the grid is reached alike, wherever the sum lies between two points
        assertThat((double) count).isCloseTo(sums.length / 16.0, within(7 * Math.sqrt(sums.length / 16.0)));
      }
      try (Scope scope = TensorRuntime.get().scope()) {
        NDArray given = scope.manager().full(new Shape(20_000), (float) sum, DataType.FLOAT32);
        for (float value : NoiseGenerator.secure().addTo(scope, given, deviation).toFloatArray()) {
          assertThat((float) (Math.rint(value / grid) * grid)).as("float32 of a grid point").isEqualTo(value);
        }
      }
    }
  }

  @Test
  void sumsBeyondTheGridsReachAreClamped() {
    double[] sums = {1e300, -1e300, Double.MAX_VALUE};
    NoiseGenerator.secure().add(sums, 2);
    assertThat(sums[0]).isCloseTo(0x1p37, within(20.0));
    assertThat(sums[1]).isCloseTo(-0x1p37, within(20.0));
    try (Scope scope = TensorRuntime.get().scope()) {
      NDArray noisy = NoiseGenerator.secure().addTo(scope, scope.floats(new float[]{3e38f, -3e38f, 5}, 3), 2);
      assertThat(noisy.toFloatArray()[0]).isEqualTo(0x1p37f);
      assertThat(noisy.toFloatArray()[1]).isEqualTo(-0x1p37f);
      assertThat(noisy.toFloatArray()[2]).isBetween(-13f, 23f);
    }
  }

  @Test
  void shapesStayAndNoDeviationIsNoNoise() {
    try (Scope scope = TensorRuntime.get().scope()) {
      NDArray sums = scope.floats(new float[]{1, 2, 3, 4, 5, 6}, 2, 3);
      NoiseGenerator noise = NoiseGenerator.secure();
      assertThat(noise.addTo(scope, sums, 1).getShape()).isEqualTo(new Shape(2, 3));
      assertThat(noise.addTo(scope, sums, 0).toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
      double[] plain = {1, 2};
      noise.add(plain, 0);
      assertThat(plain).containsExactly(1, 2);
      for (double bad : List.of(-1.0, Double.NaN, Double.POSITIVE_INFINITY)) {
        assertThatThrownBy(() -> noise.add(plain, bad)).hasMessageContaining("but was " + bad);
        assertThatThrownBy(() -> noise.addInto(scope, sums, bad)).hasMessageContaining("but was " + bad);
      }
      noise.add(new double[0], 1);
      assertThat(noise.addTo(scope, scope.manager().zeros(new Shape(0)), 1).size()).isZero();
    }
  }

  private static double[] draws(NoiseGenerator noise, int n) {
    double[] draws = new double[n];
    noise.add(draws, 1);
    return draws;
  }
}
