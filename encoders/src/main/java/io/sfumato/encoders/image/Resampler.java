package io.sfumato.encoders.image;

import java.util.Arrays;

/**
 * Resizing of one picture, level by level as Pillow's {@code Image.resize} does it for pictures of 8 bits: coefficients of
 * 22 bits behind the point, rows first, rounded to 8 bits, then columns. Only the part of the result that is wanted is
 * computed, so that a sliver of a picture does not become a huge one on the way.
 */
final class Resampler {
  /** Bits behind the point: 32 less 8 of the level, less 2 for filters that overshoot and for the sign. */
  private static final int PRECISION = 32 - 8 - 2;

  private static final int HALF = 1 << (PRECISION - 1);

  private Resampler() {}

  /** The part of the input that fills the full result, in input pixels. */
  record Window(double x, double y, double width, double height) {
    static Window whole(int height, int width) {
      return new Window(0, 0, width, height);
    }
  }

  /**
   * The result: a window of a full result of which a part is cut out; what lies outside the full result is black.
   *
   * @param fullHeight of the full result, in pixels
   * @param fullWidth of the full result, in pixels
   * @param top row of the full result that is the part's first; may be negative
   * @param left column of the full result that is the part's first; may be negative
   */
  record Target(int fullHeight, int fullWidth, int top, int left, int height, int width) {
    /** All of a result. */
    static Target whole(int height, int width) {
      return new Target(height, width, 0, 0, height, width);
    }

    /** The middle of a result, as transformers cuts it: the smaller half is cut off before. */
    static Target middle(int fullHeight, int fullWidth, int height, int width) {
      return new Target(fullHeight, fullWidth, Math.floorDiv(fullHeight - height, 2),
          Math.floorDiv(fullWidth - width, 2), height, width);
    }
  }

  /**
   * Resizes.
   *
   * @param rgb {@code height * width} pixels, 0xRRGGBB
   * @return {@code 3 * target.height() * target.width()} bytes, planes of red, green and blue
   */
  static byte[] resize(int[] rgb, int height, int width, Window window, Target target, Filter filter) {
    Axis columns = Axis.of(filter, window.x(), window.width(), width, target.fullWidth(), target.left(),
        target.width());
    Axis rows = Axis.of(filter, window.y(), window.height(), height, target.fullHeight(), target.top(),
        target.height());
    int first = rows.first();
    int[] narrow = columns.rows(rgb, width, first, rows.last());
    byte[] chw = new byte[3 * target.height() * target.width()];
    int[] line = new int[target.width()];
    for (int y = 0; y < target.height(); y++) {
      rows.mix(narrow, target.width(), first, y, line);
      for (int x = 0; x < line.length; x++) {
        int at = y * line.length + x;
        chw[at] = (byte) (line[x] >> 16);
        chw[target.height() * line.length + at] = (byte) (line[x] >> 8);
        chw[2 * target.height() * line.length + at] = (byte) line[x];
      }
    }
    return chw;
  }

  /**
   * Which input pixels make each output pixel of one axis, and with which weights.
   *
   * @param starts first input pixel of each output pixel
   * @param weights with {@link #PRECISION} bits behind the point; empty for a pixel outside the picture
   */
  @SuppressWarnings("ArrayRecordComponent") // Lives within one call.
  private record Axis(int[] starts, int[][] weights) {

    static Axis of(Filter filter, double from, double length, int size, int full, int offset, int count) {
      int[] starts = new int[count];
      int[][] weights = new int[count][];
      double scale = length / full;
      boolean same = from == 0 && length == size && size == full;
      double nearest = from + scale * 0.5; // added up step by step, so that ties fall as in Pillow
      for (int before = 0; filter == Filter.NEAREST && before < Math.min(offset, full); before++) {
        nearest += scale;
      }
      for (int i = 0; i < count; i++) {
        int at = offset + i;
        if (at < 0 || at >= full) {
          weights[i] = new int[0];
        } else if (same) {
          starts[i] = at;
          weights[i] = new int[]{1 << PRECISION};
        } else if (filter == Filter.NEAREST) {
          starts[i] = Math.clamp((long) nearest, 0, size - 1);
          weights[i] = new int[]{1 << PRECISION};
          nearest += scale;
        } else {
          double stretch = Math.max(scale, 1);
          double support = filter.support() * stretch;
          double centre = from + (at + 0.5) * scale;
          int first = Math.min(Math.max(0, (int) (centre - support + 0.5)), size - 1);
          int last = Math.max(Math.min(size, (int) (centre + support + 0.5)), first + 1);
          starts[i] = first;
          weights[i] = fixed(filter, first, last, centre, stretch);
        }
      }
      return new Axis(starts, weights);
    }

    private static int[] fixed(Filter filter, int first, int last, double centre, double stretch) {
      double[] exact = new double[last - first];
      double sum = 0;
      double inverse = 1 / stretch;
      for (int k = 0; k < exact.length; k++) {
        exact[k] = filter.weight((k + first - centre + 0.5) * inverse);
        sum += exact[k];
      }
      int[] rounded = new int[exact.length];
      for (int k = 0; k < exact.length; k++) {
        double weight = sum == 0 ? exact[k] : exact[k] / sum;
        rounded[k] = (int) (weight * (1 << PRECISION) + (weight < 0 ? -0.5 : 0.5));
      }
      return rounded;
    }

    /** The first input pixel that counts. */
    int first() {
      int first = Integer.MAX_VALUE;
      for (int i = 0; i < starts.length; i++) {
        first = weights[i].length == 0 ? first : Math.min(first, starts[i]);
      }
      return first == Integer.MAX_VALUE ? 0 : first;
    }

    /** One after the last input pixel that counts. */
    int last() {
      int last = 0;
      for (int i = 0; i < starts.length; i++) {
        last = weights[i].length == 0 ? last : Math.max(last, starts[i] + weights[i].length);
      }
      return last;
    }

    /** Rows {@code from} to {@code to} of a picture with their columns mixed along this axis. */
    int[] rows(int[] rgb, int width, int from, int to) {
      int[] out = new int[Math.multiplyExact(Math.max(0, to - from), starts.length)];
      for (int y = from; y < to; y++) {
        for (int x = 0; x < starts.length; x++) {
          int[] w = weights[x];
          int red = HALF;
          int green = HALF;
          int blue = HALF;
          int at = y * width + starts[x];
          for (int k = 0; k < w.length; k++) {
            int pixel = rgb[at + k];
            red += w[k] * ((pixel >> 16) & 0xff);
            green += w[k] * ((pixel >> 8) & 0xff);
            blue += w[k] * (pixel & 0xff);
          }
          out[(y - from) * starts.length + x] = pixel(red, green, blue);
        }
      }
      return out;
    }

    /** Output row {@code y}, mixed of the rows of a picture whose first one is row {@code first} of the input. */
    void mix(int[] rgb, int width, int first, int y, int[] line) {
      int[] w = weights[y];
      if (w.length == 0) {
        Arrays.fill(line, 0);
        return;
      }
      int from = (starts[y] - first) * width;
      for (int x = 0; x < width; x++) {
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        for (int k = 0; k < w.length; k++) {
          int pixel = rgb[from + k * width + x];
          red += w[k] * ((pixel >> 16) & 0xff);
          green += w[k] * ((pixel >> 8) & 0xff);
          blue += w[k] * (pixel & 0xff);
        }
        line[x] = pixel(red, green, blue);
      }
    }

    private static int pixel(int red, int green, int blue) {
      return level(red) << 16 | level(green) << 8 | level(blue);
    }

    private static int level(int sum) {
      return Math.clamp(sum >> PRECISION, 0, 255);
    }
  }
}
