package io.sfumato.recommend.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final int ROWS = 37;
  private static final int ROUNDS = 1_000;
  private static final int[][] SHAPES = {{39, 48}, {5, 1}, {33, 20}, {64, 24}, {3, 7}};

  private final SplittableRandom random = new SplittableRandom(8);

  @Test
  void withTheVectorApiAndWithoutGiveTheSameBits() {
    for (int[] shape : SHAPES) {
      Network network = network(shape[0], shape[1]);
      float[] matrix = floats(ROWS * shape[0]);
      assertThat(scores(new VectorKernel(), network, matrix)).isEqualTo(scores(new ScalarKernel(), network, matrix));
    }
  }

  /** The first round is interpreted, later ones are compiled by one compiler and then the other. */
  @Test
  void compilingDoesNotChangeABit() {
    Network network = network(39, 48);
    float[] matrix = floats(ROWS * 39);
    for (Network.Kernel kernel : new Network.Kernel[]{new VectorKernel(), new ScalarKernel()}) {
      float[] first = scores(kernel, network, matrix);
      for (int round = 0; round < ROUNDS; round++) {
        assertThat(scores(kernel, network, matrix)).isEqualTo(first);
      }
    }
  }

  /** A candidate's score does not depend on which others it is scored with. */
  @Test
  void rowsAreScoredAlike() {
    Network network = network(33, 20);
    float[] matrix = floats(ROWS * 33);
    float[] all = scores(new VectorKernel(), network, matrix);
    for (int row = 0; row < ROWS; row++) {
      float[] own = new float[33];
      System.arraycopy(matrix, row * 33, own, 0, 33);
      float[] alone = new float[1];
      new VectorKernel().score(network, own, 1, alone);
      assertThat(alone[0]).isEqualTo(all[row]);
    }
  }

  private static float[] scores(Network.Kernel kernel, Network network, float[] matrix) {
    float[] out = new float[ROWS];
    kernel.score(network, matrix, ROWS, out);
    return out;
  }

  private Network network(int inputs, int hidden) {
    return new Network(floats(inputs), floats(inputs * hidden), floats(hidden), floats(hidden));
  }

  private float[] floats(int length) {
    float[] out = new float[length];
    for (int k = 0; k < length; k++) {
      out[k] = (float) random.nextGaussian();
    }
    return out;
  }
}
