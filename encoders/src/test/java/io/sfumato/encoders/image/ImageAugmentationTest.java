package io.sfumato.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes to pictures, and that they are what they say. */
class ImageAugmentationTest {
  private static final Pixels PICTURE = noise(12, 9);

  @Test
  void equalRandomNumbersMakeEqualPicturesAndOthersMakeOthers() {
    Pixels one = ImageAugmentation.GENTLE.apply(PICTURE, new SplittableRandom(1));
    assertThat(ImageAugmentation.GENTLE.apply(PICTURE, new SplittableRandom(1))).isEqualTo(one);
    assertThat(ImageAugmentation.GENTLE.apply(PICTURE, new SplittableRandom(2))).isNotEqualTo(one);
    assertThat(one.width()).isEqualTo(12);
    assertThat(one.height()).isEqualTo(9);
  }

  @Test
  void noneGivesThePictureItself() {
    assertThat(ImageAugmentation.NONE.apply(PICTURE, new SplittableRandom(1))).isSameAs(PICTURE);
    assertThat(ImageAugmentation.NONE.isNone()).isTrue();
    assertThat(ImageAugmentation.GENTLE.isNone()).isFalse();
  }

  @Test
  void aFlipExchangesLeftAndRight() {
    Pixels flipped = new ImageAugmentation(1, 1, 1, 0, 0, 0).apply(PICTURE, new SplittableRandom(3));
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 9; y++) {
        for (int x = 0; x < 12; x++) {
          assertThat(flipped.value(c, y, x)).isEqualTo(PICTURE.value(c, y, 11 - x));
        }
      }
    }
  }

  @Test
  void flipsComeAsOftenAsAsked() {
    ImageAugmentation sometimes = new ImageAugmentation(1, 1, 0.25, 0, 0, 0);
    SplittableRandom random = new SplittableRandom(4);
    int flips = 0;
    for (int i = 0; i < 4000; i++) {
      flips += sometimes.apply(PICTURE, random).equals(PICTURE) ? 0 : 1;
    }
    assertThat(flips / 4000.0).isCloseTo(0.25, within(0.03));
  }

  /** Levels from 0 to 220, one a column: what a cut of a quarter shows spans about a half of the columns. */
  @Test
  void aCutKeepsItsShareOfTheArea() {
    Pixels ramp = columns(23, 23);
    ImageAugmentation quarter = new ImageAugmentation(0.25, 0.25, 0, 0, 0, 0);
    SplittableRandom random = new SplittableRandom(5);
    double sum = 0;
    for (int i = 0; i < 500; i++) {
      Pixels cut = quarter.apply(ramp, random);
      double share = (cut.value(0, 4, 22) - cut.value(0, 4, 0)) / 220.0;
      assertThat(share).isBetween(0.35, 0.65);
      sum += share;
    }
    assertThat(sum / 500).isCloseTo(0.5, within(0.05));
  }

  /** Where only brightness varies, every level is multiplied by one factor from 0.5 to 1.5. */
  @Test
  void brightnessIsOneFactor() {
    ImageAugmentation light = new ImageAugmentation(1, 1, 0, 0.5, 0, 0);
    for (int seed = 0; seed < 50; seed++) {
      Pixels changed = light.apply(plain(100, 40, 80), new SplittableRandom(seed));
      double factor = changed.value(0, 0, 0) / 100.0;
      assertThat(factor).isBetween(0.49, 1.51);
      assertThat(changed.value(1, 3, 4)).isCloseTo((int) Math.round(40 * factor), within(1));
      assertThat(changed.value(2, 3, 4)).isCloseTo((int) Math.round(80 * factor), within(1));
    }
  }

  /** Contrast moves levels to or from the mean grey, which a picture in one grey has everywhere. */
  @Test
  void contrastAndSaturationLeaveAPlainGreyAlone() {
    Pixels grey = plain(90, 90, 90);
    for (int seed = 0; seed < 20; seed++) {
      assertThat(new ImageAugmentation(1, 1, 0, 0, 1, 1).apply(grey, new SplittableRandom(seed))).isEqualTo(grey);
    }
  }

  /** Saturation keeps the grey level, 0.299 R + 0.587 G + 0.114 B, within rounding. */
  @Test
  void saturationKeepsTheGreyLevel() {
    for (int seed = 0; seed < 20; seed++) {
      Pixels changed = new ImageAugmentation(1, 1, 0, 0, 0, 0.5).apply(plain(120, 90, 140), new SplittableRandom(seed));
      double grey = 0.299 * changed.value(0, 1, 1) + 0.587 * changed.value(1, 1, 1) + 0.114 * changed.value(2, 1, 1);
      assertThat(grey).isCloseTo(0.299 * 120 + 0.587 * 90 + 0.114 * 140, within(1.0));
    }
  }

  /** What is switched on does not change what is drawn for the rest. */
  @Test
  void drawsDoNotDependOnWhatIsSwitchedOn() {
    SplittableRandom one = new SplittableRandom(6);
    SplittableRandom other = new SplittableRandom(6);
    ImageAugmentation.NONE.apply(PICTURE, one);
    ImageAugmentation.GENTLE.apply(PICTURE, other);
    assertThat(one.nextLong()).isEqualTo(other.nextLong());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gentle", "0.5:1.0:0.5:0.1:0.2:0.3"})
  void whatIsWrittenIsReadBack(String text) {
    assertThat(ImageAugmentation.parse(text)).hasToString(text);
  }

  @Test
  void settingsAreCheckedAtTheCall() {
    assertThatThrownBy(() -> new ImageAugmentation(0, 1, 0, 0, 0, 0)).hasMessageContaining("was 0.0 to 1.0");
    assertThatThrownBy(() -> new ImageAugmentation(0.9, 0.8, 0, 0, 0, 0)).hasMessageContaining("0.9 to 0.8");
    assertThatThrownBy(() -> new ImageAugmentation(1, 1, 1.5, 0, 0, 0)).hasMessageContaining("flip must be in [0, 1]");
    assertThatThrownBy(() -> new ImageAugmentation(1, 1, 0, 0, Double.NaN, 0)).hasMessageContaining("contrast");
    assertThatThrownBy(() -> ImageAugmentation.parse("strong")).hasMessageContaining("'strong'");
  }

  private static Pixels noise(int width, int height) {
    byte[] chw = new byte[3 * width * height];
    new SplittableRandom(9).nextBytes(chw);
    return new Pixels(height, width, chw);
  }

  private static Pixels columns(int width, int height) {
    byte[] chw = new byte[3 * width * height];
    for (int i = 0; i < chw.length; i++) {
      chw[i] = (byte) (10 * (i % width));
    }
    return new Pixels(height, width, chw);
  }

  private static Pixels plain(int red, int green, int blue) {
    byte[] chw = new byte[3 * 42];
    Arrays.fill(chw, 0, 42, (byte) red);
    Arrays.fill(chw, 42, 84, (byte) green);
    Arrays.fill(chw, 84, 126, (byte) blue);
    return new Pixels(6, 7, chw);
  }
}
