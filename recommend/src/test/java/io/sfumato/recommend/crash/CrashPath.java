package io.sfumato.recommend.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Iterator;
import java.util.stream.StreamSupport;

/** A path of the file system below, seen through the recording one. */
final class CrashPath implements Path {
  final Path real;
  private final CrashFileSystem system;

  CrashPath(Path real, CrashFileSystem system) {
    this.real = real;
    this.system = system;
  }

  static Path real(Path path) {
    if (path instanceof CrashPath crash) {
      return crash.real;
    }
    throw new ProviderMismatchException();
  }

  private static Path either(Path path) {
    return path instanceof CrashPath crash ? crash.real : path;
  }

  private CrashPath wrap(Path path) {
    return new CrashPath(path, system);
  }

  @Override
  public CrashFileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return real.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return real.getRoot() == null ? null : wrap(real.getRoot());
  }

  @Override
  public Path getFileName() {
    return real.getFileName() == null ? null : wrap(real.getFileName());
  }

  @Override
  public Path getParent() {
    return real.getParent() == null ? null : wrap(real.getParent());
  }

  @Override
  public int getNameCount() {
    return real.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return wrap(real.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return wrap(real.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof CrashPath crash && real.startsWith(crash.real);
  }

  @Override
  public boolean endsWith(Path other) {
    return other instanceof CrashPath crash && real.endsWith(crash.real);
  }

  @Override
  public Path normalize() {
    return wrap(real.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return wrap(real.resolve(either(other)));
  }

  @Override
  public Path relativize(Path other) {
    return wrap(real.relativize(either(other)));
  }

  @Override
  public URI toUri() {
    return real.toUri();
  }

  @Override
  public Path toAbsolutePath() {
    return wrap(real.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return wrap(real.toRealPath(options));
  }

  @Override
  public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    return real.register(watcher, events, modifiers);
  }

  @Override
  public Iterator<Path> iterator() {
    return StreamSupport.stream(real.spliterator(), false).map(name -> (Path) wrap(name)).iterator();
  }

  @Override
  public int compareTo(Path other) {
    return real.compareTo(either(other));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CrashPath crash && real.equals(crash.real);
  }

  @Override
  public int hashCode() {
    return real.hashCode();
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
