package io.sfumato.fusion.classification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** Folders that appear whole or not at all: written beside, then renamed. A crash between two renames leaves the old one beside its place, as {@code .NAME.previous}. */
final class WholeFolder {
  /** What fills the folder. */
  @FunctionalInterface
  interface Writer {
    /** Writes everything into an empty folder. */
    void writeTo(Path directory) throws IOException;
  }

  private WholeFolder() {}

  /** Writes a folder in place of the one that is there; nothing is left behind where that fails. */
  static void write(Path directory, Writer writer) throws IOException {
    Path target = directory.toAbsolutePath().normalize();
    Path half = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".writing");
    Path old = target.resolveSibling("." + target.getFileName() + ".previous");
    Files.createDirectories(half);
    try {
      writer.writeTo(half);
      remove(old);
      if (Files.exists(target)) {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
      remove(old);
    } finally {
      remove(half);
    }
  }

  private static void remove(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> tree = Files.walk(directory)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
