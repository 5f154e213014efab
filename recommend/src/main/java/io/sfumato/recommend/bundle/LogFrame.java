package io.sfumato.recommend.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How records stand in a log. A record: its length (4 bytes, big-endian), the CRC-32C of its bytes (4), its bytes. A mark: −1 (4 bytes), the CRC-32C of what follows (4), and a position (8), up to which all was
 * on disk when the mark was written. An edition, at the beginning of a log that was written anew: −2 (4 bytes), the CRC-32C of what follows (4), and a number (8) that no other log has: positions in one edition
 * mean nothing in another.
 *
 * <p>The marks tell damage from what a crash leaves. A crash may keep any part of what was not yet forced: a later record and not the one before it, half a record, zeros. A damaged record is taken for
 * such a remainder, and the log ends before it, unless a mark behind it says that it had been on disk.
 */
final class LogFrame {
  static final int HEADER = 8;
  static final int MAX_RECORD = 64 << 20;
  private static final int MARK = -1;
  private static final int EDITION = -2;
  private static final int MARK_BYTES = HEADER + Long.BYTES;
  private static final int BLOCK = 1 << 20;

  private LogFrame() {}

  /** A record with its header, to be written. */
  static ByteBuffer of(byte[] record) {
    check(record);
    return put(ByteBuffer.allocate(HEADER + record.length), record).flip();
  }

  /** A mark and a record behind it. */
  static ByteBuffer marked(long onDisk, byte[] record) {
    check(record);
    return put(mark(ByteBuffer.allocate(MARK_BYTES + HEADER + record.length), onDisk), record).flip();
  }

  /** A mark alone. */
  static ByteBuffer mark(long onDisk) {
    return mark(ByteBuffer.allocate(MARK_BYTES), onDisk).flip();
  }

  /** The edition of a log, to stand at its beginning. */
  static ByteBuffer edition(long number) {
    return number(ByteBuffer.allocate(MARK_BYTES), EDITION, number).flip();
  }

  /** The edition of a log; 0 where none stands at its beginning. */
  static long edition(FileChannel in) throws IOException {
    if (in.size() < MARK_BYTES) {
      return 0;
    }
    ByteBuffer first = new LogBytes(in, MARK_BYTES).at(0, MARK_BYTES);
    int kind = first.getInt();
    int crc = first.getInt();
    long number = first.getLong();
    return kind == EDITION && crc(position(number)) == crc ? number : 0;
  }

  private static void check(byte[] record) {
    if (record.length == 0 || record.length > MAX_RECORD) {
      throw new IllegalArgumentException("a record must have 1 to " + MAX_RECORD + " bytes but had " + record.length);
    }
  }

  private static ByteBuffer put(ByteBuffer to, byte[] record) {
    return to.putInt(record.length).putInt(crc(record)).put(record);
  }

  private static ByteBuffer mark(ByteBuffer to, long onDisk) {
    return number(to, MARK, onDisk);
  }

  private static ByteBuffer number(ByteBuffer to, int kind, long number) {
    return to.putInt(kind).putInt(crc(position(number))).putLong(number);
  }

  /** Gets a record and where it stands. */
  @FunctionalInterface
  interface Reader {
    void next(byte[] record, long at) throws IOException;
  }

  /**
   * Gives the records from one position up to another to a reader.
   *
   * @param file for messages
   * @param open whether the end may be what a crash left
   * @return where the last whole record or mark ends
   * @throws BundleException {@code CORRUPT} for a damaged record that had been on disk
   */
  static long read(FileChannel in, Path file, long from, long size, boolean open, Reader reader) throws IOException {
    LogBytes bytes = new LogBytes(in, size);
    long at = from;
    while (size - at >= HEADER) {
      int length = bytes.at(at, HEADER).getInt();
      byte[] body = body(bytes, at, size);
      if (body == null) {
        if (open && !wasOnDisk(in, at, size)) {
          return at;
        }
        throw damaged(at, file);
      }
      if (length > 0) {
        reader.next(body, at);
      }
      at += HEADER + body.length;
    }
    return at;
  }

  /**
   * Gives the records that stand at some positions to a reader.
   *
   * @param size up to where there are records
   * @throws BundleException {@code CORRUPT} for one that is damaged
   */
  static void read(FileChannel in, Path file, long[] positions, long size, Reader reader) throws IOException {
    LogBytes bytes = new LogBytes(in, size);
    for (long at : positions) {
      byte[] body = body(bytes, at, size);
      if (body == null) {
        throw damaged(at, file);
      }
      reader.next(body, at);
    }
  }

  /** What follows the header at a position; null where it is damaged or not whole. */
  private static byte @Nullable [] body(LogBytes bytes, long at, long size) throws IOException {
    ByteBuffer header = bytes.at(at, HEADER);
    int length = header.getInt();
    int crc = header.getInt();
    int follows = length == MARK || length == EDITION ? Long.BYTES : length;
    if (follows <= 0 || follows > MAX_RECORD || at + HEADER + follows > size) {
      return null;
    }
    byte[] body = new byte[follows];
    bytes.at(at + HEADER, follows).get(body);
    return crc(body) == crc ? body : null;
  }

  private static BundleException damaged(long at, Path file) {
    return new BundleException("CORRUPT",
        "the record at byte %d of %s is damaged; restore the file from a copy, or cut it off there to go without what follows"
            .formatted(at, file));
  }

  /** Whether a mark behind a position says that the byte there had been on disk. */
  private static boolean wasOnDisk(FileChannel in, long at, long size) throws IOException {
    for (long from = at; from + MARK_BYTES <= size; from += BLOCK) {
      int count = (int) Math.min(BLOCK + MARK_BYTES - 1L, size - from); // blocks overlap: a mark may lie across
      ByteBuffer block = new LogBytes(in, from + count).at(from, count);
      for (int i = 0; i + MARK_BYTES <= count; i++) {
        if (block.getInt(i) == MARK) {
          long onDisk = block.getLong(i + HEADER);
          if (onDisk > at && onDisk <= from + i && crc(position(onDisk)) == block.getInt(i + Integer.BYTES)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static byte[] position(long onDisk) {
    return ByteBuffer.allocate(Long.BYTES).putLong(onDisk).array();
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
