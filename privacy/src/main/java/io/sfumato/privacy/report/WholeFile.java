package io.sfumato.privacy.report;

import io.sfumato.privacy.PrivacyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all: written beside, forced to disk, renamed. */
final class WholeFile {
  private WholeFile() {}

  /**
   * Writes text as UTF-8; what was there is replaced, missing folders are made.
   *
   * @throws PrivacyException {@code REPORT_UNWRITABLE}
   */
  static void write(Path file, String text) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || Files.isDirectory(file)) {
      throw new PrivacyException("REPORT_UNWRITABLE", file + " is a folder; name the file that is to be written");
    }
    try {
      Files.createDirectories(directory);
      Path beside = Files.createTempFile(directory, ".audit", ".writing");
      try {
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
          for (ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)); bytes.hasRemaining();) {
            channel.write(bytes);
          }
          channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new PrivacyException("REPORT_UNWRITABLE",
          "cannot write " + file + ": " + e + "; choose a folder that may be written to", e);
    }
  }
}
