package io.sfumato.recommend.bundle;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.LongStream;
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
 * <p>A log is {@linkplain #compact compacted} by writing what still counts of it into a file beside it, which takes its place when it is on disk: whatever stops the machine, the old one or the new one is there, each with everything that was
 * acknowledged. What a crash left of such a file is removed by the next who writes to the log.
 *
 * <p>The log is locked from {@link #lock} or the first append on, by a file beside it, so that two programs cannot write to one bundle; reading needs no lock. Thread-safe; close it.
 */
public final class UpdateLog implements AutoCloseable {
  static final String LOCK = ".lock";
  static final String WRITING = ".writing";

  private final Path file;
  private final Duration interval;
  private final Supplier<LogSelection> selection;
  private final Consumer<byte[]> reader;
  private final Object compacting = new Object(); // taken before the others
  private final Object forcing = new Object(); // taken before the lock of this object where both are
  private long read;
  private long edition; // in which reading ended there
  private long records;
  private long counting;
  private @Nullable LockFile lock;
  private @Nullable FileChannel channel;
  private long written;
  private long forced;
  private long appended; // records by this object: positions change when the log is compacted, this number does not
  private long onDisk; // of them
  private long marked;
  private boolean forceIsComing;
  private volatile @Nullable String refusal;
  private boolean closed;

  private UpdateLog(Path file, Duration interval, Supplier<LogSelection> selection, Consumer<byte[]> reader) {
    this.file = file;
    this.interval = interval;
    this.selection = selection;
    this.reader = reader;
  }

  /** Opens a log as {@link #open(Path, Duration, Supplier, Consumer)}, of which every record counts, and is on disk when it is acknowledged. */
  public static UpdateLog open(Path file, Consumer<byte[]> reader) {
    return open(file, Duration.ZERO, Everything::new, reader);
  }

  /**
   * Opens a log, which need not exist yet, and reads what it holds.
   *
   * @param interval after which an appended record is on disk at the latest; zero for before it is acknowledged
   * @param selection chooses what still counts of the records that are read at once
   * @param reader gets each record that counts; later also those that another program appended before this one first does, and where that one compacted the log, all of them again
   * @throws BundleException {@code CORRUPT} for a damaged record that is not the last
   */
  public static UpdateLog open(Path file, Duration interval, Supplier<LogSelection> selection,
      Consumer<byte[]> reader) {
    UpdateLog log = new UpdateLog(file, interval, selection, reader);
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

  /** As {@link #lock}, but makes no file where there is none. */
  public void lockIfThere() {
    if (Files.exists(file)) {
      lock();
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
    long last = 0;
    for (byte[] record : records) {
      last = write(record);
    }
    if (last > 0 && interval.isZero()) {
      force(last);
    }
  }

  /** Returns the number of the record. */
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
      records++;
      counting++;
      appended++;
      forceLater();
      return appended;
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
    long last;
    synchronized (this) {
      if (closed) {
        return;
      }
      last = appended;
    }
    force(last);
  }

  /** Forces to disk up to a record at least; who waits here finds most often that another has forced for it. */
  private void force(long last) {
    boolean interrupted = Thread.interrupted();
    try {
      synchronized (forcing) {
        while (true) {
          FileChannel out;
          long upTo;
          long upToRecord;
          synchronized (this) {
            if (onDisk >= last) {
              return;
            }
            out = writing();
            upTo = written;
            upToRecord = appended;
          }
          try {
            out.force(false);
            synchronized (this) {
              forced = upTo;
              onDisk = upToRecord;
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
    Path parent = directory();
    BundleFiles.createDirectories(parent);
    boolean taken = lock == null;
    if (lock == null) {
      lock = LockFile.take(lockFile(file));
    }
    if (lock == null) {
      throw new BundleException("IN_USE",
          "another program writes to %s; only one may change a bundle at a time".formatted(file));
    }
    FileChannel opened = null;
    boolean done = false;
    try {
      Files.deleteIfExists(beside(file));
      opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!again) {
        replay(opened);
      }
      opened.truncate(read);
      written = read;
      opened.force(true);
      forced = read;
      onDisk = appended;
      BundleFiles.forceDirectory(parent);
      done = true;
    } finally {
      if (!done) {
        close(opened, taken);
      }
    }
    channel = opened;
    return opened;
  }

  private void close(@Nullable FileChannel opened, boolean unlocks) throws IOException {
    try {
      if (opened != null) {
        opened.close();
      }
    } finally {
      if (unlocks && lock != null) {
        lock.close();
        lock = null;
      }
    }
  }

  private Path directory() {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new BundleException("ILLEGAL_PATH", "a log cannot be written to '%s'".formatted(file));
    }
    return parent;
  }

  /** What is locked by who writes to a log; holds nothing. */
  static Path lockFile(Path log) {
    return log.resolveSibling(log.getFileName() + LOCK);
  }

  /** Where a log is written anew; what a crash left of it means nothing. */
  static Path beside(Path log) {
    return log.resolveSibling(log.getFileName() + WRITING);
  }

  private synchronized void replay() throws IOException {
    if (Files.exists(file)) {
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
        replay(in);
      }
    }
  }

  /** Reads from where reading ended last, or from the beginning where that was in another edition: everything again gives what there is now. */
  private void replay(FileChannel in) throws IOException {
    long size = in.size();
    long found = LogFrame.edition(in);
    if (found != edition || size < read) {
      read = 0;
      records = 0;
      counting = 0;
      edition = found;
    }
    LogSelection chosen = selection.get();
    long[] seen = {0};
    read = LogFrame.read(in, file, read, size, true, (record, at) -> {
      chosen.next(record, at);
      seen[0]++;
    });
    long[] counts = chosen.counting();
    LogFrame.read(in, file, counts, read, (record, at) -> reader.accept(record));
    records += seen[0];
    counting += counts.length;
  }

  /** Every record counts. */
  private static final class Everything implements LogSelection {
    private final LongStream.Builder positions = LongStream.builder();

    @Override
    public void next(byte[] record, long at) {
      positions.add(at);
    }

    @Override
    public long[] counting() {
      return positions.build().toArray();
    }
  }

  /** How many records the log holds. */
  public synchronized long records() {
    return records;
  }

  /** How many of these still counted when the log was opened or compacted, and those that came since. */
  public synchronized long counting() {
    return counting;
  }

  /**
   * Writes the log anew with those records alone that still count. The log is locked from then on. Others may append meanwhile; they wait while the last of their records follow and the file changes, some milliseconds. Where
   * the disk refuses, the log stays as it was and goes on. {@linkplain #end Ends} that were told before mean nothing any more.
   *
   * @throws BundleException {@code IN_USE} where another program writes to the same bundle, {@code IO} where the disk refuses
   */
  public CompactedLog compact() {
    boolean interrupted = Thread.interrupted(); // an interrupt would close files
    synchronized (compacting) {
      try {
        lockIfThere();
        return compacted();
      } catch (IOException e) {
        throw failed("compact", e);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private CompactedLog compacted() throws IOException {
    long end = end();
    if (end == 0) {
      return new CompactedLog(0, 0, 0, 0);
    }
    Path beside = beside(file);
    Files.deleteIfExists(beside);
    try (LogWriter out = new LogWriter(beside); FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      LogSelection chosen = selection.get();
      long[] seen = {0};
      LogFrame.read(in, file, 0, end, false, (record, at) -> {
        chosen.next(record, at);
        seen[0]++;
      });
      LogFrame.read(in, file, chosen.counting(), end, (record, at) -> out.add(record));
      synchronized (forcing) {
        synchronized (this) {
          writing();
          long before = written;
          LogFrame.read(in, file, end, written, false, (record, at) -> {
            out.add(record);
            seen[0]++;
          });
          long size = out.end();
          out.close();
          takePlace(beside, out.edition(), size);
          records = out.records();
          counting = records;
          return new CompactedLog(seen[0], records, before, size);
        }
      }
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** From the rename on, the new file is the log; it is opened again by who next writes. */
  private void takePlace(Path beside, long newEdition, long size) throws IOException {
    if (channel != null) {
      channel.close(); // some systems rename over no file that is open
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    edition = newEdition;
    read = size;
    written = size;
    forced = size;
    onDisk = appended;
    marked = 0;
    boolean interrupted = false;
    for (boolean onDisk = false; !onDisk;) {
      try {
        BundleFiles.forceDirectory(directory());
        onDisk = true;
      } catch (ClosedByInterruptException e) {
        interrupted = Thread.interrupted();
      } catch (IOException e) { // which file a crash would leave is not known
        refuse("it was compacted, and its directory could not be forced to disk: " + e.getMessage());
        throw e;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Up to where the reader has got the records, in bytes. */
  public synchronized long end() {
    return read;
  }

  /**
   * Gives the records between two {@linkplain #end ends} of this log to a reader, also while others append, but not while the log is compacted.
   *
   * @throws BundleException {@code CORRUPT} where one is damaged
   */
  public void between(long from, long to, Consumer<byte[]> told) {
    if (from < to) {
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
        checkEdition(in);
        LogFrame.read(in, file, from, to, false, (record, at) -> told.accept(record));
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
      checkEdition(in);
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
      for (ByteBuffer mark = LogFrame.mark(end); mark.hasRemaining();) {
        out.write(mark);
      }
      out.force(true);
    }
  }

  private synchronized void checkEdition(FileChannel in) throws IOException {
    if (LogFrame.edition(in) != edition) {
      throw new BundleException("IN_USE",
          "another program compacted %s since it was opened; open the bundle again".formatted(file));
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
    try (LogWriter out = new LogWriter(to); FileChannel in = FileChannel.open(from, StandardOpenOption.READ)) {
      LogFrame.read(in, from, 0, in.size(), true, (record, at) -> {
        if (kept.test(record)) {
          out.add(record);
        } else {
          left[0]++;
        }
      });
      out.end();
    } catch (IOException e) {
      throw new BundleException("IO", "cannot write %s: %s".formatted(to, e.getMessage()), e);
    }
    return left[0];
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
            force(appended);
          }
        } finally {
          closed = true;
          closeFile();
        }
      }
    }
  }

  private void closeFile() {
    try {
      close(channel, true);
    } catch (IOException e) {
      throw failed("close", e);
    }
  }
}
