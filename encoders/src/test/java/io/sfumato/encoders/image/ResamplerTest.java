package io.sfumato.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Resizing with levels worked by hand, by the rules of Pillow. */
class ResamplerTest {
  /**
   * Two pixels 100 and 200 on four, bicubic with a = −1/2. The first result's middle is 0.25: the pixels lie 0.25 and 1.25
   * away and weigh 0.8671875 and −0.0703125, of which the sum is 0.796875: (86.71875 − 14.0625) / 0.796875 = 91.18. The
   * second's is 0.75: 0.25 and 0.75 away, 0.8671875 and 0.2265625 of 1.09375: 120.71. The others mirror them.
   */
  @Test
  void bicubicEnlargementOvershoots() {
    assertThat(line(Filter.BICUBIC, 4, 100, 200)).containsExactly(91, 121, 179, 209);
    assertThat(line(Filter.BICUBIC, 4, 0, 255)).containsExactly(0, 53, 202, 255);
  }

  /**
   * Four pixels on two, bicubic: the filter is twice as wide, the first middle is 1, the pixels lie 0.25, 0.25, 0.75 and 1.25
   * filter units away: 0.8671875, 0.8671875, 0.2265625, −0.0703125 of 1.890625. For 0, 60, 120, 240:
   * (52.03125 + 27.1875 − 16.875) / 1.890625 = 32.98; from the other end
   * (240 + 120) · 0.8671875 + 60 · 0.2265625 = 325.78 of 1.890625: 172.31.
   */
  @Test
  void bicubicReductionIsAntialiased() {
    assertThat(line(Filter.BICUBIC, 2, 0, 60, 120, 240)).containsExactly(33, 172);
  }

  /** The middles of three results on five pixels are 0.83, 2.5 and 4.17. */
  @Test
  void nearestTakesThePixelUnderTheMiddle() {
    assertThat(line(Filter.NEAREST, 3, 10, 20, 30, 40, 50)).containsExactly(10, 30, 50);
    assertThat(line(Filter.NEAREST, 4, 10, 20)).containsExactly(10, 10, 20, 20);
  }

  @Test
  void aBoxIsTheMeanOfItsPixels() {
    assertThat(line(Filter.BOX, 2, 10, 21, 30, 40)).containsExactly(16, 35);
  }

  /**
   * Doubling with sinc(x) sinc(x/3): at 0.25 it is 0.900316 · 0.988616 = 0.890067, at 1.25 −0.180063 · 0.737913 =
   * −0.132871, together 0.757196: 100 and 200 give (89.0067 − 26.5742) / 0.757196 = 82.45; at 0.75 it is 0.300105 · 0.900316 =
   * 0.270190, with that at 0.25 together 1.160257: 123.29.
   */
  @Test
  void lanczosOvershootsMore() {
    assertThat(line(Filter.LANCZOS, 4, 100, 200)).containsExactly(82, 123, 177, 218);
  }

  /**
   * The mean of 0 1 / 0 0 is a quarter of a level. But rows are rounded before columns: 0.5 and 0 become 1 and 0, of which
   * the mean, 0.5, becomes 1.
   */
  @Test
  void rowsAreRoundedBeforeColumns() {
    byte[] chw = Resampler.resize(new int[]{0, 0x010101, 0, 0}, 2, 2, Resampler.Window.whole(2, 2),
        Resampler.Target.whole(1, 1), Filter.BILINEAR);
    assertThat(chw).containsExactly(1, 1, 1);
  }

  @ParameterizedTest
  @EnumSource(Filter.class)
  void aPlainPictureStaysPlainAndTheSameSizeStaysTheSame(Filter filter) {
    int[] plain = new int[7 * 5];
    Arrays.fill(plain, 0x0A7FFE);
    byte[] resized = Resampler.resize(plain, 5, 7, Resampler.Window.whole(5, 7), Resampler.Target.whole(11, 3), filter);
    for (int i = 0; i < 33; i++) {
      assertThat(resized[i]).isEqualTo((byte) 0x0A);
      assertThat(resized[33 + i]).isEqualTo((byte) 0x7F);
      assertThat(resized[66 + i]).isEqualTo((byte) 0xFE);
    }
    SplittableRandom random = new SplittableRandom(1);
    int[] noise = random.ints(35, 0, 1 << 24).toArray();
    byte[] same = Resampler.resize(noise, 5, 7, Resampler.Window.whole(5, 7), Resampler.Target.whole(5, 7), filter);
    for (int i = 0; i < 35; i++) {
      assertThat((same[i] & 0xff) << 16 | (same[35 + i] & 0xff) << 8 | (same[70 + i] & 0xff)).isEqualTo(noise[i]);
    }
  }

  /** What Pillow 9.4 makes of 13 by 9 pixels of the level 37x² + 91y + 5xy, modulo 256. */
  @ParameterizedTest
  @CsvSource({
    "NEAREST, 5, 4, 133 183 173 61 15 69 139 159 77 51 5 95 145 93 87 197 51 131 109 123",
    "LANCZOS, 5, 4, 119 131 91 104 114 128 127 115 115 119 105 153 99 133 143 135 146 120 144 147",
    "BILINEAR, 5, 4, 119 125 96 108 111 122 129 113 120 120 114 143 107 134 139 134 139 125 144 142",
    "BICUBIC, 5, 4, 118 128 93 106 111 125 126 113 118 121 109 150 101 134 141 135 142 123 146 143",
    "BOX, 5, 4, 110 133 95 126 95 122 106 99 139 133 121 164 103 153 142 142 125 131 164 136",
    "HAMMING, 5, 4, 108 133 98 114 101 117 125 119 127 121 105 146 106 140 139 136 130 133 153 133",
    "BICUBIC, 16, 2, 87 112 143 148 122 104 134 113 82 85 131 139 97 85 121 162 129 104 125 150 141 141 149 130 90 78 144 169 146 129 135 150",
    "LANCZOS, 3, 11, 72 78 141 143 138 69 156 82 124 119 96 148 123 173 83 122 69 145 108 145 117 152 122 145 144 105 164 119 144 139 154 136 135"})
  void levelsAreThoseOfPillow(Filter filter, int width, int height, String levels) {
    int[] rgb = new int[13 * 9];
    for (int i = 0; i < rgb.length; i++) {
      int x = i % 13;
      int y = i / 13;
      rgb[i] = (37 * x * x + 91 * y + 5 * x * y) % 256 * 0x010101;
    }
    byte[] chw = Resampler.resize(rgb, 9, 13, Resampler.Window.whole(9, 13), Resampler.Target.whole(height, width),
        filter);
    int[] expected = Arrays.stream(levels.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(expected).hasSize(width * height);
    for (int i = 0; i < expected.length; i++) {
      assertThat(chw[i] & 0xff).isEqualTo(expected[i]);
    }
  }

  /** A part of a result is that part of the whole result, and what lies outside is black. */
  @ParameterizedTest
  @EnumSource(Filter.class)
  void aPartIsThatPartOfTheWhole(Filter filter) {
    int[] noise = new SplittableRandom(2).ints(23 * 17, 0, 1 << 24).toArray();
    Resampler.Window window = Resampler.Window.whole(17, 23);
    byte[] whole = Resampler.resize(noise, 17, 23, window, Resampler.Target.whole(9, 12), filter);
    byte[] part = Resampler.resize(noise, 17, 23, window, new Resampler.Target(9, 12, -2, 5, 6, 10), filter);
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 6; y++) {
        for (int x = 0; x < 10; x++) {
          int expected = y < 2 || x + 5 >= 12 ? 0 : whole[(c * 9 + y - 2) * 12 + x + 5];
          assertThat(part[(c * 6 + y) * 10 + x]).isEqualTo((byte) expected);
        }
      }
    }
  }

  /** A sliver whose full result would be 160 million pixels. */
  @Test
  void onlyWhatIsWantedIsComputed() {
    int[] sliver = new int[10_000];
    byte[] cut = Resampler.resize(sliver, 1, 10_000, Resampler.Window.whole(1, 10_000),
        Resampler.Target.middle(126, 1_270_000, 8, 8), Filter.BICUBIC);
    assertThat(cut).hasSize(192);
  }

  /** One row of greys resized to another length. */
  private static int[] line(Filter filter, int out, int... greys) {
    int[] rgb = Arrays.stream(greys).map(grey -> grey * 0x010101).toArray();
    byte[] chw = Resampler.resize(rgb, 1, rgb.length, Resampler.Window.whole(1, rgb.length),
        Resampler.Target.whole(1, out), filter);
    int[] levels = new int[out];
    for (int i = 0; i < out; i++) {
      levels[i] = chw[i] & 0xff;
    }
    return levels;
  }
}
