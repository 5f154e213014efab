package io.sfumato.encoders.image;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Small random changes to prepared pictures, so that an encoder that is fine-tuned sees each of them in many ways: a cut
 * that is scaled back to the picture's size, left and right exchanged, other brightness, contrast and saturation. Equal
 * random numbers make equal pictures. What is drawn depends neither on the picture's content nor on which changes are
 * switched on.
 *
 * <p>Each picture is changed on its own, so that private training may use it. Immutable and thread-safe; the random source
 * is not.
 *
 * @param minScale the least share of the picture's area that a cut keeps, in (0, 1]
 * @param maxScale the largest share, from {@code minScale} to 1; where both are 1, nothing is cut
 * @param flip probability that left and right are exchanged, in [0, 1]
 * @param brightness levels are multiplied by a factor drawn from [1 − brightness, 1 + brightness]; in [0, 1]
 * @param contrast distances from the mean grey level are multiplied by a factor drawn likewise; in [0, 1]
 * @param saturation distances from a pixel's own grey level are multiplied by a factor drawn likewise; in [0, 1]
 */
public record ImageAugmentation(double minScale, double maxScale, double flip, double brightness, double contrast,
    double saturation) {

  /** Nothing is changed. */
  public static final ImageAugmentation NONE = new ImageAugmentation(1, 1, 0, 0, 0, 0);

  /** For products and posters, which fill their picture: cuts of 60 % of the area at least, flips, a little colour. */
  public static final ImageAugmentation GENTLE = new ImageAugmentation(0.6, 1, 0.5, 0.2, 0.2, 0.2);

  /** A cut is at most so much wider or higher than the picture's own proportions (Szegedy et al. 2015). */
  private static final double MOST_DISTORTION = 4 / 3.0;

  /** Weights of red, green and blue in a grey level (ITU-R BT.601), in 65,536ths. */
  private static final int[] GREY = {19_595, 38_470, 7_471};

  private static final int BITS = 16;

  public ImageAugmentation {
    if (!(minScale > 0 && minScale <= maxScale && maxScale <= 1)) {
      throw new IllegalArgumentException("the share of a picture that a cut keeps must be from above 0 to 1, the least"
          + " before the largest, but was " + minScale + " to " + maxScale);
    }
    share("the probability of a flip", flip);
    share("brightness", brightness);
    share("contrast", contrast);
    share("saturation", saturation);
  }

  private static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1] but was " + value);
    }
  }

  /** Whether {@link #apply} gives every picture back as it is. */
  public boolean isNone() {
    return minScale == 1 && flip == 0 && brightness == 0 && contrast == 0 && saturation == 0;
  }

  /**
   * A changed copy of a picture, of the same size.
   *
   * @param random where the changes come from; eight numbers are drawn
   */
  public Pixels apply(Pixels pixels, SplittableRandom random) {
    double area = minScale + (maxScale - minScale) * random.nextDouble();
    double shape = StrictMath.pow(MOST_DISTORTION, 2 * random.nextDouble() - 1);
    double across = random.nextDouble();
    double down = random.nextDouble();
    boolean mirrored = random.nextDouble() < flip;
    double light = factor(brightness, random);
    double distance = factor(contrast, random);
    double colour = factor(saturation, random);
    byte[] chw = pixels.chw();
    if (minScale < 1) {
      chw = cut(pixels, area, shape, across, down);
    }
    if (mirrored) {
      chw = mirrored(chw, pixels.width());
    }
    if (brightness > 0 || contrast > 0 || saturation > 0) {
      chw = recoloured(chw, light, distance, colour);
    }
    return chw == pixels.chw() ? pixels : new Pixels(pixels.height(), pixels.width(), chw);
  }

  private static double factor(double most, SplittableRandom random) {
    return 1 + most * (2 * random.nextDouble() - 1);
  }

  /** A window of a share of the area, scaled to the whole by a bilinear filter. */
  private static byte[] cut(Pixels pixels, double area, double shape, double across, double down) {
    double side = Math.sqrt(area);
    double width = Math.min(1, side * Math.sqrt(shape)) * pixels.width();
    double height = Math.min(1, side / Math.sqrt(shape)) * pixels.height();
    Resampler.Window window = new Resampler.Window((pixels.width() - width) * across, (pixels.height() - height) * down,
        width, height);
    int plane = pixels.width() * pixels.height();
    int[] rgb = new int[plane];
    byte[] chw = pixels.chw();
    for (int i = 0; i < plane; i++) {
      rgb[i] = (chw[i] & 0xff) << 16 | (chw[plane + i] & 0xff) << 8 | (chw[2 * plane + i] & 0xff);
    }
    return Resampler.resize(rgb, pixels.height(), pixels.width(), window,
        Resampler.Target.whole(pixels.height(), pixels.width()), Filter.BILINEAR);
  }

  private static byte[] mirrored(byte[] chw, int width) {
    byte[] out = new byte[chw.length];
    for (int row = 0; row < chw.length; row += width) {
      for (int x = 0; x < width; x++) {
        out[row + x] = chw[row + width - 1 - x];
      }
    }
    return out;
  }

  /** Brightness, then contrast about the mean grey level, then saturation about each pixel's own, rounded once. */
  private static byte[] recoloured(byte[] chw, double light, double distance, double colour) {
    int plane = chw.length / Pixels.CHANNELS;
    long sum = 0;
    for (int i = 0; i < plane; i++) {
      sum += grey(chw, i, plane);
    }
    double mean = light * sum / ((double) plane * (1 << BITS));
    // level' = colour · (light · distance · level + shift) + (1 − colour) · (light · distance · grey + shift)
    double gain = light * distance;
    double shift = mean * (1 - distance);
    byte[] out = new byte[chw.length];
    for (int i = 0; i < plane; i++) {
      double own = gain * (1 - colour) * grey(chw, i, plane) / (1 << BITS) + shift + 0.5;
      for (int c = 0; c < Pixels.CHANNELS; c++) {
        double level = gain * colour * (chw[c * plane + i] & 0xff) + own;
        out[c * plane + i] = (byte) Math.clamp((long) level, 0, 255);
      }
    }
    return out;
  }

  private static int grey(byte[] chw, int i, int plane) {
    int sum = 0;
    for (int c = 0; c < Pixels.CHANNELS; c++) {
      sum += GREY[c] * (chw[c * plane + i] & 0xff);
    }
    return sum;
  }

  /** Reads what {@link #toString} writes, {@code none} or {@code gentle}. */
  public static ImageAugmentation parse(String text) {
    String value = text.strip();
    if (value.equals("none")) {
      return NONE;
    }
    if (value.equals("gentle")) {
      return GENTLE;
    }
    double[] numbers;
    try {
      numbers = Arrays.stream(value.split(":", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      numbers = new double[0];
    }
    if (numbers.length != 6) {
      throw new IllegalArgumentException("image augmentation must be none, gentle or"
          + " minScale:maxScale:flip:brightness:contrast:saturation but was '" + text + "'");
    }
    return new ImageAugmentation(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
  }

  @Override
  public String toString() {
    if (isNone()) {
      return "none";
    }
    return equals(GENTLE) ? "gentle"
        : minScale + ":" + maxScale + ":" + flip + ":" + brightness + ":" + contrast + ":" + saturation;
  }
}
