package io.sfumato.encoders.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InnerProductsTest {
  private static final int WARM = 20_000;
  private static final int[] LENGTHS = {0, 1, 7, 31, 32, 33, 100, 128, 384, 1000};

  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void withTheVectorApiAndWithoutGiveTheSameBits() {
    for (int length : LENGTHS) {
      float[] a = floats(length + 3);
      float[] b = floats(length + 5);
      float plain = new InnerProducts.Plain().of(a, 3, b, 5, length);
      assertThat(new InnerProducts.Lanes().of(a, 3, b, 5, length)).isEqualTo(plain);
      assertThat(InnerProducts.of(a, 3, b, 5, length)).isEqualTo(plain);
    }
  }

  /** The first call is interpreted, later ones are compiled by one compiler and then the other. */
  @Test
  void compilingDoesNotChangeABit() {
    float[] a = floats(300);
    float[] b = floats(300);
    float first = InnerProducts.of(a, b);
    for (int call = 0; call < WARM; call++) {
      assertThat(Float.floatToRawIntBits(InnerProducts.of(a, b))).isEqualTo(Float.floatToRawIntBits(first));
    }
  }

  @Test
  void theyAreInnerProducts() {
    for (int length : LENGTHS) {
      float[] a = floats(length);
      float[] b = floats(length);
      double exact = 0;
      for (int k = 0; k < length; k++) {
        exact += (double) a[k] * b[k];
      }
      assertThat((double) InnerProducts.of(a, b)).isCloseTo(exact, within(1e-5 * (1 + length)));
    }
  }

  private float[] floats(int length) {
    float[] out = new float[length];
    for (int k = 0; k < length; k++) {
      out[k] = (float) random.nextGaussian();
    }
    return out;
  }
}
