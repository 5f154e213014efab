package io.sfumato.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hundreds of broken pictures: whatever their bytes say, each becomes a picture or one clear error, within
 * {@value #SECONDS} seconds, and takes no more memory than a picture of so many bytes may
 * ({@value #BYTES_A_PIXEL} bytes for each of {@link Images#mostPixels}, {@value #WEBP_BYTES_A_PIXEL} for WebP, and
 * {@value #FREE_BYTES}).
 */
class MalformedImagesTest {
  private static final int SECONDS = 60;
  private static final int BYTES_A_PIXEL = 16;
  /** All that a thread ever takes counts here; the decoder of WebP throws most of it away at once. */
  private static final int WEBP_BYTES_A_PIXEL = 400;
  private static final long FREE_BYTES = 16L << 20;
  private static final int MUTATIONS = 40;

  private static final Map<String, byte[]> WHOLE = whole();

  @ParameterizedTest
  @MethodSource({"flipped", "cut", "glued", "absurd"})
  void brokenBytesAreAPictureOrOneClearError(MemoryImage broken) {
    check(broken);
  }

  @Test
  void wholePicturesAreDecoded() {
    assertThat(WHOLE).allSatisfy((name, bytes) -> assertThat(Images.decode(bytes, name).getWidth()).isPositive());
  }

  @Test
  void thereAreHundreds() {
    assertThat(Stream.of(flipped(), cut(), glued(), absurd()).mapToLong(Stream::count).sum()).isGreaterThan(400);
  }

  private static void check(MemoryImage broken) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    boolean webp = new String(broken.bytes(), StandardCharsets.ISO_8859_1).startsWith("RIFF");
    long allowed = (webp ? WEBP_BYTES_A_PIXEL : BYTES_A_PIXEL) * Images.mostPixels(broken.bytes().length) + FREE_BYTES;
    long taken = assertTimeoutPreemptively(Duration.ofSeconds(SECONDS), () -> {
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        assertThat(Images.decode(broken).getWidth()).isPositive();
      } catch (DataException e) {
        assertThat(e.code()).isIn(Images.UNDECODABLE, Images.OVERSIZED);
        assertThat(e.getMessage()).startsWith("image '" + broken.name() + "' ").doesNotContain("\n");
      }
      return threads.getCurrentThreadAllocatedBytes() - before;
    });
    assertThat(taken).as("bytes of memory").isLessThan(allowed);
  }

  /** One to eight bits or bytes changed, most of them near the beginning, where headers are. */
  static Stream<MemoryImage> flipped() {
    List<MemoryImage> all = new ArrayList<>();
    WHOLE.forEach((name, bytes) -> {
      for (int seed = 0; seed < MUTATIONS; seed++) {
        SplittableRandom random = new SplittableRandom(31L * name.hashCode() + seed);
        byte[] changed = bytes.clone();
        for (int i = 0; i <= seed % 8; i++) {
          int at = random.nextInt(random.nextBoolean() ? Math.min(80, changed.length) : changed.length);
          changed[at] = seed % 2 == 0 ? (byte) (changed[at] ^ 1 << random.nextInt(8)) : (byte) random.nextInt();
        }
        all.add(new MemoryImage(name + " flipped " + seed, changed));
      }
    });
    return all.stream();
  }

  static Stream<MemoryImage> cut() {
    List<MemoryImage> all = new ArrayList<>();
    WHOLE.forEach((name, bytes) -> {
      for (int eighth = 0; eighth < 8; eighth++) {
        all.add(new MemoryImage(name + " cut at " + eighth + "/8", Arrays.copyOf(bytes, bytes.length * eighth / 8)));
      }
      all.add(new MemoryImage(name + " without its last byte", Arrays.copyOf(bytes, bytes.length - 1)));
    });
    return all.stream();
  }

  /** The beginning of one and the end of another. */
  static Stream<MemoryImage> glued() {
    List<MemoryImage> all = new ArrayList<>();
    List<Map.Entry<String, byte[]>> whole = List.copyOf(WHOLE.entrySet());
    for (int i = 0; i < whole.size(); i++) {
      byte[] head = whole.get(i).getValue();
      byte[] tail = whole.get((i + 1) % whole.size()).getValue();
      byte[] both = Arrays.copyOf(head, head.length / 2 + tail.length - tail.length / 2);
      System.arraycopy(tail, tail.length / 2, both, head.length / 2, tail.length - tail.length / 2);
      all.add(new MemoryImage(whole.get(i).getKey() + " and another", both));
    }
    return all.stream();
  }

  /** Sizes and counts that no such file can have. */
  static Stream<MemoryImage> absurd() {
    List<MemoryImage> all = new ArrayList<>();
    for (int[] size : new int[][]{{Integer.MAX_VALUE, Integer.MAX_VALUE}, {1, Integer.MAX_VALUE}, {0, 5}, {-1, -1},
      {60_000, 60_000}, {7000, 7000}, {2000, 2000}}) {
      String name = size[0] + " by " + size[1];
      all.add(new MemoryImage("png of " + name, Pictures.claiming(size[0], size[1])));
      all.add(new MemoryImage("bmp of " + name, patched("bmp", ByteOrder.LITTLE_ENDIAN, 18, size[0], 22, size[1])));
    }
    for (int side : new int[]{0x3fff, 0xffff, 4000, 2000}) {
      all.add(new MemoryImage("gif of side " + side, patchedShort("gif", ByteOrder.LITTLE_ENDIAN, side, 6, 8)));
      byte[] gif = whole("gif");
      int frame = frameOf(gif);
      all.add(new MemoryImage("gif frame of side " + side,
          patchedShort("gif", ByteOrder.LITTLE_ENDIAN, side, frame + 5, frame + 7)));
      int sof = startOfFrame(whole("jpg"));
      all.add(
          new MemoryImage("jpg of side " + side, patchedShort("jpg", ByteOrder.BIG_ENDIAN, side, sof + 5, sof + 7)));
      all.add(new MemoryImage("webp lossy of side " + side,
          patchedShort("webp lossy", ByteOrder.LITTLE_ENDIAN, side, 26, 28)));
      byte[] lossless = OddPictures.WEBP_LOSSLESS.clone();
      int bits = Math.min(side, 0x3fff);
      ByteBuffer.wrap(lossless).order(ByteOrder.LITTLE_ENDIAN).putInt(21, bits | bits << 14);
      all.add(new MemoryImage("webp lossless of side " + side, lossless));
      byte[] hidden = OddPictures.webpWithExif(lossless, 1, 1, new byte[8]);
      all.add(new MemoryImage("webp whose picture is larger than it says, " + side, hidden));
      byte[] hiddenLossy = OddPictures.webpWithExif(
          patchedShort("webp lossy", ByteOrder.LITTLE_ENDIAN, side, 26, 28).clone(), 1, 1, new byte[8]);
      all.add(new MemoryImage("webp whose lossy picture is larger than it says, " + side, hiddenLossy));
    }
    for (int entry = 0; entry < 11; entry++) {
      byte[] tiff = whole("tif turned");
      int at = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN).getInt(4) + 2 + 12 * entry;
      for (int value : new int[]{Integer.MAX_VALUE, -1, 0, 70_000_000}) {
        byte[] counts = tiff.clone();
        ByteBuffer.wrap(counts).order(ByteOrder.LITTLE_ENDIAN).putInt(at + 4, value);
        all.add(new MemoryImage("tif with count " + value + " in entry " + entry, counts));
        byte[] values = tiff.clone();
        ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).putInt(at + 8, value);
        all.add(new MemoryImage("tif with value " + value + " in entry " + entry, values));
      }
    }
    for (int field : new int[]{10, 14, 28, 30, 34, 46, 50}) {
      all.add(new MemoryImage("bmp with a huge number at " + field,
          patched("bmp", ByteOrder.LITTLE_ENDIAN, field, 0x7fffffff, field, 0x7fffffff)));
    }
    all.add(new MemoryImage("jpg of a thousand scans", manyScans()));
    all.add(new MemoryImage("png that unpacks to a thousand times its size", bomb()));
    all.add(new MemoryImage("png with a text that unpacks to 64 MB", textBomb()));
    all.add(new MemoryImage("png with a chunk of 2 GB", OddPictures.inserted(whole("png"), 33,
        new byte[]{0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 't', 'E', 'X', 't', 0, 0, 0, 0})));
    return all.stream();
  }

  private static byte[] patched(String name, ByteOrder order, int at, int value, int otherAt, int otherValue) {
    byte[] bytes = whole(name);
    ByteBuffer.wrap(bytes).order(order).putInt(at, value).putInt(otherAt, otherValue);
    return bytes;
  }

  private static byte[] patchedShort(String name, ByteOrder order, int value, int... at) {
    byte[] bytes = whole(name);
    for (int place : at) {
      ByteBuffer.wrap(bytes).order(order).putShort(place, (short) value);
    }
    return bytes;
  }

  /** Where the first image descriptor of a GIF without extensions begins. */
  private static int frameOf(byte[] gif) {
    int at = 13 + (3 << ((gif[10] & 7) + 1));
    while (gif[at] != 0x2C) {
      at++;
    }
    return at;
  }

  private static int startOfFrame(byte[] jpeg) {
    int at = 2;
    while (jpeg[at + 1] != (byte) 0xC0) {
      at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
    }
    return at;
  }

  /** 2,000 by 2,000 pixels of nothing, 12 MB in a few kilobytes, behind which the data go on for 64 MB. */
  private static byte[] bomb() {
    byte[] header = ByteBuffer.allocate(13).putInt(2000).putInt(2000).put(new byte[]{8, 2, 0, 0, 0}).array();
    return png(OddPictures.chunk("IHDR", header), OddPictures.chunk("IDAT", zeros(64 << 20)));
  }

  /** The header of a progressive JPEG of 20 million pixels and a thousand scans that say nothing. */
  private static byte[] manyScans() {
    byte[] jpeg = patchedShort("jpg", ByteOrder.BIG_ENDIAN, 4400, startOfFrame(whole("jpg")) + 5,
        startOfFrame(whole("jpg")) + 7);
    int sof = startOfFrame(jpeg);
    jpeg[sof + 1] = (byte) 0xC2;
    byte[] scan = {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 0, 0, 0};
    ByteBuffer scans = ByteBuffer.allocate(1000 * scan.length);
    for (int i = 0; i < 1000; i++) {
      scans.put(scan);
    }
    return OddPictures.inserted(jpeg, jpeg.length - 2, scans.array());
  }

  private static byte[] textBomb() {
    byte[] packed = zeros(64 << 20);
    byte[] text = OddPictures.inserted(packed, 0, "Text\0\0".getBytes(StandardCharsets.US_ASCII));
    return OddPictures.inserted(whole("png"), 33, OddPictures.chunk("zTXt", text));
  }

  private static byte[] png(byte[]... chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[]{(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    Arrays.stream(chunks).forEach(out::writeBytes);
    out.writeBytes(OddPictures.chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  private static byte[] zeros(int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      byte[] block = new byte[1 << 16];
      for (int i = 0; i < count; i += block.length) {
        out.write(block);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] whole(String name) {
    byte[] bytes = WHOLE.get(name);
    if (bytes == null) {
      throw new IllegalArgumentException(name);
    }
    return bytes.clone();
  }

  private static Map<String, byte[]> whole() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("png", Pictures.encoded("png", OddPictures.gradients(40, 30)));
    all.put("png of 16 bits", Pictures.encoded("png", OddPictures.levels(16, true, 9000, 20_000, 50_000, 40_000)));
    all.put("png of a palette", Pictures.encoded("png", OddPictures.palette()));
    all.put("jpg", Pictures.encoded("jpg", OddPictures.gradients(40, 30)));
    all.put("jpg with Exif", OddPictures.jpegWithExif(Pictures.encoded("jpg", OddPictures.gradients(40, 30)),
        OddPictures.exif(6, ByteOrder.BIG_ENDIAN)));
    all.put("jpg of a printer", OddPictures.fourComponents(2, 179, 171, 1, 255));
    all.put("gif", Pictures.encoded("gif", OddPictures.quarters(40, 30)));
    all.put("bmp", Pictures.encoded("bmp", OddPictures.gradients(40, 30)));
    all.put("tif", Pictures.encoded("tiff", OddPictures.gradients(40, 30)));
    all.put("tif turned", OddPictures.tiff(OddPictures.gradients(40, 30), 6));
    all.put("webp lossy", OddPictures.WEBP_LOSSY);
    all.put("webp lossless", OddPictures.WEBP_LOSSLESS);
    all.put("webp with alpha", OddPictures.WEBP_ALPHA);
    all.put("webp moving", OddPictures.WEBP_ANIMATED);
    return all;
  }
}
