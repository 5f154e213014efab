package io.sfumato.recommend.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/** Writes a log from its beginning to its end, in large blocks, as a {@link LogFrame#edition edition} of its own. Close it; what was not {@linkplain #end ended} may be torn. */
final class LogWriter implements AutoCloseable {
  private static final int BLOCK = 1 << 17;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final long edition = RANDOM.nextLong() | 1; // 0 is that of a log that was never written anew
  private final FileChannel out;
  private ByteBuffer block = ByteBuffer.allocate(BLOCK);
  private long records;

  /** @param file does not exist yet */
  LogWriter(Path file) throws IOException {
    this.out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    put(LogFrame.edition(edition));
  }

  /** The next record. */
  void add(byte[] record) throws IOException {
    put(LogFrame.of(record));
    records++;
  }

  private void put(ByteBuffer frame) throws IOException {
    if (frame.remaining() > block.remaining()) {
      flush();
    }
    if (frame.remaining() > block.remaining()) {
      block = ByteBuffer.allocate(frame.remaining());
    }
    block.put(frame);
  }

  private void flush() throws IOException {
    for (block.flip(); block.hasRemaining();) {
      out.write(block);
    }
    block.clear();
  }

  /** Marks that all was written, so that none of it can pass for what a crash left, and forces it to disk; a log without records is empty. Returns its size in bytes. */
  long end() throws IOException {
    if (records > 0) {
      flush();
      put(LogFrame.mark(out.position()));
      flush();
    }
    out.force(true);
    return out.position();
  }

  long edition() {
    return edition;
  }

  long records() {
    return records;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
