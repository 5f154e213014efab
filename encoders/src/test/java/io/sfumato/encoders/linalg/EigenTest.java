package io.sfumato.encoders.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EigenTest {
  @Test
  void ofATwoByTwoMatrixByHand() {
    // [[2, 1], [1, 2]]: 3 with (1, 1)/√2 and 1 with (1, −1)/√2
    Eigen eigen = Eigen.leading(new float[]{2, 1, 1, 2}, 2, 2, 0, 30, 1);
    assertThat(eigen.values()).containsExactly(new double[]{3, 1}, within(1e-5));
    assertThat(Math.abs(eigen.vectors()[0][0])).isCloseTo((float) Math.sqrt(0.5), within(1e-4f));
    assertThat(eigen.vectors()[0][0]).isCloseTo(eigen.vectors()[0][1], within(1e-4f));
    assertThat(eigen.vectors()[1][0]).isCloseTo(-eigen.vectors()[1][1], within(1e-4f));
  }

  @Test
  void aPlantedDirectionComesFirstAndTheMostNegativeOneNever() {
    int n = 60;
    SplittableRandom random = new SplittableRandom(4);
    float[] planted = unit(random, n);
    float[] negative = unit(random, n);
    float[] matrix = new float[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i * n + j] = 5 * planted[i] * planted[j] - 9 * negative[i] * negative[j];
      }
    }
    Eigen eigen = Eigen.leading(matrix, n, 3, 9, 60, 2);
    double along = 0;
    for (int i = 0; i < n; i++) {
      along += eigen.vectors()[0][i] * planted[i];
      double image = 0;
      for (int j = 0; j < n; j++) {
        image += matrix[i * n + j] * eigen.vectors()[0][j];
      }
      assertThat(image).isCloseTo(eigen.values()[0] * eigen.vectors()[0][i], within(1e-3));
    }
    assertThat(Math.abs(along)).isGreaterThan(0.95); // the two are not quite at a right angle
    assertThat(eigen.values()[1]).isCloseTo(0, within(1e-3));
  }

  @Test
  void anOperatorHasTheEigenvaluesOfItsMatrix() {
    int n = 40;
    SplittableRandom random = new SplittableRandom(6);
    float[] matrix = new float[n * n]; // a sum of outer products: positive semi-definite
    for (int rank = 1; rank <= 6; rank++) {
      float[] direction = unit(random, n);
      for (int i = 0; i < n * n; i++) {
        matrix[i] += rank * direction[i / n] * direction[i % n];
      }
    }
    Eigen written = Eigen.leading(matrix, n, 4, 0, 30, 1);
    Eigen multiplied = Eigen.leading((vectors, width) -> {
      float[] products = new float[n * width];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          for (int k = 0; k < width; k++) {
            products[i * width + k] += matrix[i * n + j] * vectors[j * width + k];
          }
        }
      }
      return products;
    }, n, 4, 30, 2);
    for (int k = 0; k < 4; k++) {
      assertThat(multiplied.values()[k]).isCloseTo(written.values()[k], within(1e-4));
      double along = 0;
      for (int i = 0; i < n; i++) {
        along += multiplied.vectors()[k][i] * written.vectors()[k][i];
      }
      assertThat(Math.abs(along)).isCloseTo(1, within(1e-3));
    }
    assertThatThrownBy(() -> Eigen.leading((vectors, width) -> vectors, 2, 3, 1, 1)).hasMessageContaining(
        "the 3 leading eigenvalues of an operator on 2 dimensions");
  }

  @Test
  void moreEigenvaluesThanThereAreAreRefused() {
    assertThatThrownBy(() -> Eigen.leading(new float[4], 2, 3, 0, 1, 1))
        .hasMessageContaining("the 3 leading eigenvalues");
  }

  private static float[] unit(SplittableRandom random, int n) {
    float[] vector = new float[n];
    double squares = 0;
    for (int i = 0; i < n; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < n; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }
}
