package io.sfumato.recommend.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the lines of requests go: to a file, to stderr, or nowhere. Owns the file. */
final class AccessLog implements Consumer<String>, AutoCloseable {
  private final Streams streams;
  private final boolean toErr;
  private final @Nullable BufferedWriter file;
  private boolean closed;

  private AccessLog(Streams streams, boolean toErr, @Nullable BufferedWriter file) {
    this.streams = streams;
    this.toErr = toErr;
    this.file = file;
  }

  /** @param where a path, {@code -} for stderr, or null for nowhere */
  static AccessLog open(@Nullable String where, Streams streams) throws IOException {
    boolean toErr = "-".equals(where);
    return new AccessLog(streams, toErr, where == null || toErr ? null
        : Files.newBufferedWriter(Path.of(where), StandardCharsets.UTF_8, StandardOpenOption.CREATE,
            StandardOpenOption.APPEND));
  }

  @Override
  public synchronized void accept(String line) {
    if (toErr) {
      streams.err().println(line);
    } else if (file != null && !closed) {
      try {
        file.write(line);
        file.newLine();
        file.flush();
      } catch (IOException e) {
        closed = true; // a full disk stops the log, not the service
        streams.err().println("sfumato: the access log ends, it cannot be written: " + e.getMessage());
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
