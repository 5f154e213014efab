package io.sfumato.encoders.checkpoint;

import io.sfumato.encoders.EncoderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Files that appear whole or not at all: written beside, forced to disk, renamed. */
public final class WholeFile {
  /** What writes the bytes. */
  @FunctionalInterface
  public interface Writer {
    /** Writes everything to the channel, which the caller closes. */
    void writeTo(FileChannel channel) throws IOException;
  }

  private WholeFile() {}

  /**
   * Writes a file, replacing what was there; a reader sees the old one or the new one.
   *
   * @throws EncoderException {@code IO} when the disk refuses; nothing is left behind then
   */
  public static void write(Path file, Writer writer) {
    write(file, writer, new FileAttribute<?>[0]);
  }

  /** Writes bytes that are nobody else's business: only the owner may read the file, where the file system knows owners. See {@link #write(Path, Writer)}. */
  public static void writeForOwner(Path file, byte[] bytes) {
    boolean owners = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    write(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)), owners
        ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
        : new FileAttribute<?>[0]);
  }

  private static void write(Path file, Writer writer, FileAttribute<?>[] attributes) {
    Path absolute = file.toAbsolutePath();
    Path beside = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(absolute.getParent());
      try {
        try (FileChannel channel = FileChannel.open(beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
          writer.writeTo(channel);
          channel.force(true);
        }
        Files.move(beside, absolute, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot write " + file + ": " + e, e);
    }
  }

  /** Writes text in UTF-8; see {@link #write(Path, Writer)}. */
  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes; see {@link #write(Path, Writer)}. */
  public static void write(Path file, byte[] bytes) {
    write(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
