package io.sfumato.recommend.bundle;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file of records that is only ever appended to: what came after a bundle was written, in the frames of {@link LogFrame}.
 *
 * <p>What {@link #append} has returned from is on disk: appending threads share one force. With an interval, it has been handed to the operating system instead and is on disk after that time at the latest, or
 * when the log is closed. What a crash left of records that were never acknowledged, whole, torn or out of order, is skipped from the first damaged one on, and cut off before the next append. A damaged record of which a later
 * mark says that it had been on disk is an error.
 *
 * <p>Where the disk once refused to force, nobody knows which bytes it kept: the log then takes no further record until it is opened again. An interrupted thread does no harm: its record is appended all the
 * same.
 *
 * <p>The file is locked from {@link #lock} or the first append on, so that two programs cannot write to one bundle; reading needs no lock. Thread-safe; close it.
 */
public final class UpdateLog implements AutoCloseable {
  private final Path file;
  private final Duration interval;
  private final Consumer<byte[]> reader;
  private final Object forcing = new Object(); // taken before the lock of this object where both are
  private long read;
  private @Nullable FileChannel channel;
  private long written;
  private long forced;
  private long marked;
  private boolean forceIsComing;
  private volatile @Nullable String refusal;
  private boolean closed;

  private UpdateLog(Path file, Duration interval, Consumer<byte[]> reader) {
    this.file = file;
    this.interval = interval;
    this.reader = reader;
  }

  /** As {@link #open(Path, Duration, Consumer)}, every record on disk when it is acknowledged. */
  public static UpdateLog open(Path file, Consumer<byte[]> reader) {
    return open(file, Duration.ZERO, reader);
  }

  /**
   * Opens a log, which need not exist yet, and reads what it holds.
   *
   * @param interval after which an appended record is on disk at the latest; zero for before it is acknowledged
   * @param reader gets each record; later also those that another program appended before this one first does
   * @throws BundleException {@code CORRUPT} for a damaged record that is not the last
   */
  public static UpdateLog open(Path file, Duration interval, Consumer<byte[]> reader) {
    UpdateLog log = new UpdateLog(file, interval, reader);
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
   * Locks the file for writing now, and makes it where there is none.
   *
   * @throws BundleException {@code IN_USE} where another program writes to the same bundle
   */
  public synchronized void lock() {
    try {
      writing();
    } catch (IOException e) {
      throw failed("lock", e);
    }
  }

  /**
   * Appends a record; the reader gets it at once, in the order of the log, and it is on disk when this returns, or will be after the interval.
   *
   * @throws BundleException {@code IN_USE} where another program writes to the same bundle, {@code IO} where the disk refuses
   */
  public void append(byte[] record) {
    appendAll(List.of(record));
  }

  /** Appends records as {@link #append}, in one go; a crash can leave the first of them alone. */
  public void appendAll(List<byte[]> records) {
    long end = 0;
    for (byte[] record : records) {
      end = write(record);
    }
    if (end > 0 && interval.isZero()) {
      force(end);
    }
  }

  private synchronized long write(byte[] record) {
    boolean interrupted = Thread.interrupted(); // an interrupt would close the file for everybody
    try {
      while (true) {
        FileChannel out = writing();
        ByteBuffer framed = forced > marked ? LogFrame.marked(forced, record) : LogFrame.of(record);
        marked = forced;
        try {
          while (framed.hasRemaining()) {
            written += out.write(framed, written);
          }
          break;
        } catch (ClosedChannelException e) {
          interrupted |= Thread.interrupted();
          marked = 0; // the file is opened again, cut off to what is whole, and marked again
        } catch (IOException e) {
          cutOff(out);
          throw e;
        }
      }
      try {
        reader.accept(record);
      } catch (RuntimeException e) { // what cannot be applied must not come back whenever the log is read
        cutOff(writing());
        throw e;
      }
      read = written;
      forceLater();
      return written;
    } catch (IOException e) {
      throw failed("append to", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Half a record must not stand before the next one. */
  private void cutOff(FileChannel out) {
    written = read;
    marked = 0;
    try {
      out.truncate(read);
    } catch (IOException e) {
      refuse("a record that the disk did not take could not be cut off: " + e.getMessage());
    }
  }

  private void forceLater() {
    if (!interval.isZero() && !forceIsComing) {
      forceIsComing = true;
      LogForcer.after(interval, () -> {
        synchronized (this) {
          forceIsComing = false;
        }
        try {
          force();
        } catch (BundleException e) {
          refuse(String.valueOf(e.getMessage())); // whoever appends next is told
        }
      });
    }
  }

  /** Forces to disk what was appended until now. */
  public void force() {
    long end;
    synchronized (this) {
      if (closed) {
        return;
      }
      end = written;
    }
    force(end);
  }

  /** Forces to disk up to a position at least; who waits here finds most often that another has forced for it. */
  private void force(long end) {
    boolean interrupted = Thread.interrupted();
    try {
      synchronized (forcing) {
        while (true) {
          FileChannel out;
          long upTo;
          synchronized (this) {
            if (forced >= end) {
              return;
            }
            out = writing();
            upTo = written;
          }
          try {
            out.force(false);
            synchronized (this) {
              forced = upTo;
            }
          } catch (ClosedChannelException e) {
            interrupted |= Thread.interrupted();
          } catch (IOException e) {
            refuse("it could not be forced to disk: " + e.getMessage());
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw failed("force to disk", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes no record from now on, for this reason. */
  public void refuse(String why) {
    if (refusal == null) {
      refusal = why;
    }
  }

  private FileChannel writing() throws IOException {
    if (closed) {
      throw new BundleException("IO", "the log " + file + " is closed; open the bundle again");
    }
    if (refusal != null) {
      throw new BundleException("IO",
          "the log %s takes no updates any more: %s; mend the disk and open the bundle again".formatted(file, refusal));
    }
    if (channel != null && channel.isOpen()) {
      return channel;
    }
    boolean again = channel != null;
    boolean isNew = !Files.exists(file);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null && isNew) {
      BundleFiles.createDirectories(parent);
    }
    FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    try {
      if (!lock(opened)) {
        throw new BundleException("IN_USE",
            "another program writes to %s; only one may change a bundle at a time".formatted(file));
      }
      if (!again) {
        replay(opened);
      }
      opened.truncate(read);
      written = read;
      opened.force(true);
      forced = read;
      if (parent != null) {
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
    read = LogFrame.read(in, file, read, in.size(), true, reader);
  }

  /** Up to where the reader has got the records, in bytes. */
  public synchronized long end() {
    return read;
  }

  /**
   * Gives the records between two {@linkplain #end ends} of this log to a reader, also while others append.
   *
   * @throws BundleException {@code CORRUPT} where one is damaged
   */
  public void between(long from, long to, Consumer<byte[]> records) {
    if (from < to) {
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
        LogFrame.read(in, file, from, to, false, records);
      } catch (IOException e) {
        throw failed("read", e);
      }
    }
  }

  /** Writes all records up to an {@linkplain #end end} to another file, which must not exist yet, and forces it to disk; writes none where there are none. */
  void copyTo(Path to, long end) throws IOException {
    if (end == 0) {
      return;
    }
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(1 << 16);
      for (long at = 0; at < end; at += block.limit()) {
        block.clear().limit((int) Math.min(block.capacity(), end - at));
        while (block.hasRemaining()) {
          if (in.read(block, at + block.position()) < 0) {
            throw new EOFException(file + " ends at " + (at + block.position()) + " and not at " + end);
          }
        }
        for (block.flip(); block.hasRemaining();) {
          out.write(block);
        }
      }
      endCopy(out);
    }
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
      endCopy(out);
    } catch (IOException e) {
      throw new BundleException("IO", "cannot write %s: %s".formatted(to, e.getMessage()), e);
    }
    return left[0];
  }

  /** Marks that all of a copy was written, so that none of it can pass for what a crash left. */
  private static void endCopy(FileChannel out) throws IOException {
    long end = out.position();
    for (ByteBuffer mark = LogFrame.mark(end); end > 0 && mark.hasRemaining();) {
      out.write(mark);
    }
    out.force(true);
  }

  private static void write(FileChannel out, Path file, byte[] record) {
    ByteBuffer bytes = LogFrame.of(record);
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

  /** Forces what is not on disk yet and lets go of the file. */
  @Override
  public void close() {
    synchronized (forcing) {
      synchronized (this) {
        if (closed) {
          return;
        }
        boolean open = channel != null && refusal == null;
        try {
          if (open) {
            force(written);
          }
        } finally {
          closed = true;
          closeFile();
        }
      }
    }
  }

  private void closeFile() {
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
