package io.sfumato.datasets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a camera was held: the tag {@code Orientation} (0x0112) of Exif 2.3, in JPEG, PNG, WebP and TIFF. A camera writes its
 * sensor's rows as they are and says by this tag how a viewer is to turn them.
 *
 * <p>Reads the first directory only, and within the bounds of what is there: broken Exif means that nothing is turned.
 */
enum ExifOrientation {
  /** As it stands. */
  UPRIGHT(1, false),
  /** Left and right exchanged. */
  MIRRORED(2, false),
  /** Turned by half. */
  HALF_TURN(3, false),
  /** Top and bottom exchanged. */
  FLIPPED(4, false),
  /** Rows and columns exchanged. */
  TRANSPOSED(5, true),
  /** To be turned by a quarter clockwise. */
  QUARTER_RIGHT(6, true),
  /** Rows and columns exchanged, about the other diagonal. */
  TRANSVERSE(7, true),
  /** To be turned by a quarter counter-clockwise. */
  QUARTER_LEFT(8, true);

  private static final int TAG = 0x0112;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  private final int value;
  private final boolean turnsSides;

  ExifOrientation(int value, boolean turnsSides) {
    this.value = value;
    this.turnsSides = turnsSides;
  }

  /** Whether width and height change places. */
  boolean turnsSides() {
    return turnsSides;
  }

  private static ExifOrientation of(int value) {
    return Arrays.stream(values()).filter(orientation -> orientation.value == value).findFirst().orElse(UPRIGHT);
  }

  /** The orientation that an encoded picture asks for; {@link #UPRIGHT} where it says nothing that can be read. */
  static ExifOrientation of(byte[] bytes) {
    if (starts(bytes, 0, 0xFF, 0xD8)) {
      return ofJpeg(bytes);
    }
    if (starts(bytes, 0, 0x89, 'P', 'N', 'G')) {
      return ofPng(bytes);
    }
    if (starts(bytes, 0, 'R', 'I', 'F', 'F') && starts(bytes, 8, 'W', 'E', 'B', 'P')) {
      return ofWebp(bytes);
    }
    return starts(bytes, 0, 'I', 'I') || starts(bytes, 0, 'M', 'M') ? ofTiff(bytes, 0, bytes.length) : UPRIGHT;
  }

  private static ExifOrientation ofJpeg(byte[] bytes) {
    int at = 2;
    while (at + 4 <= bytes.length && (bytes[at] & 0xff) == 0xFF) {
      int marker = bytes[at + 1] & 0xff;
      if (marker == 0xDA || marker == 0xD9) {
        break; // the picture itself begins, or all ends
      }
      if (marker == 0xFF) {
        at++; // fill
        continue;
      }
      int length = (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
      int end = Math.min(bytes.length, at + 2 + length);
      if (marker == 0xE1 && has(bytes, at + 4, EXIF)) {
        return ofTiff(bytes, at + 4 + EXIF.length, end);
      }
      at += 2 + Math.max(2, length);
    }
    return UPRIGHT;
  }

  private static ExifOrientation ofPng(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long at = 8;
    while (at + 12 <= bytes.length) {
      int start = (int) at;
      long length = Integer.toUnsignedLong(buffer.getInt(start));
      if (starts(bytes, start + 4, 'e', 'X', 'I', 'f')) {
        return ofTiff(bytes, start + 8, (int) Math.min(bytes.length, start + 8 + length));
      }
      at += 12 + length;
    }
    return UPRIGHT;
  }

  private static ExifOrientation ofWebp(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long at = 12;
    while (at + 8 <= bytes.length) {
      int start = (int) at;
      long length = Integer.toUnsignedLong(buffer.getInt(start + 4));
      if (starts(bytes, start, 'E', 'X', 'I', 'F')) {
        int begin = start + 8 + (has(bytes, start + 8, EXIF) ? EXIF.length : 0);
        return ofTiff(bytes, begin, (int) Math.min(bytes.length, start + 8 + length));
      }
      at += 8 + length + length % 2;
    }
    return UPRIGHT;
  }

  /** The tag in the first directory of a TIFF structure that lies in {@code [begin, end)}. */
  private static ExifOrientation ofTiff(byte[] bytes, int begin, int end) {
    if (begin + 8 > end) {
      return UPRIGHT;
    }
    ByteBuffer tiff = ByteBuffer.wrap(bytes, begin, end - begin).slice();
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (tiff.getShort(2) != 42 || directory + 2 > tiff.limit()) {
      return UPRIGHT;
    }
    int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
    for (int i = 0; i < entries; i++) {
      long at = directory + 2 + 12L * i;
      if (at + 12 > tiff.limit()) {
        break;
      }
      if (Short.toUnsignedInt(tiff.getShort((int) at)) == TAG) {
        return of(Short.toUnsignedInt(tiff.getShort((int) at + 8)));
      }
    }
    return UPRIGHT;
  }

  /**
   * Turns a picture as a viewer would.
   *
   * @param rgb {@code width * height} pixels
   * @return the turned pixels, of {@code height} columns where {@link #turnsSides()}; the same array where nothing is turned
   */
  int[] apply(int[] rgb, int width, int height) {
    if (this == UPRIGHT) {
      return rgb;
    }
    int w = turnsSides ? height : width;
    int h = turnsSides ? width : height;
    int[] out = new int[rgb.length];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int from = switch (this) {
          case UPRIGHT -> y * width + x;
          case MIRRORED -> y * width + width - 1 - x;
          case HALF_TURN -> (height - 1 - y) * width + width - 1 - x;
          case FLIPPED -> (height - 1 - y) * width + x;
          case TRANSPOSED -> x * width + y;
          case QUARTER_RIGHT -> (height - 1 - x) * width + y;
          case TRANSVERSE -> (height - 1 - x) * width + width - 1 - y;
          case QUARTER_LEFT -> x * width + width - 1 - y;
        };
        out[y * w + x] = rgb[from];
      }
    }
    return out;
  }

  private static boolean has(byte[] bytes, int at, byte[] text) {
    return at + text.length <= bytes.length && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
  }

  private static boolean starts(byte[] bytes, int at, int... with) {
    if (at + with.length > bytes.length) {
      return false;
    }
    for (int i = 0; i < with.length; i++) {
      if ((bytes[at + i] & 0xff) != with[i]) {
        return false;
      }
    }
    return true;
  }
}
