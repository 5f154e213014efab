package io.sfumato.recommend.bundle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one holds at a time, of all programs and within this one: on a file that is there for nothing else.
 *
 * <p>It must be a file of its own. By POSIX a program loses its lock on a file as soon as it closes any channel to that file, also one that it only read by; so what is locked is never read, and within a program
 * it is opened once at a time. And what is written anew and renamed into its place, as a log is, would leave the lock on the file that has lost its name. Thread-safe.
 */
final class LockFile implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;

  private LockFile(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * Takes a lock.
   *
   * @param file made where there is none; the directory must be there
   * @return null where it is held already
   */
  static @Nullable LockFile take(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path parent = absolute.getParent();
    Path key = parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
    if (!HELD.add(key)) {
      return null;
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      taken = channel.tryLock() != null;
      return taken ? new LockFile(key, channel) : null;
    } catch (OverlappingFileLockException e) { // held by the same classes, loaded another time
      return null;
    } finally {
      if (!taken) {
        release(key, channel);
      }
    }
  }

  private static void release(Path key, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(key);
    }
  }

  /** Lets another take it. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      release(key, channel);
    }
  }
}
