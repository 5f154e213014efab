package io.sfumato.recommend.bundle;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of a file, read in blocks that are kept as long as what is asked for lies in them. Not thread-safe. */
final class LogBytes {
  private static final int BLOCK = 1 << 18;

  private final FileChannel in;
  private final long size;
  private ByteBuffer block = ByteBuffer.allocate(0);
  private long start;

  /** @param size up to where there are bytes */
  LogBytes(FileChannel in, long size) {
    this.in = in;
    this.size = size;
  }

  /** Some bytes, in a buffer that is to be read before the next call. */
  ByteBuffer at(long at, int count) throws IOException {
    if (at < start || at + count > start + block.limit()) {
      read(at, (int) Math.max(count, Math.min(BLOCK, size - at)));
    }
    return block.slice((int) (at - start), count);
  }

  private void read(long at, int count) throws IOException {
    block = block.capacity() >= count ? block.clear().limit(count) : ByteBuffer.allocate(count);
    start = at;
    while (block.hasRemaining()) {
      if (in.read(block, at + block.position()) < 0) {
        block = ByteBuffer.allocate(0);
        throw new EOFException("file ends at " + (at + block.position()));
      }
    }
    block.flip();
  }
}
