package io.sfumato.recommend.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel whose writes, cuts and forces are written down. */
final class RecordedChannel extends FileChannel {
  private final FileChannel below;
  private final RecordedDisk disk;
  private final RecordedDisk.Node node;

  RecordedChannel(FileChannel below, RecordedDisk disk, RecordedDisk.Node node) {
    this.below = below;
    this.disk = disk;
    this.node = node;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return below.read(to);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    return below.read(to, offset, length);
  }

  @Override
  public int read(ByteBuffer to, long position) throws IOException {
    return below.read(to, position);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    synchronized (disk) {
      long at = below.position();
      byte[] bytes = bytes(from);
      int count = below.write(from);
      disk.write(node, at, bytes);
      return count;
    }
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += write(from[i]);
    }
    return count;
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    synchronized (disk) {
      byte[] bytes = bytes(from);
      int count = below.write(from, position);
      disk.write(node, position, bytes);
      return count;
    }
  }

  private static byte[] bytes(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public long position() throws IOException {
    return below.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    below.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return below.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    synchronized (disk) {
      below.truncate(size);
      disk.truncate(node, size);
      return this;
    }
  }

  /** The disk below is not waited for: only what is written down counts. */
  @Override
  public void force(boolean metaData) throws IOException {
    if (disk.refuses(node)) {
      throw new IOException("Input/output error");
    }
    disk.force(node);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return below.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
    ByteBuffer block = ByteBuffer.allocate((int) Math.min(count, 1 << 16));
    int read = source.read(block);
    return read <= 0 ? 0 : write(block.flip(), position);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    if (mode != MapMode.READ_ONLY) {
      throw new UnsupportedOperationException("writes through memory are not written down");
    }
    return below.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return below.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return below.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    below.close();
  }
}
