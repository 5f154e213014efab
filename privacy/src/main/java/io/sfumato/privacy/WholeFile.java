package io.sfumato.privacy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all: written beside, forced to disk, renamed. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes a file that its owner alone may read, where the file system knows owners; what was there is replaced, missing folders are made.
   *
   * @param code of the exception where it cannot be written, such as {@code REPORT_UNWRITABLE}
   * @throws PrivacyException with that code
   */
  public static void write(Path file, byte[] bytes, String code) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || Files.isDirectory(file)) {
      throw new PrivacyException(code, file + " is a folder; name the file that is to be written");
    }
    try {
      Files.createDirectories(directory);
      Path beside = Files.createTempFile(directory, ".sfumato", ".writing");
      try {
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
          for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining();) {
            channel.write(left);
          }
          channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new PrivacyException(code,
          "cannot write " + file + ": " + e + "; choose a folder that may be written to", e);
    }
  }
}
