package io.sfumato.encoders.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** TorchScript files made of source text. */
public final class ScriptFiles {
  private ScriptFiles() {}

  /**
   * Writes a module.
   *
   * @param methods as in {@link Script#of}
   */
  public static void write(Path file, String methods) {
    try {
      Files.write(file, ScriptArchive.of(methods.stripIndent().indent(2)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
