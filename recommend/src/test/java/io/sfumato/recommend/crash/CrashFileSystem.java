package io.sfumato.recommend.crash;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/** The default file system, with every change below one directory written down in a {@link RecordedDisk}. */
public final class CrashFileSystem extends FileSystem {
  private static final FileSystem BELOW = FileSystems.getDefault();
  private final CrashProvider provider;

  public CrashFileSystem(RecordedDisk disk) {
    this.provider = new CrashProvider(this, disk);
  }

  /** A path that is recorded. */
  public Path of(Path real) {
    return new CrashPath(real, this);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("there is nothing to close");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return BELOW.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(of(BELOW.getRootDirectories().iterator().next()));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return BELOW.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return BELOW.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return of(BELOW.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    throw new UnsupportedOperationException(syntaxAndPattern);
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("users");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("watching");
  }
}
