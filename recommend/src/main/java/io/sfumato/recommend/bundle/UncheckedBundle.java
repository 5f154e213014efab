package io.sfumato.recommend.bundle;

import io.sfumato.privacy.accounting.LedgerSignature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A bundle as it stands on disk, whether or not it is whole: for an audit, which has to tell what is wrong with one that {@link Bundle#open} refuses. Every file was hashed when this was read. Immutable.
 */
public final class UncheckedBundle {
  private final Path directory;
  private final Manifest.Read read;
  private final @Nullable PeopleFacts people;
  private final SortedMap<String, BundleFiles.Digest> present;
  private final List<String> faults;

  private UncheckedBundle(Path directory, Manifest.Read read, @Nullable PeopleFacts people,
      SortedMap<String, BundleFiles.Digest> present, List<String> faults) {
    this.directory = directory;
    this.read = read;
    this.people = people;
    this.present = present;
    this.faults = List.copyOf(faults);
  }

  /**
   * Reads what can be read.
   *
   * @throws BundleException where there is no bundle, or {@code sfumato.json} cannot even be read
   */
  public static UncheckedBundle read(Path bundle) {
    Path root = bundle.toAbsolutePath().normalize();
    try {
      if (!Files.isDirectory(root)) {
        throw new BundleException("NOT_A_BUNDLE",
            "there is no bundle at %s; give the directory that 'train' wrote".formatted(root));
      }
      Manifest.Read read = Manifest.readUnsealed(root);
      List<String> faults = new ArrayList<>();
      SortedMap<String, BundleFiles.Digest> present = new TreeMap<>();
      for (Map.Entry<String, Path> file : BundleFiles.list(root).entrySet()) {
        present.put(file.getKey(), BundleFiles.digest(file.getValue()));
      }
      SortedMap<String, BundleFiles.Digest> listed = new TreeMap<>(read.manifest().files());
      boolean withPeople = read.manifest().privacy() != null && !read.manifest().exported();
      PeopleFacts people = null;
      if (withPeople) {
        try {
          people = PeopleFacts.read(root);
          listed.putAll(people.files());
        } catch (BundleException e) {
          faults.add(e.getMessage());
        }
      }
      compare(listed, present, withPeople, faults);
      return new UncheckedBundle(root, read, people, present, faults);
    } catch (IOException e) {
      throw new BundleException("IO", "cannot read the bundle %s: %s".formatted(root, e), e);
    }
  }

  private static void compare(SortedMap<String, BundleFiles.Digest> listed,
      SortedMap<String, BundleFiles.Digest> present, boolean withPeople, List<String> faults) {
    listed.forEach((name, digest) -> {
      BundleFiles.Digest found = present.get(name);
      if (found == null) {
        faults.add(name + " is missing");
      } else if (!found.equals(digest)) {
        faults.add(name + " is not what was written");
      }
    });
    for (String name : present.keySet()) {
      boolean unlisted = Bundle.isLive(name) || name.equals(Manifest.NAME)
          || (withPeople && name.equals(PeopleFacts.NAME));
      if (!unlisted && !listed.containsKey(name)) {
        faults.add(name + " is not listed");
      }
    }
  }

  /** The bundle's directory, absolute. */
  public Path directory() {
    return directory;
  }

  /** Whether {@code sfumato.json} has the contents that it was sealed with. */
  public boolean sealed() {
    return read.sealed();
  }

  /** What is wrong with files, in a few words each, such as {@code model/vectors.safetensors is not what was written}; empty where all are as they are listed. */
  public List<String> faults() {
    return faults;
  }

  /** What it promises; null where it promises nothing. */
  public @Nullable PrivacyClaim privacy() {
    return read.manifest().privacy();
  }

  /** Where it says that it comes from. */
  public Provenance provenance() {
    return read.manifest().provenance();
  }

  /** Whether it says that {@code people/} was left out. */
  public boolean exported() {
    return read.manifest().exported();
  }

  /** Exact facts of its people, internal and not private; empty where it has none, or they cannot be read. */
  public Map<String, Object> peopleFacts() {
    return people == null ? Collections.emptyMap() : people.facts();
  }

  /** Hash of the files of the model as they are now: what the last entry of the ledger should commit to. */
  public String modelHash() {
    return BundleFiles.modelHash(present);
  }

  /** Whether a file is there. */
  public boolean has(String name) {
    return present.containsKey(name);
  }

  /** Names of the files that are there, in a directory such as {@code model/released} and below. */
  public List<String> filesIn(String folder) {
    return present.keySet().stream().filter(name -> name.startsWith(folder + "/")).toList();
  }

  /** Where a file of the bundle is. */
  public Path path(String name) {
    return BundleFiles.resolve(directory, name);
  }

  /** The signature of {@code sfumato.json}, and so of every file that it lists; null where there is none. */
  public @Nullable LedgerSignature signature() {
    return read.signature();
  }

  /** Whether that signature is one of these contents, by the key that travels along. */
  public boolean signed() {
    return read.signed();
  }
}
