package io.sfumato.recommend.bundle;

import io.sfumato.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes some files of a bundle, all of them or none: a second directory with links to all of its files is made beside it, changed, and put in its place. Nobody else can write to the bundle meanwhile.
 * Close it always: what was not committed is removed.
 *
 * <p>Not safe for use by several threads.
 */
public final class BundleEditor implements AutoCloseable {
  private final Bundle bundle;
  private final DirectorySwap swap;
  private final List<LockFile> logs;
  private final SortedMap<String, BundleFiles.Digest> files;
  private final @Nullable PeopleFacts people;
  private final SortedMap<String, BundleFiles.Digest> peopleFiles;
  private boolean manifestChanged;
  private boolean exported;

  private BundleEditor(Bundle bundle, DirectorySwap swap, List<LockFile> logs) throws IOException {
    this.bundle = bundle;
    this.swap = swap;
    this.logs = logs;
    this.files = new TreeMap<>(bundle.manifest().files());
    this.exported = bundle.exported();
    this.people = bundle.privacy() == null || exported ? null : PeopleFacts.read(bundle.directory());
    this.peopleFiles = new TreeMap<>(people == null ? Map.of() : people.files());
  }

  /**
   * Begins to change a bundle, which is verified first.
   *
   * @throws BundleException as {@link Bundle#open}, and {@code IN_USE} where something else writes to it
   */
  public static BundleEditor of(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    Bundle.open(root); // says what is wrong before anything is made beside it
    return begin(root, root);
  }

  /**
   * Begins a changed copy of a bundle, in which live updates are left out; the bundle itself stays as it is.
   *
   * @param target does not exist yet, or is empty
   * @throws BundleException as {@link Bundle#open}, and {@code NOT_A_BUNDLE} where the target holds something already
   */
  public static BundleEditor copy(Path directory, Path target) {
    Path root = directory.toAbsolutePath().normalize();
    Path to = target.toAbsolutePath().normalize();
    Bundle.open(root);
    try {
      if (DirectorySwap.holdsSomething(to)) {
        throw new BundleException("NOT_A_BUNDLE",
            "%s exists and is not empty; it will not be replaced, give another directory".formatted(to));
      }
    } catch (IOException e) {
      throw failed(to, e);
    }
    return begin(root, to);
  }

  private static BundleEditor begin(Path root, Path target) {
    List<LockFile> logs = new ArrayList<>();
    DirectorySwap swap = null;
    try {
      swap = DirectorySwap.begin(target);
      boolean inPlace = root.equals(target);
      if (inPlace) {
        lock(root, logs);
      }
      Bundle bundle = Bundle.open(root);
      for (Map.Entry<String, Path> file : BundleFiles.list(root).entrySet()) {
        if (!Bundle.isLive(file.getKey()) || (inPlace && Bundle.isLog(file.getKey()))) {
          link(file.getValue(), swap.staging().resolve(file.getKey()), inPlace);
        }
      }
      return new BundleEditor(bundle, swap, logs);
    } catch (IOException e) {
      release(swap, logs);
      throw failed(target, e);
    } catch (RuntimeException e) {
      release(swap, logs);
      throw e;
    }
  }

  /** Locks the logs that there are or were, as a recommender does that writes to them. */
  static void lock(Path root, List<LockFile> logs) throws IOException {
    for (String name : List.of(Bundle.FEEDBACK_LOG, Bundle.CATALOG_LOG)) {
      Path log = root.resolve(name);
      if (Files.exists(log) || Files.exists(UpdateLog.lockFile(log))) {
        LockFile lock = LockFile.take(UpdateLog.lockFile(log));
        if (lock == null) {
          throw new BundleException("IN_USE",
              "a recommender writes to the bundle %s; close it and try again".formatted(root));
        }
        logs.add(lock);
      }
    }
  }

  private static void link(Path from, Path to, boolean links) throws IOException {
    Files.createDirectories(to.getParent());
    if (links) {
      try {
        Files.createLink(to, from);
        return;
      } catch (UnsupportedOperationException | FileSystemException e) {
        // Not every file system has links.
      }
    }
    Files.copy(from, to);
  }

  /** The bundle as it was when this began. */
  public Bundle bundle() {
    return bundle;
  }

  /** Where a file is to be written anew; there is none any more at its place. */
  public Path replace(String name) {
    Path file = BundleFiles.resolve(swap.staging(), name);
    try {
      Files.deleteIfExists(file); // a link: what it links to stays
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw failed(bundle.directory(), e);
    }
    changed(name);
    return file;
  }

  /** Leaves out what is about people: {@code people/}, where the data were read from, and their hash. */
  public void withoutPeople() {
    try {
      BundleFiles.deleteTree(swap.staging().resolve("people"));
    } catch (IOException e) {
      throw failed(bundle.directory(), e);
    }
    files.keySet().removeIf(name -> name.startsWith(PeopleFacts.DIRECTORY));
    peopleFiles.clear();
    exported = true;
    manifestChanged = true;
  }

  private void changed(String name) {
    if (peopleFiles.containsKey(name)) {
      peopleFiles.remove(name);
    } else if (files.remove(name) != null) {
      manifestChanged = true;
    }
  }

  /**
   * Hashes what was changed and puts it in its place. A signature of the old {@code sfumato.json} stays where that did not have to change.
   *
   * @param keys to sign with; null for none
   * @return whether a signature was lost
   */
  public boolean commit(@Nullable KeyPair keys) {
    Path staging = swap.staging();
    try {
      if (keys != null && bundle.has(Bundle.LEDGER)) {
        Path ledger = staging.resolve(Bundle.LEDGER);
        PrivacyLedger.load(ledger).sign(keys).save(ledger);
        files.remove(Bundle.LEDGER);
      }
      boolean hidden = people != null && !exported;
      for (Map.Entry<String, Path> file : BundleFiles.list(staging).entrySet()) {
        String name = file.getKey();
        boolean unlisted = name.equals(Manifest.NAME) || Bundle.isLog(name)
            || (hidden && name.equals(PeopleFacts.NAME));
        if (!unlisted && !files.containsKey(name) && !peopleFiles.containsKey(name)) {
          (hidden && name.startsWith(PeopleFacts.DIRECTORY) ? peopleFiles : files).put(name,
              BundleFiles.digest(file.getValue()));
        }
      }
      if (people != null && hidden && !peopleFiles.equals(people.files())) {
        Files.delete(staging.resolve(PeopleFacts.NAME));
        new PeopleFacts(peopleFiles, people.facts()).write(staging);
      }
      boolean wasSigned = Manifest.readUnsealed(staging).signature() != null;
      if (keys != null || manifestChanged) {
        Manifest old = bundle.manifest();
        Provenance from = old.provenance();
        Provenance told = exported
            ? new Provenance(from.dataName(), "", "", from.split(), from.seed(), from.configuration(), from.results())
            : from;
        Files.delete(staging.resolve(Manifest.NAME));
        new Manifest(old.created(), told, old.environment(), old.privacy(), files, exported).write(staging, keys);
      }
      BundleFiles.forceTree(staging);
      swap.commit();
      return wasSigned && keys == null && manifestChanged;
    } catch (IOException e) {
      throw failed(bundle.directory(), e);
    }
  }

  /** Removes what was not committed, and lets others write. */
  @Override
  public void close() {
    release(swap, logs);
  }

  static void release(@Nullable DirectorySwap swap, List<LockFile> logs) {
    try {
      for (LockFile log : logs) {
        log.close();
      }
      if (swap != null) {
        swap.close();
      }
    } catch (IOException e) {
      throw new BundleException("IO", "cannot clean up beside the bundle: " + e, e);
    }
  }

  private static BundleException failed(Path target, IOException cause) {
    return new BundleException("IO",
        "cannot change the bundle %s: %s; it stands as it was".formatted(target, cause), cause);
  }
}
