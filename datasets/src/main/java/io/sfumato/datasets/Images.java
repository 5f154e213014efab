package io.sfumato.datasets;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes pictures: JPEG (CMYK too), PNG (of every depth), WebP (lossy and lossless), GIF (the first frame), BMP and TIFF
 * (the first page), turned upright where their Exif asks for it. The size is read from the header before anything is
 * decoded, so that a small file that claims a huge picture costs nothing: over {@link #MAX_PIXELS}, or over what
 * {@linkplain #mostPixels so many bytes} can well hold, it is refused. Safe for use by many threads.
 */
public final class Images {
  /** The most pixels that a picture may have: 50 million. */
  public static final long MAX_PIXELS = 50_000_000;

  /** {@link DataException#code()} of bytes that are no picture, or a broken one. */
  public static final String UNDECODABLE = "UNDECODABLE_IMAGE";

  /** {@link DataException#code()} of a picture over {@link #MAX_PIXELS} or {@link #mostPixels}. */
  public static final String OVERSIZED = "OVERSIZED_IMAGE";

  private Images() {}

  /**
   * The picture as opaque RGB ({@link BufferedImage#TYPE_INT_RGB}), transparent parts over white.
   *
   * @param name who the picture is, for messages
   * @throws DataException {@link #UNDECODABLE} or {@link #OVERSIZED}
   */
  public static BufferedImage decode(byte[] bytes, String name) {
    try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader = reader(stream, bytes, name);
      try {
        boolean gif = reader.getFormatName().equalsIgnoreCase("gif");
        reader.setInput(stream, true, !gif);
        PictureClaims claims = new PictureClaims(bytes, name);
        claims.check(reader.getWidth(0), reader.getHeight(0));
        claims.checkParts(reader.getWidth(0), reader.getHeight(0));
        if (gif) {
          GifCanvas canvas = GifCanvas.of(bytes, reader);
          claims.check(canvas.width(), canvas.height());
          return upright(canvas.place(reader.read(0)), ExifOrientation.UPRIGHT);
        }
        return upright(reader.read(0), ExifOrientation.of(bytes));
      } finally {
        reader.dispose();
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders throw whatever their arithmetic runs into
      throw undecodable(name, why(e), e);
    }
  }

  private static String why(Exception e) {
    if (e instanceof EOFException) {
      return "it ends too early";
    }
    return e.getMessage() == null ? "it is damaged: " + e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * The usual suffix of a file with these bytes, without its dot: {@code jpg}, {@code png}, {@code webp}, {@code gif}, {@code bmp} or {@code tif}.
   *
   * @throws DataException {@link #UNDECODABLE} where the first bytes are those of no known format
   */
  public static String suffix(byte[] bytes, String name) {
    try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader = reader(stream, bytes, name);
      try {
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        return switch (format) {
          case "jpeg" -> "jpg";
          case "tiff" -> "tif";
          default -> format;
        };
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw undecodable(name, String.valueOf(e.getMessage()), e);
    }
  }

  /** Reads and decodes; an unreadable file is {@link #UNDECODABLE}. */
  public static BufferedImage decode(ImageSource source) {
    byte[] bytes;
    try {
      bytes = source.read();
    } catch (IOException e) {
      throw undecodable(source.name(), "it cannot be read: " + e.getMessage(), e);
    }
    return decode(bytes, source.name());
  }

  private static ImageReader reader(ImageInputStream stream, byte[] bytes, String name) {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    if (!readers.hasNext()) {
      throw undecodable(name, bytes.length == 0 ? "it is empty" : "its first bytes are those of no known format", null);
    }
    return readers.next();
  }

  /**
   * How many pixels a picture of so many bytes may have: 4 million and 10,000 a byte, at most {@link #MAX_PIXELS} (20
   * million for WebP). Decoding holds up to 16 bytes of memory a pixel.
   */
  public static long mostPixels(long bytes) {
    return PictureClaims.mostPixels(bytes);
  }

  private static DataException undecodable(String name, String why, @Nullable Throwable cause) {
    return new DataException(UNDECODABLE,
        "image '" + name + "' cannot be decoded (" + why.lines().findFirst().orElse("")
            + "); give a JPEG, PNG, WebP, GIF, BMP or TIFF",
        cause);
  }

  private static BufferedImage upright(BufferedImage image, ExifOrientation orientation) {
    if (image.getType() == BufferedImage.TYPE_INT_RGB && orientation == ExifOrientation.UPRIGHT) {
      return image;
    }
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = orientation.apply(OpaqueRgb.of(image), width, height);
    boolean turned = orientation.turnsSides();
    BufferedImage rgb = new BufferedImage(turned ? height : width, turned ? width : height, BufferedImage.TYPE_INT_RGB);
    rgb.getRaster().setDataElements(0, 0, rgb.getWidth(), rgb.getHeight(), pixels);
    return rgb;
  }
}
