package io.sfumato.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of every kind that cameras, shops and designers leave behind. */
class ImageFormatsTest {
  /**
   * Pure red is ink of 0, 255, 255 and no black. Adobe stores what is missing, 255, 0, 0, 255; YCCK takes the first three for
   * 255 − RGB, so that its Y, Cb and Cr are those of the RGB 0, 255, 255: 179, 171 and 1.
   */
  @ParameterizedTest
  @CsvSource({"0, 255, 0, 0, 255", "2, 179, 171, 1, 255"})
  void jpegsOfPrintersAreRead(int transform, int first, int second, int third, int fourth) {
    BufferedImage image = Images.decode(OddPictures.fourComponents(transform, first, second, third, fourth), "print");

    int rgb = image.getRGB(8, 8);
    assertThat(rgb >> 16 & 0xff).isGreaterThan(200);
    assertThat(rgb >> 8 & 0xff).isLessThan(60);
    assertThat(rgb & 0xff).isLessThan(60);
  }

  @Test
  void aPaletteWithHolesIsOverWhite() {
    for (String format : List.of("png", "gif")) {
      BufferedImage image = Images.decode(Pictures.encoded(format, OddPictures.palette()), format);
      assertThat(row(image, 1)).as(format)
          .containsExactly(0xff8000, 0xffffff, 0x0000ff, 0xff8000, 0xffffff, 0x0000ff);
    }
  }

  /** The upper 8 of 16 bits: 0x1234, 0xabcd and 0xffff are 0x12, 0xab and 0xff. */
  @Test
  void sixteenBitsLoseTheLowerEight() {
    assertThat(decoded(OddPictures.levels(16, false, 0x1234, 0xabcd, 0xffff))).isEqualTo(0x12abff);
    assertThat(decoded(OddPictures.levels(16, false, 0x80ff))).isEqualTo(0x808080);
    assertThat(decoded(OddPictures.levels(16, true, 0x1234, 0xabcd, 0xffff, 0xffff))).isEqualTo(0x12abff);
  }

  @Test
  void greyIsTakenAsItIsStored() {
    assertThat(decoded(OddPictures.levels(8, false, 100))).isEqualTo(0x646464);
    // Half of 100 and half of white: (100 · 128 + 255 · 127) / 255 = 177.2.
    assertThat(decoded(OddPictures.levels(8, true, 100, 128))).isEqualTo(0xb1b1b1);
    assertThat(decoded(OddPictures.levels(8, true, 255, 0, 0, 128))).isEqualTo(0xff7f7f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void exifTurnsEveryFormatThatHasIt(int orientation) {
    BufferedImage upright = OddPictures.quarters(24, 16);
    BufferedImage stored = stored(upright, orientation);
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      byte[] exif = OddPictures.exif(orientation, order);
      assertSame(Images.decode(OddPictures.pngWithExif(Pictures.encoded("png", stored), exif), "png"), upright);
      BufferedImage jpeg = Images.decode(OddPictures.jpegWithExif(Pictures.encoded("jpg", stored), exif), "jpg");
      assertThat(jpeg.getWidth()).isEqualTo(24);
      assertThat(jpeg.getRGB(4, 4) & 0xff0000).isGreaterThan(0xb00000);
      assertThat(jpeg.getRGB(20, 4) & 0xff00).isGreaterThan(0xb000);
      assertThat(jpeg.getRGB(4, 12) & 0xff).isGreaterThan(0xb0);
    }
    assertSame(Images.decode(OddPictures.tiff(stored, orientation), "tif"), upright);
  }

  @Test
  void exifIsReadFromWebpAndWhatItSaysBeyondTheEightIsNot() {
    byte[] exif = OddPictures.exif(6, ByteOrder.LITTLE_ENDIAN);
    byte[] webp = OddPictures.webpWithExif(OddPictures.WEBP_LOSSLESS, 1, 1, exif);
    assertThat(ExifOrientation.of(webp)).isEqualTo(ExifOrientation.QUARTER_RIGHT);
    assertThat(Images.decode(webp, "webp").getWidth()).isEqualTo(1);
    for (int orientation : new int[]{0, 9, 65535}) {
      byte[] png = OddPictures.pngWithExif(Pictures.encoded("png", OddPictures.quarters(6, 4)),
          OddPictures.exif(orientation, ByteOrder.BIG_ENDIAN));
      assertSame(Images.decode(png, "png"), OddPictures.quarters(6, 4));
    }
  }

  @Test
  void webpIsReadLossyLosslessWithAlphaAndMoving() {
    for (byte[] webp : List.of(OddPictures.WEBP_LOSSY, OddPictures.WEBP_LOSSLESS, OddPictures.WEBP_ALPHA,
        OddPictures.WEBP_ANIMATED)) {
      assertThat(Images.decode(webp, "webp").getWidth()).isEqualTo(1);
    }
    assertThat(Images.decode(OddPictures.WEBP_ALPHA, "webp").getRGB(0, 0)).isEqualTo(0xFFFFFFFF);
  }

  @Test
  void aTiffIsRead() {
    BufferedImage picture = OddPictures.gradients(30, 20);
    byte[] tiff = Pictures.encoded("tiff", picture);
    assertThat(Images.suffix(tiff, "x")).isEqualTo("tif");
    assertSame(Images.decode(tiff, "x"), picture);
  }

  @Test
  void theFirstFrameOfAGifStandsOnItsScreen() {
    byte[] gif = OddPictures.gifOnScreen(Pictures.encoded("gif", 4, 3, 0xff0000), 8, 6, 3, 2);
    BufferedImage image = Images.decode(gif, "gif");
    assertThat(image.getWidth()).isEqualTo(8);
    assertThat(row(image, 1)).containsOnly(0xffffff);
    assertThat(row(image, 2)).containsExactly(0xffffff, 0xffffff, 0xffffff, 0xff0000, 0xff0000, 0xff0000, 0xff0000,
        0xffffff);
    byte[] huge = OddPictures.gifOnScreen(Pictures.encoded("gif", 4, 3, 0xff0000), 65_000, 65_000, 0, 0);
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> Images.decode(huge, "gif"))
        .withMessageContaining("65000 x 65000 pixels");
  }

  @Test
  void aShortFileCannotClaimAPictureThatItCannotHold() {
    assertThatExceptionOfType(DataException.class).isThrownBy(() -> Images.decode(Pictures.claiming(7000, 7000), "x"))
        .withMessage(
            "image 'x' claims 7000 x 7000 pixels, more than its 45 bytes can well hold (4450000); make it smaller")
        .satisfies(e -> assertThat(e.code()).isEqualTo(Images.OVERSIZED));
  }

  private static int decoded(BufferedImage picture) {
    BufferedImage image = Images.decode(Pictures.encoded("png", picture), "png");
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    assertThat(image.getRGB(5, 3)).isEqualTo(image.getRGB(0, 0));
    return image.getRGB(5, 3) & 0xffffff;
  }

  /** How a sensor has stored a picture for a viewer who does what the Exif standard's table says. */
  private static BufferedImage stored(BufferedImage upright, int orientation) {
    boolean turned = orientation > 4;
    int w = turned ? upright.getHeight() : upright.getWidth();
    int h = turned ? upright.getWidth() : upright.getHeight();
    BufferedImage stored = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < h; row++) {
      for (int column = 0; column < w; column++) {
        // "The 0th row is the visual top (1, 2), bottom (3, 4), left side (5, 8), right side (6, 7) of the image, the 0th
        // column the left side (1, 4), right side (2, 3), top (5, 6), bottom (7, 8)."
        int across = turned ? row : column;
        int down = turned ? column : row;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        int x = fromRight ? upright.getWidth() - 1 - across : across;
        int y = fromBottom ? upright.getHeight() - 1 - down : down;
        stored.setRGB(column, row, upright.getRGB(x, y));
      }
    }
    return stored;
  }

  private static void assertSame(BufferedImage actual, BufferedImage expected) {
    assertThat(actual.getWidth()).isEqualTo(expected.getWidth());
    assertThat(actual.getHeight()).isEqualTo(expected.getHeight());
    for (int y = 0; y < expected.getHeight(); y++) {
      assertThat(row(actual, y)).isEqualTo(row(expected, y));
    }
  }

  private static List<Integer> row(BufferedImage image, int y) {
    List<Integer> row = new ArrayList<>();
    for (int x = 0; x < image.getWidth(); x++) {
      row.add(image.getRGB(x, y) & 0xffffff);
    }
    return row;
  }
}
