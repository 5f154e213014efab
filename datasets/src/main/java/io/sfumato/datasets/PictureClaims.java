package io.sfumato.datasets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a picture's headers claim, held against what its bytes can be, before anything is decoded.
 *
 * @param name who the picture is, for messages
 */
@SuppressWarnings("ArrayRecordComponent") // Lives within one call.
record PictureClaims(byte[] bytes, String name) {
  /** Pixels that any file may claim, however short. */
  private static final long FREE_PIXELS = 4_000_000;

  /** Pixels that a further byte may claim; a blank page of one bit a pixel reaches 8,000. */
  private static final long PIXELS_A_BYTE = 10_000;

  /** WebP is decoded in Java, about a microsecond a pixel. */
  private static final long MAX_WEBP_PIXELS = 20_000_000;

  /** Pixels times the passes over them of a progressive JPEG; 50 million pixels in 80 passes. */
  private static final long MAX_PASSED_PIXELS = 4_000_000_000L;

  /** How many pixels a picture of so many bytes may have. */
  static long mostPixels(long bytes) {
    return Math.min(Images.MAX_PIXELS, FREE_PIXELS + PIXELS_A_BYTE * Math.min(bytes, Images.MAX_PIXELS));
  }

  /**
   * Checks one size that a header claims.
   *
   * @throws DataException {@link Images#OVERSIZED}
   */
  void check(int width, int height) {
    check(width, height, Images.MAX_PIXELS);
  }

  private void check(int width, int height, long most) {
    long pixels = (long) width * height;
    if (pixels > most) {
      throw oversized("has %d x %d pixels, over the limit of %d million".formatted(width, height, most / 1_000_000));
    }
    if (pixels > mostPixels(bytes.length)) {
      throw oversized("claims %d x %d pixels, more than its %d bytes can well hold (%d)".formatted(width, height,
          bytes.length, mostPixels(bytes.length)));
    }
  }

  /**
   * Checks what stands deeper in the file: the sizes of a WebP's parts, which may differ from that of its canvas, and how
   * often a JPEG goes over its pixels.
   *
   * @param width that the reader has found
   * @param height that the reader has found
   * @throws DataException {@link Images#OVERSIZED}
   */
  void checkParts(int width, int height) {
    if (text(0, "RIFF") && text(8, "WEBP")) {
      check(width, height, MAX_WEBP_PIXELS);
      webpParts(12, bytes.length);
    } else if (bytes.length > 2 && (bytes[0] & 0xff) == 0xFF && (bytes[1] & 0xff) == 0xD8) {
      long scans = scans();
      if (scans * width * height > MAX_PASSED_PIXELS) {
        throw oversized("goes over its %d x %d pixels %d times".formatted(width, height, scans));
      }
    }
  }

  private void webpParts(int from, int to) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long at = from;
    while (at + 8 <= to) {
      int start = (int) at;
      long length = Integer.toUnsignedLong(buffer.getInt(start + 4));
      int data = start + 8;
      int end = (int) Math.min(to, data + length);
      if (text(start, "VP8 ") && data + 10 <= to) {
        check(buffer.getShort(data + 6) & 0x3fff, buffer.getShort(data + 8) & 0x3fff, MAX_WEBP_PIXELS);
      } else if (text(start, "VP8L") && data + 5 <= to) {
        int bits = buffer.getInt(data + 1);
        check((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, MAX_WEBP_PIXELS);
      } else if (text(start, "ANMF") && data + 16 < end) {
        webpParts(data + 16, end);
      }
      at += 8 + length + length % 2;
    }
  }

  /** How many scans begin; two bytes of a packed picture can be no marker. */
  private long scans() {
    long scans = 0;
    for (int i = 2; i + 1 < bytes.length; i++) {
      scans += bytes[i] == (byte) 0xFF && bytes[i + 1] == (byte) 0xDA ? 1 : 0;
    }
    return scans;
  }

  private boolean text(int at, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < wanted.length; i++) {
      if (at + i >= bytes.length || bytes[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private DataException oversized(String what) {
    return new DataException(Images.OVERSIZED, "image '" + name + "' " + what + "; make it smaller");
  }
}
