package io.sfumato.recommend.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A directory of versions of a bundle, one of which is the one that serves.
 *
 * <pre>
 * versions/NAME/    a bundle each
 * CURRENT           {"format":1,"current":NAME,"previous":NAME}: written beside, forced to disk, renamed
 * LOCK              locked by who serves from the store
 * </pre>
 *
 * <p>Versions can be {@linkplain #install installed}, or trained into {@link #version}, while the store serves. Thread-safe; holds no resources but a {@linkplain #lock lock} that was asked for.
 */
public final class VersionStore {
  private static final int FORMAT = 1;
  private static final String CURRENT = "CURRENT";
  private static final String LOCK = "LOCK";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  private VersionStore(Path directory) {
    this.directory = directory;
  }

  /**
   * Which version serves, and which served before; null for none.
   *
   * @param current that serves
   * @param previous that served before
   */
  public record Pointer(@Nullable String current, @Nullable String previous) {}

  /** A lock of the store; closing it lets another serve. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Makes an empty store; does nothing where there is one.
   *
   * @throws BundleException {@code NOT_A_STORE} where the directory holds something else
   */
  public static VersionStore init(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      if (!Files.exists(root.resolve(CURRENT))) {
        if (DirectorySwap.holdsSomething(root) && !Files.isDirectory(root.resolve("versions"))) {
          throw new BundleException("NOT_A_STORE",
              "%s exists and is no store of versions; give another directory".formatted(root));
        }
        BundleFiles.createDirectories(root.resolve("versions"));
        new VersionStore(root).write(new Pointer(null, null));
      }
      return at(root);
    } catch (IOException e) {
      throw failed("make", root, e);
    }
  }

  /**
   * The store of a directory.
   *
   * @throws BundleException {@code NOT_A_STORE}
   */
  public static VersionStore at(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    if (!isStore(root)) {
      throw new BundleException("NOT_A_STORE",
          "%s is no store of versions: it has no %s; make one with 'store init'".formatted(root, CURRENT));
    }
    return new VersionStore(root);
  }

  /** Whether a directory is a store. */
  public static boolean isStore(Path directory) {
    return Files.isRegularFile(directory.resolve(CURRENT));
  }

  /** Where it is, absolute. */
  public Path directory() {
    return directory;
  }

  /**
   * Where a version stands or may be written to.
   *
   * @throws BundleException {@code ILLEGAL_PATH} for a name that is none
   */
  public Path version(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new BundleException("ILLEGAL_PATH",
          "'%s' is no name of a version: use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first"
              .formatted(name));
    }
    return directory.resolve("versions").resolve(name);
  }

  /** Whether there is such a version. */
  public boolean has(String name) {
    return NAME.matcher(name).matches() && isBundle(version(name));
  }

  private static boolean isBundle(Path version) {
    return Files.isRegularFile(version.resolve(Manifest.NAME));
  }

  /** The names of all versions, oldest first. */
  public List<String> versions() {
    record Known(String name, String created) {}
    List<Known> known = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.resolve("versions"))) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (NAME.matcher(name).matches() && isBundle(entry)) {
          known.add(new Known(name, Manifest.read(entry).created()));
        }
      }
    } catch (IOException e) {
      throw failed("read", directory, e);
    }
    known.sort(Comparator.comparing(Known::created)
        .thenComparing(version -> version.name().length())
        .thenComparing(Known::name));
    return known.stream().map(Known::name).toList();
  }

  /** Which version serves. */
  public Pointer pointer() {
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(directory.resolve(CURRENT)));
      int format = node.path("format").asInt(0);
      if (format < 1 || format > FORMAT) {
        throw new BundleException("NEWER_FORMAT",
            "%s is a store of format %d, and this version reads up to %d; upgrade Sfumato".formatted(directory, format,
                FORMAT));
      }
      return new Pointer(node.path("current").textValue(), node.path("previous").textValue());
    } catch (IOException e) {
      throw failed("read", directory, e);
    }
  }

  /** Lets another version be the one that serves; on disk when this returns. */
  public void point(String name) {
    if (!has(name)) {
      throw unknown(name);
    }
    String now = pointer().current();
    if (!name.equals(now)) {
      write(new Pointer(name, now));
    }
  }

  /** Says that there is no such version. */
  public BundleException unknown(String name) {
    return new BundleException("UNKNOWN_VERSION",
        "the store %s has no version '%s' but %s; install it first".formatted(directory, name, versions()));
  }

  private void write(Pointer pointer) {
    ObjectNode node = JSON.createObjectNode().put("format", FORMAT);
    node.put("current", pointer.current).put("previous", pointer.previous);
    Path beside = directory.resolve("." + CURRENT + ".writing");
    try (FileChannel out = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      for (ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(node)); bytes.hasRemaining();) {
        out.write(bytes);
      }
      out.force(true);
      Files.move(beside, directory.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      BundleFiles.forceDirectory(directory);
    } catch (IOException e) {
      throw failed("change", directory, e);
    }
  }

  /**
   * Brings a bundle into the store as a version, with the updates that its logs hold; the bundle itself stays. The first version of a store serves; others wait for a swap.
   *
   * @param name of the version; null for the next of v1, v2, …
   * @return its name
   * @throws BundleException as {@link Bundle#open}, and {@code NOT_A_BUNDLE} where there is a version of this name
   */
  public String install(Path bundle, @Nullable String name) {
    String chosen = name == null ? nextName() : name;
    BundleSnapshot.of(bundle, version(chosen));
    if (pointer().current() == null) {
      point(chosen);
    }
    return chosen;
  }

  private String nextName() {
    int next = 1;
    while (Files.exists(version("v" + next))) {
      next++;
    }
    return "v" + next;
  }

  /**
   * Removes the oldest versions but for so many, and never the one that serves nor the one that did before.
   *
   * @param kept at least 1
   * @return the names of those that are gone
   * @throws BundleException {@code IN_USE} where one is being written
   */
  public List<String> prune(int kept) {
    if (kept < 1) {
      throw new IllegalArgumentException("at least 1 version must be kept but " + kept + " were asked for");
    }
    List<String> all = versions();
    Pointer pointer = pointer();
    List<String> gone = new ArrayList<>();
    for (String name : all) {
      boolean needed = name.equals(pointer.current) || name.equals(pointer.previous);
      if (!needed && all.size() - gone.size() > kept) {
        try {
          DirectorySwap.remove(version(name));
        } catch (IOException e) {
          throw failed("change", directory, e);
        }
        gone.add(name);
      }
    }
    return gone;
  }

  /**
   * Keeps others from serving from this store.
   *
   * @throws BundleException {@code IN_USE} where another does
   */
  public Held lock() {
    try {
      LockFile lock = LockFile.take(directory.resolve(LOCK));
      if (lock == null) {
        throw new BundleException("IN_USE",
            "another program serves from the store %s; ask it to swap, or stop it first".formatted(directory));
      }
      return () -> {
        try {
          lock.close();
        } catch (IOException e) {
          throw failed("let go of", directory, e);
        }
      };
    } catch (IOException e) {
      throw failed("lock", directory, e);
    }
  }

  private static BundleException failed(String what, Path store, IOException cause) {
    return new BundleException("IO", "cannot %s the store %s: %s".formatted(what, store, cause), cause);
  }
}
