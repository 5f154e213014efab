package io.sfumato.recommend.bundle;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.user.UserProfile;
import io.sfumato.privacy.accounting.LedgerCheck;
import io.sfumato.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A verified bundle on disk: format version and all hashes were checked when it was opened. Immutable and thread-safe; holds no resources.
 *
 * <p>What holds for every bundle that is opened, also one that somebody made to do harm, who can compute all hashes anew:
 *
 * <ul>
 * <li>Nothing outside of its directory is read or written: names that are absolute, go upwards, are long or have control characters, links, special files, folders within folders beyond 16, two names that differ in case
 * alone, and files that are not listed are refused.
 * <li>Every size that a file states is held against the bytes that the file has before memory is taken for it, every index against the number of items, every number must be finite; JSON is bounded in depth, tokens and
 * length of lines ({@link BoundedJson}), a record of a log to 64 MiB. Memory grows with the bytes on disk, not with what they say.
 * <li>Whatever is wrong is a {@link BundleException}. What a search over a forged index of Lucene answers, or that it fails, is not foreseen here; it reads nothing outside of its files.
 * </ul>
 *
 * <p>Hashes tell what was damaged, not who made it: that is told by a signature.
 *
 * <pre>
 * sfumato.json            format, provenance, claim of privacy, size and SHA-256 of every file below but the logs
 * model/                  what was learned: multimodal model, item vectors, item models, ranker, Lucene index, catalogue
 * model/ledger.json       what was released of its people, where it was trained with differential privacy
 * model/released/         what each entry of the ledger released, a file named by the hash that the entry holds
 * people/histories.jsonl  who took what, one person a line, each row with its part of the split
 * people/feedback.log     what people took since then (checksummed record by record)
 * live/catalog.log        items put and removed since then (likewise)
 * *.log.lock              locked by who writes to the log
 * *.log.writing           what a crash left of compacting a log: ignored, and removed by who writes next
 * people/provenance.json  where it was trained with differential privacy: what else is exact about people, hashes of the files beside it included
 * </pre>
 */
public final class Bundle {
  /** Directory of the multimodal model, as fusion saves it. */
  public static final String MULTIMODAL = "model/multimodal";

  /** Directory of the Lucene index. */
  public static final String INDEX = "model/index";

  /** The ledger of a private bundle. */
  public static final String LEDGER = "model/ledger.json";

  /** What each entry of that ledger released, a file each, named by its hash. */
  public static final String RELEASED = "model/released";

  static final String CATALOG = "model/catalog";
  static final String VECTORS = "model/vectors.safetensors";
  static final String PROFILE = "model/profile.safetensors";
  static final String HISTORIES = "people/histories.jsonl";

  /** Feedback since the bundle was written. */
  public static final String FEEDBACK_LOG = "people/feedback.log";

  /** Items put and removed since the bundle was written. */
  public static final String CATALOG_LOG = "live/catalog.log";

  private static final Set<String> LOGS = Set.of(FEEDBACK_LOG, CATALOG_LOG);

  private final Path directory;
  private final Manifest manifest;
  private final SortedMap<String, BundleFiles.Digest> files;

  private Bundle(Path directory, Manifest manifest, SortedMap<String, BundleFiles.Digest> files) {
    this.directory = directory;
    this.manifest = manifest;
    this.files = files;
  }

  /**
   * Opens a bundle, verifies its format and the size and SHA-256 of every file, and refuses files that it does not list. A bundle whose replacement was cut off by a crash is put back first.
   *
   * @throws BundleException with the codes of its class comment
   */
  public static Bundle open(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      DirectorySwap.recover(root);
      if (!Files.isDirectory(root)) {
        throw new BundleException("NOT_A_BUNDLE",
            "there is no bundle at %s; give the directory that 'train' wrote".formatted(root));
      }
      Manifest manifest = Manifest.read(root);
      SortedMap<String, BundleFiles.Digest> files = new TreeMap<>(manifest.files());
      PrivacyClaim claim = manifest.privacy();
      boolean withPeople = claim != null && !manifest.exported();
      if (withPeople) {
        files.putAll(PeopleFacts.read(root).files());
      }
      verify(root, files, withPeople);
      Bundle bundle = new Bundle(root, manifest, files);
      if (claim != null) {
        verifyLedger(bundle, claim);
      }
      return bundle;
    } catch (IOException e) {
      throw new BundleException("IO", "cannot read the bundle %s: %s".formatted(root, e), e);
    } catch (OutOfMemoryError e) {
      throw tooLarge(Manifest.NAME, root, e);
    }
  }

  private static BundleException tooLarge(String part, Path root, OutOfMemoryError cause) {
    return new BundleException("TOO_LARGE",
        "%s of the bundle %s needs more memory than this program has (%d MiB); where the bundle is to be trusted, give it more by -Xmx"
            .formatted(part, root, Runtime.getRuntime().maxMemory() >> 20),
        cause);
  }

  private static void verifyLedger(Bundle bundle, PrivacyClaim claim) {
    LedgerCheck check = bundle.reading(LEDGER, PrivacyLedger::loadUnverified).verifyHead(claim.ledgerHead());
    if (!check.intact()) {
      throw new BundleException("CORRUPT",
          "%s of the bundle %s is not what its %s says: %s; restore the bundle from a copy"
              .formatted(LEDGER, bundle.directory, Manifest.NAME, check.message()));
    }
  }

  private static void verify(Path root, SortedMap<String, BundleFiles.Digest> files, boolean withPeople)
      throws IOException {
    Map<String, Path> present = BundleFiles.list(root);
    for (Map.Entry<String, BundleFiles.Digest> listed : files.entrySet()) {
      Path file = present.get(listed.getKey());
      if (file == null) {
        throw new BundleException("MISSING_FILE",
            "%s is missing in the bundle %s; restore it from a copy or train again".formatted(listed.getKey(), root));
      }
      if (Files.size(file) != listed.getValue().bytes() || !BundleFiles.digest(file).equals(listed.getValue())) {
        throw new BundleException("CORRUPT",
            "%s of the bundle %s is damaged: it is not what was written; restore it from a copy or train again"
                .formatted(listed.getKey(), root));
      }
    }
    for (String name : present.keySet()) {
      boolean unlisted = isLive(name) || name.equals(Manifest.NAME)
          || (withPeople && name.equals(PeopleFacts.NAME));
      if (!files.containsKey(name) && !unlisted) {
        throw new BundleException("CORRUPT",
            "%s does not belong into the bundle %s: %s does not list it; remove it".formatted(name, root,
                Manifest.NAME));
      }
    }
  }

  /** The bundle's directory, absolute. */
  public Path directory() {
    return directory;
  }

  /** A file or directory of the bundle, such as {@code model/multimodal}. @throws BundleException {@code MISSING_FILE} */
  public Path path(String relative) {
    if (!has(relative)) {
      throw new BundleException("MISSING_FILE",
          "the bundle %s has no %s; it was written for another purpose, train again".formatted(directory, relative));
    }
    return BundleFiles.resolve(directory, relative);
  }

  /** Whether the bundle lists this file, or files in this directory. */
  public boolean has(String relative) {
    return files.containsKey(relative)
        || !files.subMap(relative + "/", relative + "0").isEmpty(); // '0' follows '/'
  }

  /** Whether another bundle has the very same files in a directory, or none either. */
  public boolean sameFiles(Bundle other, String folder) {
    return within(folder).equals(other.within(folder));
  }

  private Map<String, BundleFiles.Digest> within(String folder) {
    return new TreeMap<>(files.subMap(folder, folder + "0")); // '0' follows '/'
  }

  /** Where a log is or will be; logs are not listed. */
  public Path log(String name) {
    if (!LOGS.contains(name)) {
      throw new IllegalArgumentException("logs are " + LOGS + ", not " + name);
    }
    return directory.resolve(name);
  }

  static boolean isLog(String name) {
    return LOGS.contains(name);
  }

  /** Whether a file is a log or goes with one: its lock, and what a crash left of compacting it. */
  static boolean isLive(String name) {
    return LOGS.stream()
        .anyMatch(log -> name.equals(log) || name.equals(log + UpdateLog.LOCK)
            || name.equals(log + UpdateLog.WRITING));
  }

  Manifest manifest() {
    return manifest;
  }

  /** Where the bundle came from. */
  public Provenance provenance() {
    return manifest.provenance();
  }

  /** What it promises the people whose interactions it was trained on; null where it was trained without differential privacy. */
  public @Nullable PrivacyClaim privacy() {
    return manifest.privacy();
  }

  /** Everything that was released of its people, verified; null where it was trained without differential privacy. */
  public @Nullable PrivacyLedger ledger() {
    return privacy() == null ? null : PrivacyLedger.load(path(LEDGER));
  }

  /** Whether {@code people/} was left out, so that the bundle could leave the machine: it then serves those who are new to it. */
  public boolean exported() {
    return manifest.exported();
  }

  /**
   * Exact facts of the people of a private bundle, internal and not private; empty where the bundle is not private, whose facts are in its {@link #provenance}, and where it was {@linkplain #exported
   * exported}.
   */
  public Map<String, Object> peopleFacts() {
    try {
      return privacy() == null || exported() ? Map.of() : PeopleFacts.read(directory).facts();
    } catch (IOException e) {
      throw new BundleException("IO", "cannot read %s of the bundle %s: %s".formatted(PeopleFacts.NAME, directory, e),
          e);
    }
  }

  /** When it was written, ISO 8601. */
  public String created() {
    return manifest.created();
  }

  /** Versions of Sfumato, libraries, JVM and operating system that it was written with. */
  public Map<String, String> environment() {
    return manifest.environment();
  }

  /** Size of every listed file in bytes, by name. */
  public Map<String, Long> files() {
    Map<String, Long> sizes = new TreeMap<>();
    files.forEach((name, digest) -> sizes.put(name, digest.bytes()));
    return sizes;
  }

  /** The catalogue as it was written; its pictures are those to be shown, and are read when asked for. */
  public Catalog catalog() {
    return reading(CATALOG, path -> CatalogFile.read(path));
  }

  /** The item vectors, by catalogue index. */
  public ItemVectors vectors() {
    return reading(VECTORS, VectorsFile::read);
  }

  /** The user tower. */
  public UserProfile profile() {
    return reading(PROFILE, VectorsFile::readProfile);
  }

  /**
   * The histories that the bundle was written with, by their parts: what {@code evaluate} needs, without the original data. Nobody's, where the bundle was {@linkplain #exported exported}.
   *
   * @param catalog of this bundle
   */
  public Split split(Catalog catalog) {
    if (exported()) {
      Interactions none = Interactions.builder(catalog).build();
      return new Split(new Dataset(provenance().dataName(), catalog, none, DataReport.empty()), provenance().split(),
          none, none, none);
    }
    return reading(HISTORIES,
        path -> HistoriesFile.read(path, provenance().dataName(), provenance().split(), catalog));
  }

  /**
   * Reads a part of the bundle; whatever is wrong with it although its hash is right becomes {@code MALFORMED}, and {@code TOO_LARGE} what this program has not the memory for.
   */
  @SuppressWarnings("CatchingUnchecked") // what readers throw at files that were made to harm is not to be foreseen
  public <T> T reading(String relative, Reading<T> reading) {
    Path path = path(relative);
    try {
      return reading.read(path);
    } catch (BundleException e) {
      throw e;
    } catch (OutOfMemoryError e) {
      throw tooLarge(relative, directory, e);
    } catch (IOException | RuntimeException e) {
      throw new BundleException("MALFORMED",
          "%s of the bundle %s cannot be read: %s; train again with this version".formatted(relative, directory,
              BundleFiles.oneLine(e.getMessage() == null ? e.toString() : e.getMessage())),
          e);
    }
  }

  /** Reads a part from its place. */
  @FunctionalInterface
  public interface Reading<T> {
    T read(Path path) throws IOException;
  }
}
