package io.sfumato.recommend.bundle;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Lets a new directory take the place of an old one so that a crash at any moment leaves a whole one.
 *
 * <p>For a target {@code shop}: the new one is written as {@code .shop.writing} while a lock on {@code .shop.lock} is held. Then {@code shop} is renamed to {@code .shop.previous}, {@code .shop.writing} to
 * {@code shop}, and {@code .shop.previous} is removed. File systems have no portable exchange of two directories, so that between the two renames there is no {@code shop}: {@link #recover} then
 * renames the old one back.
 */
final class DirectorySwap implements AutoCloseable {
  private static final long WAIT_MILLIS = 50;
  private static final int WAITS = 40;

  private final Path target;
  private final Path lockFile;
  private final LockFile lock;

  private DirectorySwap(Path target, Path lockFile, LockFile lock) {
    this.target = target;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Reserves a target for one writer and removes what a crashed one left.
   *
   * @throws BundleException {@code IN_USE} where another writer is at work
   */
  static DirectorySwap begin(Path target) throws IOException {
    BundleFiles.createDirectories(parent(target));
    DirectorySwap swap = lock(target);
    if (swap == null) {
      throw new BundleException("IN_USE",
          "another process is writing the bundle %s; wait for it or write elsewhere".formatted(target));
    }
    try {
      swap.restore();
      BundleFiles.deleteTree(swap.staging());
      Files.createDirectory(swap.staging());
      return swap;
    } catch (IOException | RuntimeException e) {
      swap.close();
      throw e;
    }
  }

  /** Where the new directory is written. */
  Path staging() {
    return sibling(target, "writing");
  }

  /** Puts what was staged, forced to disk before, in the place of the target. */
  void commit() throws IOException {
    Path previous = sibling(target, "previous");
    BundleFiles.deleteTree(previous);
    boolean replaces = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (replaces) {
      Files.move(target, previous, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(staging(), target, StandardCopyOption.ATOMIC_MOVE);
    BundleFiles.forceDirectory(parent(target));
    BundleFiles.deleteTree(previous);
  }

  /**
   * Removes a directory, so that a crash at any moment leaves it whole or without its name.
   *
   * @throws BundleException {@code IN_USE} where a writer is at work
   */
  static void remove(Path target) throws IOException {
    try (DirectorySwap swap = begin(target)) {
      BundleFiles.deleteTree(swap.staging());
      Files.move(target, swap.staging(), StandardCopyOption.ATOMIC_MOVE);
      BundleFiles.forceDirectory(parent(target));
    }
  }

  /** Gives a target that a crash between the two renames left without its name its name back; does nothing where it has it. */
  static void recover(Path target) throws IOException {
    for (int wait = 0; !Files.exists(target) && Files.isDirectory(sibling(target, "previous")); wait++) {
      try (DirectorySwap swap = lock(target)) {
        if (swap != null) {
          swap.restore();
        } else if (wait == WAITS) {
          throw new BundleException("IN_USE",
              "the bundle %s is being replaced by another process; try again".formatted(target));
        } else {
          Thread.sleep(WAIT_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BundleException("IO", "interrupted while waiting for the bundle " + target + "; try again", e);
      }
    }
  }

  private void restore() throws IOException {
    Path previous = sibling(target, "previous");
    if (Files.isDirectory(previous) && !Files.exists(target)) {
      Files.move(previous, target, StandardCopyOption.ATOMIC_MOVE);
      BundleFiles.forceDirectory(parent(target));
    }
    BundleFiles.deleteTree(previous);
  }

  private static @Nullable DirectorySwap lock(Path target) throws IOException {
    Path file = sibling(target, "lock");
    while (true) {
      LockFile lock = LockFile.take(file);
      if (lock == null) {
        return null;
      }
      if (Files.exists(file)) { // not removed by its former owner between our opening and our locking it
        return new DirectorySwap(target, file, lock);
      }
      lock.close();
    }
  }

  private static Path sibling(Path target, String kind) {
    return parent(target).resolve("." + target.getFileName() + "." + kind);
  }

  private static Path parent(Path target) {
    Path parent = target.getParent();
    if (parent == null || target.getFileName() == null) {
      throw new BundleException("ILLEGAL_PATH",
          "a bundle cannot be written to '%s'; give a directory with a name".formatted(target));
    }
    return parent;
  }

  /** Whether a directory is there and has entries. */
  static boolean holdsSomething(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return false;
    }
    if (!Files.isDirectory(directory)) {
      return true;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return entries.iterator().hasNext();
    }
  }

  /** Removes what was not committed and lets others write. */
  @Override
  public void close() throws IOException {
    try {
      BundleFiles.deleteTree(staging());
      Files.deleteIfExists(lockFile);
    } finally {
      lock.close();
    }
  }
}
