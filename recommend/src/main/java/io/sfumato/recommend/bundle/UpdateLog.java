package io.sfumato.recommend.bundle;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of records that is only ever appended to: what came after a bundle was written. Each record is its length (4 bytes, big-endian), the CRC-32C of its bytes (4), and its bytes.
 *
 * <p>What {@link #append} has returned from is on disk: appending threads share one force. A record that a crash cut off at the end was never acknowledged; it is skipped when reading and cut off before
 * the next append. A damaged record anywhere else is an error. The file is locked from the first append on, so that two programs cannot write to one bundle; reading needs no lock.
 * Thread-safe; close it.
 */
public final class UpdateLog implements AutoCloseable {
  private static final int HEADER = 8;
  private static final int MAX_RECORD = 64 << 20;

  private final Path file;
  private final Consumer<byte[]> reader;
  private final Object forcing = new Object();
  private long read;
  private @Nullable FileChannel channel;
  private volatile long written;
  private long forced;
  private boolean closed;

  private UpdateLog(Path file, Consumer<byte[]> reader) {
    this.file = file;
    this.reader = reader;
  }

  /**
   * Opens a log, which need not exist yet, and reads what it holds.
   *
   * @param reader gets each record; later also those that another program appended before this one first does
   * @throws BundleException {@code CORRUPT} for a damaged record that is not the last
   */
  public static UpdateLog open(Path file, Consumer<byte[]> reader) {
    UpdateLog log = new UpdateLog(file, reader);
    try {
      log.replay();
      return log;
    } catch (IOException e) {
      throw log.failed("read", e);
    }
  }

  /** Whether a log holds anything. */
  static boolean holdsRecords(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) > 0;
  }

  /**
   * Appends a record; the reader gets it at once, in the order of the log, and it is on disk when this returns.
   *
   * @throws BundleException {@code IN_USE} where another program writes to the same bundle, {@code IO} where the disk refuses
   */
  public void append(byte[] record) {
    if (record.length == 0 || record.length > MAX_RECORD) {
      throw new IllegalArgumentException("a record must have 1 to " + MAX_RECORD + " bytes but had " + record.length);
    }
    try {
      FileChannel out;
      long end;
      synchronized (this) {
        out = writing();
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + record.length);
        bytes.putInt(record.length).putInt(crc(record)).put(record).flip();
        try {
          while (bytes.hasRemaining()) {
            written += out.write(bytes, written);
          }
        } catch (IOException e) {
          out.truncate(read); // half a record must not stand before the next one
          written = read;
          throw e;
        }
        read = written;
        end = written;
        reader.accept(record);
      }
      force(out, end);
    } catch (IOException e) {
      throw failed("append to", e);
    }
  }

  /** Forces to disk up to a position at least; who waits here finds most often that another has forced for it. */
  private void force(FileChannel out, long end) throws IOException {
    synchronized (forcing) {
      if (forced < end) {
        long upTo = written;
        out.force(false);
        forced = upTo;
      }
    }
  }

  private FileChannel writing() throws IOException {
    if (closed) {
      throw new BundleException("IO", "the log " + file + " is closed; open the bundle again");
    }
    if (channel != null) {
      return channel;
    }
    boolean isNew = !Files.exists(file);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null && isNew) {
      Files.createDirectories(parent);
    }
    FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    try {
      if (!lock(opened)) {
        throw new BundleException("IN_USE",
            "another program writes to %s; only one may change a bundle at a time".formatted(file));
      }
      replay(opened);
      opened.truncate(read);
      written = read;
      opened.force(true);
      if (parent != null && isNew) {
        BundleFiles.forceDirectory(parent);
      }
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
    channel = opened;
    return opened;
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) { // held within this program: as good as by another
      return false;
    }
  }

  private synchronized void replay() throws IOException {
    if (Files.exists(file)) {
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
        replay(in);
      }
    }
  }

  /** Reads from where reading ended last. */
  private void replay(FileChannel in) throws IOException {
    long size = in.size();
    while (size - read >= HEADER) {
      ByteBuffer header = read(in, read, HEADER);
      int length = header.getInt();
      int crc = header.getInt();
      if (length > 0 && length <= MAX_RECORD && read + HEADER + length <= size) {
        byte[] record = read(in, read + HEADER, length).array();
        if (crc(record) == crc) {
          read += HEADER + length;
          reader.accept(record);
          continue;
        }
      }
      if (isTornEnd(in, size, length)) {
        return;
      }
      throw new BundleException("CORRUPT",
          "the record at byte %d of %s is damaged; restore the file from a copy, or cut it off there to go without what follows"
              .formatted(read, file));
    }
  }

  /** Whether the bad record at {@link #read} is what a crash leaves: one that reaches the end of the file, or zeros up to it. */
  private boolean isTornEnd(FileChannel in, long size, int length) throws IOException {
    if (length > 0 && length <= MAX_RECORD) {
      return read + HEADER + length >= size;
    }
    if (size - read > MAX_RECORD) {
      return false;
    }
    for (byte b : read(in, read, (int) (size - read)).array()) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuffer read(FileChannel in, long at, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (in.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("file ends at " + (at + buffer.position()));
      }
    }
    return buffer.flip();
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private BundleException failed(String what, IOException cause) {
    return new BundleException("IO", "cannot %s %s: %s".formatted(what, file, cause.getMessage()), cause);
  }

  /**
   * Writes some of the records of a log to another, which must not exist yet, and forces it to disk.
   *
   * @return how many were left out
   * @throws BundleException {@code CORRUPT} for a damaged record that is not the last
   */
  public static long copy(Path from, Path to, Predicate<byte[]> kept) {
    long[] left = {0};
    try (FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        UpdateLog ignored = open(from, record -> {
          if (kept.test(record)) {
            write(out, to, record);
          } else {
            left[0]++;
          }
        })) {
      out.force(true);
    } catch (IOException e) {
      throw new BundleException("IO", "cannot write %s: %s".formatted(to, e.getMessage()), e);
    }
    return left[0];
  }

  private static void write(FileChannel out, Path file, byte[] record) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + record.length);
    bytes.putInt(record.length).putInt(crc(record)).put(record).flip();
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new BundleException("IO", "cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Text as a record. */
  public static byte[] record(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Lets go of the file; what was appended is on disk already. */
  @Override
  public synchronized void close() {
    closed = true;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw failed("close", e);
      }
      channel = null;
    }
  }
}
