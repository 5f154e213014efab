package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.runtime.Scope;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * From a picture of any size to what an image encoder reads: an antialiased resize to one size, level by level that of
 * Pillow, then {@code (value / 255 − mean) / std} a channel.
 *
 * <p>Immutable and thread-safe. {@link PreprocessorConfig} reads and writes Hugging Face's file of it.
 *
 * @param width pixels of the result
 * @param height pixels of the result
 * @param fit what happens to a picture of other proportions
 * @param margin only for {@link Fit#CROP}: the share of the picture's fitting side that the crop keeps, in (0, 1]; the
 *     usual "resize to 256, crop 224" is 0.875
 * @param mean of the channels after scaling to [0, 1]
 * @param std of the channels after scaling to [0, 1], above 0
 * @param filter of the resize
 * @param edge only for {@link Fit#SHORTEST_EDGE} and {@link Fit#SQUARE}: pixels of a side before the middle is cut out; 0
 *     for the others
 */
public record ImagePreprocessing(int width, int height, Fit fit, double margin, Rgb mean, Rgb std, Filter filter,
    int edge) {
  /** What happens to a picture whose proportions are not those of the result. */
  public enum Fit {
    /** Its sides are scaled apart: nothing is lost, shapes are distorted. */
    STRETCH,
    /** The middle is kept: shapes are true, the ends of the longer side are lost. */
    CROP,
    /** All of it is kept and the rest filled with grey: shapes are true, resolution is lost. */
    LETTERBOX,
    /**
     * The shorter side is scaled to {@code edge} pixels, then the middle is cut out, black where the picture does not reach:
     * what Hugging Face's {@code shortest_edge} and {@code crop_size} mean, with the same rounding.
     */
    SHORTEST_EDGE,
    /** Both sides are scaled to {@code edge} pixels, then the middle is cut out. */
    SQUARE,
    /** Nothing is scaled; the middle is cut out, black where the picture does not reach. */
    CUT,
    /** Nothing is done: the picture must have the size of the result. */
    NONE
  }

  /** A number a colour channel. */
  public record Rgb(float red, float green, float blue) {
    /** The same number for each channel. */
    public static Rgb of(float value) {
      return new Rgb(value, value, value);
    }

    float[] toArray() {
      return new float[]{red, green, blue};
    }
  }

  /** The statistics of ImageNet's photographs, which most convolutional checkpoints want. */
  public static final Rgb IMAGENET_MEAN = new Rgb(0.485f, 0.456f, 0.406f);

  /** The deviations that belong to {@link #IMAGENET_MEAN}. */
  public static final Rgb IMAGENET_STD = new Rgb(0.229f, 0.224f, 0.225f);

  /** Larger sides are surely a mistake in a configuration. */
  private static final int MAX_SIDE = 4096;

  private static final byte GREY = (byte) 128;

  public ImagePreprocessing {
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new IllegalArgumentException(
          "image size must be 1 to " + MAX_SIDE + " pixels a side but was " + width + " by " + height);
    }
    if (!(margin > 0 && margin <= 1)) {
      throw new IllegalArgumentException("the share that a crop keeps must be in (0, 1] but was " + margin);
    }
    if (!finite(std) || !(std.red > 0 && std.green > 0 && std.blue > 0)) {
      throw new IllegalArgumentException("standard deviations must be above 0 but were " + std);
    }
    if (!finite(mean)) {
      throw new IllegalArgumentException("means must be numbers but were " + mean);
    }
    boolean scaledFirst = fit == Fit.SHORTEST_EDGE || fit == Fit.SQUARE;
    if (scaledFirst ? edge < 1 || edge > MAX_SIDE : edge != 0) {
      throw new IllegalArgumentException("the edge before a cut must be "
          + (scaledFirst ? "1 to " + MAX_SIDE : "0 for " + fit) + " pixels but was " + edge);
    }
  }

  /** Bilinear resizing without a cut behind it. */
  public ImagePreprocessing(int width, int height, Fit fit, double margin, Rgb mean, Rgb std) {
    this(width, height, fit, margin, mean, std, Filter.BILINEAR, 0);
  }

  /** The whole picture on {@code width} by {@code height} pixels, values in [−1, 1]. */
  public static ImagePreprocessing stretch(int width, int height) {
    return new ImagePreprocessing(width, height, Fit.STRETCH, 1, Rgb.of(0.5f), Rgb.of(0.5f));
  }

  /**
   * The shorter side on {@code edge} pixels, the middle of {@code width} by {@code height} of it, values in [−1, 1]; see
   * {@link Fit#SHORTEST_EDGE}.
   */
  public static ImagePreprocessing shortestEdge(int edge, int width, int height, Filter filter) {
    return new ImagePreprocessing(width, height, Fit.SHORTEST_EDGE, 1, Rgb.of(0.5f), Rgb.of(0.5f), filter, edge);
  }

  /** The same with other channel statistics. */
  public ImagePreprocessing normalized(Rgb newMean, Rgb newStd) {
    return new ImagePreprocessing(width, height, fit, margin, newMean, newStd, filter, edge);
  }

  /** The same with another filter. */
  public ImagePreprocessing filtered(Filter newFilter) {
    return new ImagePreprocessing(width, height, fit, margin, mean, std, newFilter, edge);
  }

  /**
   * Resizes a picture; transparent parts become white.
   *
   * @throws EncoderException {@code INVALID_INPUT} with {@link Fit#NONE} for a picture of another size
   */
  public Pixels apply(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] rgb = rgb(image);
    Resampler.Window whole = Resampler.Window.whole(h, w);
    return switch (fit) {
      case STRETCH -> resized(rgb, h, w, whole, Resampler.Target.whole(height, width));
      case CROP -> {
        double scale = Math.min((double) w / width, (double) h / height) * margin;
        double cw = width * scale;
        double ch = height * scale;
        yield resized(rgb, h, w, new Resampler.Window((w - cw) / 2, (h - ch) / 2, cw, ch),
            Resampler.Target.whole(height, width));
      }
      case LETTERBOX -> letterbox(rgb, h, w);
      case SHORTEST_EDGE -> {
        int longer = Math.toIntExact(Math.min(Integer.MAX_VALUE, (long) ((double) ((long) edge * Math.max(w, h))
            / Math.min(w, h))));
        yield resized(rgb, h, w, whole, w <= h ? middle(longer, edge) : middle(edge, longer));
      }
      case SQUARE -> resized(rgb, h, w, whole, middle(edge, edge));
      case CUT -> resized(rgb, h, w, whole, middle(h, w));
      case NONE -> {
        if (w != width || h != height) {
          throw new EncoderException("INVALID_INPUT", "the encoder does not resize: it takes pictures of " + width
              + " by " + height + " pixels but got " + w + " by " + h);
        }
        yield resized(rgb, h, w, whole, Resampler.Target.whole(h, w));
      }
    };
  }

  /** Puts prepared images of this size together: float32 [n, 3, height, width], normalised, in {@code scope}. */
  public NDArray toTensor(Scope scope, List<Pixels> batch) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(batch.size(), Pixels.CHANNELS * height * width));
    for (Pixels pixels : batch) {
      if (pixels.height() != height || pixels.width() != width) {
        throw new IllegalArgumentException(
            "expected images of " + height + " by " + width + " pixels but got " + pixels);
      }
      bytes.put(pixels.chw());
    }
    float[] factor = new float[Pixels.CHANNELS];
    float[] offset = new float[Pixels.CHANNELS];
    for (int c = 0; c < Pixels.CHANNELS; c++) {
      factor[c] = 1 / (255 * std.toArray()[c]);
      offset[c] = mean.toArray()[c] / std.toArray()[c];
    }
    try (Scope inner = scope.child()) {
      NDArray raw = inner.manager()
          .create(bytes.flip(), new Shape(batch.size(), Pixels.CHANNELS, height, width), DataType.UINT8);
      NDArray values = raw.toType(DataType.FLOAT32, true);
      values.muli(inner.floats(factor, 1, Pixels.CHANNELS, 1, 1)).subi(inner.floats(offset, 1, Pixels.CHANNELS, 1, 1));
      return scope.own(values);
    }
  }

  private Resampler.Target middle(int fullHeight, int fullWidth) {
    return Resampler.Target.middle(fullHeight, fullWidth, height, width);
  }

  private Pixels resized(int[] rgb, int h, int w, Resampler.Window window, Resampler.Target target) {
    return new Pixels(height, width, Resampler.resize(rgb, h, w, window, target, filter));
  }

  private Pixels letterbox(int[] rgb, int h, int w) {
    double scale = Math.max((double) w / width, (double) h / height);
    int innerWidth = (int) Math.max(1, Math.min(width, Math.round(w / scale)));
    int innerHeight = (int) Math.max(1, Math.min(height, Math.round(h / scale)));
    byte[] inner = Resampler.resize(rgb, h, w, Resampler.Window.whole(h, w),
        Resampler.Target.whole(innerHeight, innerWidth), filter);
    byte[] chw = new byte[Pixels.CHANNELS * height * width];
    Arrays.fill(chw, GREY);
    int left = (width - innerWidth) / 2;
    int top = (height - innerHeight) / 2;
    for (int row = 0; row < Pixels.CHANNELS * innerHeight; row++) {
      int y = row / innerHeight * height + top + row % innerHeight;
      System.arraycopy(inner, row * innerWidth, chw, y * width + left, innerWidth);
    }
    return new Pixels(height, width, chw);
  }

  private static boolean finite(Rgb values) {
    return Float.isFinite(values.red) && Float.isFinite(values.green) && Float.isFinite(values.blue);
  }

  private static int[] rgb(BufferedImage image) {
    BufferedImage plain = image;
    if (image.getType() != BufferedImage.TYPE_INT_RGB) {
      plain = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = plain.createGraphics();
      graphics.drawImage(image, 0, 0, Color.WHITE, null);
      graphics.dispose();
    } else if (image.getRaster().getSampleModelTranslateX() != 0 || image.getRaster().getParent() != null) {
      return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
    return ((DataBufferInt) plain.getRaster().getDataBuffer()).getData();
  }
}
