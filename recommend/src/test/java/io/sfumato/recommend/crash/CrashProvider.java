package io.sfumato.recommend.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hands everything to the file system below and writes down what changes, one change at a time. */
final class CrashProvider extends FileSystemProvider {
  private final CrashFileSystem system;
  private final RecordedDisk disk;

  CrashProvider(CrashFileSystem system, RecordedDisk disk) {
    this.system = system;
    this.disk = disk;
  }

  @Override
  public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path real = CrashPath.real(path);
    boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    if (!writes && Files.isDirectory(real)) {
      return new RecordedChannel(FileChannel.open(real, options, attributes), disk, disk.node(real));
    }
    if (!writes) {
      return FileChannel.open(real, options, attributes);
    }
    synchronized (disk) {
      boolean existed = Files.exists(real);
      FileChannel below = FileChannel.open(real, options, attributes);
      if (!existed) {
        disk.create(real, false);
      } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
        disk.truncate(disk.node(real), 0);
      }
      return new RecordedChannel(below, disk, disk.node(real));
    }
  }

  @Override
  public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options,
      FileAttribute<?>... attributes) throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    synchronized (disk) {
      Files.createDirectory(CrashPath.real(directory), attributes);
      disk.create(CrashPath.real(directory), true);
    }
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    synchronized (disk) {
      Files.createLink(CrashPath.real(link), CrashPath.real(existing));
      disk.link(CrashPath.real(link), disk.node(CrashPath.real(existing)));
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    synchronized (disk) {
      Files.delete(CrashPath.real(path));
      disk.unlink(CrashPath.real(path));
    }
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    try (var in = Files.newInputStream(source);
        var out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      in.transferTo(out);
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    synchronized (disk) {
      Files.move(CrashPath.real(source), CrashPath.real(target), options);
      disk.rename(CrashPath.real(source), CrashPath.real(target));
    }
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
      throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> below = Files.newDirectoryStream(CrashPath.real(directory))) {
      for (Path entry : below) {
        Path seen = system.of(entry);
        if (filter.accept(seen)) {
          entries.add(seen);
        }
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw new UncheckedIOException(e.getCause());
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return entries.iterator();
      }

      @Override
      public void close() {
        // read whole already
      }
    };
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return Files.isSameFile(CrashPath.real(path), CrashPath.real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return Files.isHidden(CrashPath.real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return Files.getFileStore(CrashPath.real(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    Path real = CrashPath.real(path);
    real.getFileSystem().provider().checkAccess(real, modes);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
    return Files.getFileAttributeView(CrashPath.real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
      throws IOException {
    return Files.readAttributes(CrashPath.real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
    return Files.readAttributes(CrashPath.real(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
    Files.setAttribute(CrashPath.real(path), attribute, value, options);
  }

  @Override
  public String getScheme() {
    return "crash";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException(uri.toString());
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException(uri.toString());
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException(uri.toString());
  }
}
