package io.sfumato.recommend.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Hashing, forcing to disk, walking and removing the files of a bundle, and names that cannot leave its directory. */
final class BundleFiles {
  private static final boolean WINDOWS = System.getProperty("os.name", "")
      .toLowerCase(Locale.ROOT)
      .startsWith("windows");
  private static final int BUFFER = 1 << 17;

  private BundleFiles() {}

  /** No bundle has more files, folders within folders, or longer names: private ones have a file a release, and the rest some dozens. */
  private static final int MAX_FILES = 100_000;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NAME = 512;
  private static final int MAX_TOLD = 400;

  /** Size in bytes and hex SHA-256 of a file. */
  record Digest(long bytes, String sha256) {}

  static Digest digest(Path file) throws IOException {
    MessageDigest sha = sha256();
    long bytes = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha.update(buffer, 0, read);
        bytes += read;
      }
    }
    return new Digest(bytes, HexFormat.of().formatHex(sha.digest()));
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /**
   * One hash for all files of a model, which a private bundle's ledger ends with: of all that are neither about people nor live updates, but for the ledger itself, ordered by name: name, a zero byte, size,
   * a zero byte, SHA-256, a line feed.
   */
  static String modelHash(SortedMap<String, Digest> files) {
    StringBuilder lines = new StringBuilder();
    files.forEach((name, digest) -> {
      boolean model = !name.startsWith(PeopleFacts.DIRECTORY) && !name.startsWith("live/")
          && !name.equals(Bundle.LEDGER) && !name.equals(Manifest.NAME);
      if (model) {
        lines.append(name).append('\0').append(digest.bytes()).append('\0').append(digest.sha256()).append('\n');
      }
    });
    return sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Every regular file below a directory, by its name relative to it with forward slashes; links and special files are refused. */
  static SortedMap<String, Path> list(Path root) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    Set<String> folded = new HashSet<>();
    Files.walkFileTree(root, Set.of(), MAX_DEPTH, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        String name = root.relativize(file).toString().replace('\\', '/');
        if (!attributes.isRegularFile()) {
          throw new BundleException("ILLEGAL_PATH",
              "%s in the bundle %s is a link or a special file, or too deep a folder; a bundle holds ordinary files only"
                  .formatted(oneLine(name), root));
        }
        resolve(root, name);
        if (files.size() == MAX_FILES || !folded.add(name.toLowerCase(Locale.ROOT))) {
          throw new BundleException("ILLEGAL_PATH",
              "the bundle %s has more than %d files, or two whose names differ in case alone: %s; it was not made by Sfumato"
                  .formatted(root, MAX_FILES, oneLine(name)));
        }
        files.put(name, file);
        return FileVisitResult.CONTINUE;
      }
    });
    return files;
  }

  /**
   * The place of a name in a bundle.
   *
   * @throws BundleException {@code ILLEGAL_PATH} for a name that is absolute, goes upwards, or is not in its plain form
   */
  static Path resolve(Path root, String name) {
    boolean plain = !name.isEmpty() && name.length() <= MAX_NAME && !name.contains("\\") && !name.contains(":")
        && name.chars().noneMatch(Character::isISOControl);
    if (plain) {
      for (String part : name.split("/", -1)) {
        plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
      }
    }
    Path place = plain ? root.resolve(name).normalize() : root;
    if (!plain || !place.startsWith(root)) {
      throw new BundleException("ILLEGAL_PATH",
          "the file name '%s' would leave the bundle %s, or is no plain name; the bundle was not made by Sfumato"
              .formatted(oneLine(name), root));
    }
    return place;
  }

  /** What somebody else wrote, fit for a message of one line: without control characters, and cut where it is long. */
  static String oneLine(@Nullable String text) {
    String told = text == null ? "" : text;
    String plain = told.substring(0, Math.min(MAX_TOLD, told.length())).replaceAll("\\p{Cntrl}+", " ");
    return told.length() > MAX_TOLD ? plain + "…" : plain;
  }

  /** Forces every file and directory of a tree to disk. */
  static void forceTree(Path root) throws IOException {
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, @SuppressWarnings("unused") IOException none)
          throws IOException {
        forceDirectory(directory);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  /** Forces the entries of a directory to disk; Windows has no such call and keeps them itself. */
  static void forceDirectory(Path directory) throws IOException {
    if (!WINDOWS) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Makes a directory with its parents where there is none; that they exist is then on disk. */
  static void createDirectories(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (Files.isDirectory(directory)) {
      return;
    }
    if (parent != null) {
      createDirectories(parent);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      forceDirectory(parent);
    }
  }

  /** Removes a directory with all that is in it; links are removed, not followed. Nothing happens where there is none. */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path directory, @SuppressWarnings("unused") IOException none)
          throws IOException {
        Files.delete(directory);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
