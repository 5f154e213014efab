package io.sfumato.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A picture in a file of at most 256 MB. */
public record FileImage(Path path) implements ImageSource {
  private static final long MAX_BYTES = 256L << 20;

  public FileImage {
    Objects.requireNonNull(path, "path");
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public byte[] read() throws IOException {
    long bytes = Files.size(path);
    if (bytes > MAX_BYTES) {
      throw new IOException("it has " + bytes + " bytes, over the limit of " + MAX_BYTES);
    }
    return Files.readAllBytes(path);
  }
}
