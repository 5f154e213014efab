package io.sfumato.datasets;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Whole pictures of the less usual kinds, made in code. */
final class OddPictures {
  /** One pixel each, as the WebP project's own page on detecting the format has them. */
  static final byte[] WEBP_LOSSY = Base64.getDecoder()
      .decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

  static final byte[] WEBP_LOSSLESS = Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");

  static final byte[] WEBP_ALPHA = Base64.getDecoder()
      .decode("UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7m"
          + "tQAAAA==");

  static final byte[] WEBP_ANIMATED = Base64.getDecoder()
      .decode("UklGRlIAAABXRUJQVlA4WAoAAAASAAAAAAAAAAAAQU5JTQYAAAD/////AABBTk1GJgAAAAAAAAAAAAAAAAAAAGQAAABWUDhMDQAAAC8A"
          + "AAAQBxAREYiI/gcA");

  private OddPictures() {}

  /** A picture whose four quarters are red, green, blue and white, row by row. */
  static BufferedImage quarters(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean left = x < width / 2;
        image.setRGB(x, y, y < height / 2 ? left ? 0xff0000 : 0x00ff00 : left ? 0x0000ff : 0xffffff);
      }
    }
    return image;
  }

  /** A picture of noise-free gradients, so that every byte of its file matters. */
  static BufferedImage gradients(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (255 * x / width) << 16 | (255 * y / height) << 8 | (x * y) % 256);
      }
    }
    return image;
  }

  /**
   * Grey or RGB with levels of 8 or 16 bits and, where wanted, alpha.
   *
   * @param levels one a band, for every pixel alike
   */
  static BufferedImage levels(int bits, boolean alpha, int... levels) {
    boolean grey = levels.length <= 2;
    int type = bits == 16 ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE;
    ComponentColorModel model = new ComponentColorModel(
        ColorSpace.getInstance(grey ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB), alpha, false,
        alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, type);
    WritableRaster raster = Raster.createInterleavedRaster(type, 6, 4, levels.length, null);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 6; x++) {
        raster.setPixel(x, y, levels);
      }
    }
    return new BufferedImage(model, raster, false, null);
  }

  /** A palette of orange, nothing and blue; columns take them in turn. */
  static BufferedImage palette() {
    byte[] red = {(byte) 255, 9, 0};
    byte[] green = {(byte) 128, 9, 0};
    byte[] blue = {0, 9, (byte) 255};
    byte[] alpha = {(byte) 255, 0, (byte) 255};
    BufferedImage image = new BufferedImage(6, 8, BufferedImage.TYPE_BYTE_INDEXED,
        new IndexColorModel(8, 3, red, green, blue, alpha));
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 6; x++) {
        image.getRaster().setSample(x, y, 0, x % 3);
      }
    }
    return image;
  }

  /** A JPEG of four components with Adobe's mark: transform 0 for inverted CMYK, 2 for YCCK. */
  static byte[] fourComponents(int transform, int... levels) {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        raster.setPixel(x, y, levels);
      }
    }
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.")) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
          writer.setOutput(out);
          writer.write(null, new IIOImage(raster, null, null), null);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        byte[] adobe = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
        return inserted(bytes.toByteArray(), 2, adobe);
      }
    }
    throw new IllegalStateException("the platform's own JPEG writer is missing");
  }

  /** A TIFF structure that says nothing but an orientation. */
  static byte[] exif(int orientation, ByteOrder order) {
    return ByteBuffer.allocate(26)
        .order(order)
        .put(order == ByteOrder.LITTLE_ENDIAN ? (byte) 'I' : (byte) 'M')
        .put(order == ByteOrder.LITTLE_ENDIAN ? (byte) 'I' : (byte) 'M')
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .putShort((short) 0)
        .putInt(0)
        .array();
  }

  /** A JPEG with Exif before everything else. */
  static byte[] jpegWithExif(byte[] jpeg, byte[] exif) {
    ByteBuffer segment = ByteBuffer.allocate(10 + exif.length)
        .putShort((short) 0xFFE1)
        .putShort((short) (8 + exif.length))
        .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
        .put(exif);
    return inserted(jpeg, 2, segment.array());
  }

  /** A PNG with Exif behind its header. */
  static byte[] pngWithExif(byte[] png, byte[] exif) {
    return inserted(png, 8 + 25, chunk("eXIf", exif));
  }

  /** A chunk of a PNG with its checksum. */
  static byte[] chunk(String type, byte[] data) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(data.length);
      out.writeBytes(type);
      out.write(data);
      CRC32 crc = new CRC32();
      crc.update(bytes.toByteArray(), 4, 4 + data.length);
      out.writeInt((int) crc.getValue());
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A WebP of extended format around the picture of a simple one, with Exif. */
  static byte[] webpWithExif(byte[] simple, int width, int height, byte[] exif) {
    ByteBuffer out = ByteBuffer.allocate(12 + 18 + simple.length - 12 + 8 + exif.length + exif.length % 2)
        .order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(out.capacity() - 8);
    out.put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(0x08);
    out.put((byte) (width - 1)).putShort((short) 0).put((byte) (height - 1)).putShort((short) 0);
    out.put(simple, 12, simple.length - 12);
    out.put("EXIF".getBytes(StandardCharsets.US_ASCII)).putInt(exif.length).put(exif);
    return out.array();
  }

  /** An uncompressed RGB TIFF that is to be turned. */
  static byte[] tiff(BufferedImage image, int orientation) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[][] entries = {{256, 3, 1, width}, {257, 3, 1, height}, {258, 3, 3, 8}, {259, 3, 1, 1}, {262, 3, 1, 2},
      {273, 4, 1, 14}, {274, 3, 1, orientation}, {277, 3, 1, 3}, {278, 3, 1, height}, {279, 4, 1, 3 * width * height},
      {284, 3, 1, 1}};
    int pixels = 3 * width * height;
    ByteBuffer out = ByteBuffer.allocate(14 + pixels + 2 + 12 * entries.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(14 + pixels);
    out.putShort((short) 8).putShort((short) 8).putShort((short) 8); // bits a sample, at 8
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = image.getRGB(x, y);
        out.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
      }
    }
    out.putShort((short) entries.length);
    for (int[] entry : entries) {
      out.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]).putInt(entry[3]);
    }
    return out.putInt(0).array();
  }

  /** A GIF whose only frame stands on a larger screen. */
  static byte[] gifOnScreen(byte[] gif, int screenWidth, int screenHeight, int left, int top) {
    byte[] out = gif.clone();
    put(out, 6, screenWidth);
    put(out, 8, screenHeight);
    int at = 13 + (3 << ((gif[10] & 7) + 1));
    while (out[at] == 0x21) { // extensions
      at += 2;
      while (out[at] != 0) {
        at += 1 + (out[at] & 0xff);
      }
      at++;
    }
    put(out, at + 1, left);
    put(out, at + 3, top);
    return out;
  }

  private static void put(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
  }

  /** Bytes put between others. */
  static byte[] inserted(byte[] bytes, int at, byte[] what) {
    return ByteBuffer.allocate(bytes.length + what.length)
        .put(bytes, 0, at)
        .put(what)
        .put(bytes, at, bytes.length - at)
        .array();
  }
}
