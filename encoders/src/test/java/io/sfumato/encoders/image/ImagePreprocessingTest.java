package io.sfumato.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.encoders.image.ImagePreprocessing.Fit;
import io.sfumato.encoders.image.ImagePreprocessing.Rgb;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resizing and normalising, with values worked by hand. */
class ImagePreprocessingTest {
  @Test
  void theSameSizeChangesNothing() {
    BufferedImage image = gradient(5, 4);
    Pixels pixels = ImagePreprocessing.stretch(5, 4).apply(image);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 5; x++) {
        assertThat(pixels.value(0, y, x)).isEqualTo(20 * x);
        assertThat(pixels.value(1, y, x)).isEqualTo(30 * y);
        assertThat(pixels.value(2, y, x)).isEqualTo(7);
      }
    }
  }

  /**
   * Halving 4 pixels 0, 60, 120, 180: the first result's centre is 1 and the filter 2 wide, so the weights of the
   * pixels at 0.5, 1.5, 2.5 are 0.75, 0.75, 0.25: (45 + 30) / 1.75 = 42.86; the second is symmetric: 137.14.
   */
  @Test
  void shrinkingIsAntialiased() {
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 4; x++) {
      image.setRGB(x, 0, new Color(60 * x, 0, 0).getRGB());
    }
    Pixels pixels = ImagePreprocessing.stretch(2, 1).apply(image);
    assertThat(pixels.value(0, 0, 0)).isEqualTo(43);
    assertThat(pixels.value(0, 0, 1)).isEqualTo(137);
  }

  @Test
  void aFineChequerboardBecomesGrey() {
    BufferedImage image = new BufferedImage(300, 200, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 300; x++) {
        image.getRaster().setSample(x, y, 0, (x + y) % 2 == 0 ? 255 : 0);
      }
    }
    Pixels pixels = ImagePreprocessing.stretch(30, 20).apply(image);
    for (byte value : pixels.chw()) {
      assertThat(value & 0xff).isCloseTo(128, within(8));
    }
  }

  @Test
  void transparentPartsAreWhite() {
    Pixels pixels = ImagePreprocessing.stretch(2, 2).apply(new BufferedImage(9, 9, BufferedImage.TYPE_INT_ARGB));
    assertThat(pixels.chw()).containsOnly((byte) 255);
  }

  @Test
  void aCropKeepsTheMiddleAndALetterboxKeepsAll() {
    BufferedImage image = new BufferedImage(90, 30, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 90; x++) {
      for (int y = 0; y < 30; y++) {
        image.setRGB(x, y, x < 30 ? 0xff0000 : x < 60 ? 0x00ff00 : 0x0000ff);
      }
    }
    Pixels crop = new ImagePreprocessing(6, 6, Fit.CROP, 1, Rgb.of(0), Rgb.of(1)).apply(image);
    assertThat(crop.value(1, 3, 3)).isEqualTo(255);
    assertThat(crop.value(0, 3, 3)).isZero();
    Pixels box = new ImagePreprocessing(6, 6, Fit.LETTERBOX, 1, Rgb.of(0), Rgb.of(1)).apply(image);
    assertThat(box.value(0, 0, 0)).isEqualTo(128);
    assertThat(box.value(0, 2, 0)).isEqualTo(255);
    assertThat(box.value(2, 3, 5)).isEqualTo(255);
    assertThat(box.value(2, 5, 5)).isEqualTo(128);
  }

  @Test
  void tensorsAreNormalizedAChannel() {
    ImagePreprocessing preprocessing = ImagePreprocessing.stretch(1, 1)
        .normalized(new Rgb(0, 0.5f, 1), new Rgb(1, 0.5f, 0.25f));
    try (Scope scope = TensorRuntime.get().scope()) {
      float[] values = preprocessing
          .toTensor(scope, List.of(new Pixels(1, 1, new byte[]{(byte) 255, 0, 51}), new Pixels(1, 1, new byte[3])))
          .toFloatArray();
      assertThat(values).containsExactly(new float[]{1, -1, -3.2f, 0, -1, -4}, within(1e-6f));
    }
  }

  @Test
  void aThousandSizesNeverLeaveTheImage() {
    for (int w = 1; w <= 33; w += 2) {
      for (int out = 1; out <= 17; out++) {
        for (Fit fit : List.of(Fit.STRETCH, Fit.CROP, Fit.LETTERBOX)) {
          Pixels pixels = new ImagePreprocessing(out, 3, fit, 0.8, Rgb.of(0), Rgb.of(1)).apply(gradient(w, 34 - w));
          assertThat(pixels.value(2, 1, out / 2)).isIn(7, fit == Fit.LETTERBOX ? 128 : 7);
        }
      }
    }
  }

  @Test
  void settingsAreCheckedAtTheCall() {
    assertThatThrownBy(() -> ImagePreprocessing.stretch(0, 4)).hasMessageContaining("was 0 by 4");
    assertThatThrownBy(() -> new ImagePreprocessing(4, 4, Fit.CROP, 1.4, Rgb.of(0), Rgb.of(1)))
        .hasMessageContaining("1.4");
    assertThatThrownBy(() -> ImagePreprocessing.stretch(4, 4).normalized(Rgb.of(0), Rgb.of(0)))
        .hasMessageContaining("above 0");
  }

  private static BufferedImage gradient(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, new Color(Math.min(255, 20 * x), Math.min(255, 30 * y), 7).getRGB());
      }
    }
    return image;
  }
}
