package io.sfumato.recommend.bundle;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Split;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.user.UserProfile;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.ReleasedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bundle: into a directory beside the target first, which takes the target's place in {@link #commit} when everything is on disk. Until then an old bundle stands
 * untouched; a crash at any moment leaves it whole. Close it always: what is not committed is removed.
 *
 * <pre>{@code
 * try (BundleWriter writer = BundleWriter.create(Path.of("shop"))) {
 *   multimodal.save(writer.directory("model/multimodal"));
 *   recommenderModel.save(writer);
 *   writer.histories(split);
 *   writer.commit(provenance);
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class BundleWriter implements AutoCloseable {
  private final Path target;
  private final DirectorySwap swap;
  private boolean discardsUpdates;
  private @Nullable PrivacyClaim claim;
  private @Nullable PrivacyLedger ledger;
  private Map<String, Object> facts = Map.of();
  private boolean committed;

  private BundleWriter(Path target, DirectorySwap swap) {
    this.target = target;
    this.swap = swap;
  }

  /**
   * Starts a bundle.
   *
   * @param target where it will stand: does not exist yet, is empty, or is a bundle, which will be replaced
   * @throws BundleException {@code NOT_A_BUNDLE} where the target holds something else, {@code IN_USE} where another writer is at work
   */
  public static BundleWriter create(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    try {
      DirectorySwap swap = DirectorySwap.begin(absolute);
      if (DirectorySwap.holdsSomething(absolute) && !Files.isRegularFile(absolute.resolve(Manifest.NAME))) {
        swap.close();
        throw new BundleException("NOT_A_BUNDLE",
            "%s exists and is no bundle; it will not be replaced, give another directory".formatted(absolute));
      }
      return new BundleWriter(absolute, swap);
    } catch (IOException e) {
      throw failed(absolute, e);
    }
  }

  /** Allows to replace a bundle that has feedback or catalogue updates which the new one does not contain. */
  public BundleWriter discardUpdates() {
    discardsUpdates = true;
    return this;
  }

  /** A directory in the bundle to write to, such as {@code model/multimodal}, made where it does not exist; every file in it will be hashed. */
  public Path directory(String path) {
    try {
      return Files.createDirectories(BundleFiles.resolve(swap.staging(), path));
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /** Where a file of the bundle is to be written, such as {@code model/ranker.safetensors}; its parent directories exist. */
  public Path file(String path) {
    Path file = BundleFiles.resolve(swap.staging(), path);
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw failed(target, e);
    }
    return file;
  }

  /** Writes the catalogue; pictures to be shown are copied, large ones scaled down. */
  public void catalog(Catalog catalog) {
    try {
      CatalogFile.write(directory(Bundle.CATALOG), catalog);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /** Writes the item vectors and the user profile. */
  public void vectors(ItemVectors vectors, UserProfile profile) {
    VectorsFile.write(file(Bundle.VECTORS), vectors);
    VectorsFile.write(file(Bundle.PROFILE), profile);
  }

  /** Writes who took what, each row with its part of the split; the split's catalogue must be the bundle's. */
  public void histories(Split split) {
    try {
      HistoriesFile.write(file(Bundle.HISTORIES), split);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /**
   * Makes it a private bundle: it gets a ledger and a claim, and what is known of its people goes into {@code people/} alone. {@link #commit} ends the ledger with an entry that commits to all files of the
   * model.
   *
   * @param released of everything released of its people, continuing that of a bundle in its place
   * @param promise by this ledger
   * @param peopleFacts exact facts of the data, such as its size and what was measured on it
   */
  public void privacy(PrivacyLedger released, PrivacyClaim promise, Map<String, Object> peopleFacts) {
    released.save(file(Bundle.LEDGER));
    ledger = released;
    claim = promise;
    facts = Map.copyOf(peopleFacts);
  }

  /** Keeps what a release made public, so that its ledger entry can be checked. */
  public void released(ReleasedTensors tensors) {
    tensors.write(directory(Bundle.RELEASED));
  }

  /**
   * Hashes every file, writes {@code sfumato.json}, forces all to disk and takes the target's place.
   *
   * @throws io.sfumato.privacy.PrivacyException {@code LEDGER_CONFLICT} where the old bundle is private and the new one does not continue its ledger
   * @throws BundleException {@code UPDATES_WOULD_BE_LOST} where the old bundle has updates and {@link #discardUpdates} was not called, {@code IN_USE} where a recommender writes to the old
   *     bundle; the old one then stands
   */
  public void commit(Provenance provenance) {
    if (committed) {
      throw new IllegalStateException("the bundle " + target + " was committed already");
    }
    List<LockFile> logs = new ArrayList<>();
    try {
      BundleEditor.lock(target, logs);
      if (!discardsUpdates && (UpdateLog.holdsRecords(target.resolve(Bundle.FEEDBACK_LOG))
          || UpdateLog.holdsRecords(target.resolve(Bundle.CATALOG_LOG)))) {
        throw new BundleException("UPDATES_WOULD_BE_LOST",
            "the bundle %s has feedback or catalogue updates that a new one would lose; write elsewhere, or allow it to discard updates"
                .formatted(target));
      }
      requireLedgerContinues();
      keepEarlierReleases();
      SortedMap<String, BundleFiles.Digest> digests = new TreeMap<>();
      SortedMap<String, BundleFiles.Digest> ofPeople = new TreeMap<>();
      for (var file : BundleFiles.list(swap.staging()).entrySet()) {
        boolean hidden = claim != null && file.getKey().startsWith(PeopleFacts.DIRECTORY);
        (hidden ? ofPeople : digests).put(file.getKey(), BundleFiles.digest(file.getValue()));
      }
      if (claim != null && ledger != null) {
        new PeopleFacts(ofPeople, facts).write(swap.staging());
        PrivacyLedger sealed = ledger.append(Release.seal(BundleFiles.modelHash(digests)));
        Path file = file(Bundle.LEDGER);
        sealed.save(file);
        digests.put(Bundle.LEDGER, BundleFiles.digest(file));
        claim = claim.withHead(sealed.head());
      }
      new Manifest(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), provenance, BuildFacts.environment(),
          claim, digests, false).write(swap.staging());
      BundleFiles.forceTree(swap.staging());
      swap.commit();
      committed = true;
    } catch (IOException e) {
      throw failed(target, e);
    } finally {
      BundleEditor.release(null, logs);
    }
  }

  /** Nothing that was released can be forgotten: a private bundle is replaced by one that goes on with its ledger. */
  private void requireLedgerContinues() {
    Path old = target.resolve(Bundle.LEDGER);
    if (Files.exists(old)) {
      Path own = swap.staging().resolve(Bundle.LEDGER);
      if (claim == null || !PrivacyLedger.load(own).continues(PrivacyLedger.loadUnverified(old))) {
        throw new PrivacyException("LEDGER_CONFLICT",
            "the bundle %s is private and the new one does not continue its ledger; write elsewhere, or train with --epsilon on top of it"
                .formatted(target));
      }
    }
  }

  /** What the bundle in this one's place released before stays at hand: the ledger goes on to commit to it. */
  private void keepEarlierReleases() throws IOException {
    if (ledger == null) {
      return;
    }
    for (LedgerEntry entry : ledger.entries()) {
      String hash = entry.release().weightsSha256();
      Path old = ReleasedTensors.file(target.resolve(Bundle.RELEASED), hash);
      Path kept = ReleasedTensors.file(directory(Bundle.RELEASED), hash);
      if (Files.isRegularFile(old) && !Files.exists(kept)) {
        Files.copy(old, kept);
      }
    }
  }

  /** Removes what was not committed. */
  @Override
  public void close() {
    try {
      swap.close();
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  private static BundleException failed(Path target, IOException cause) {
    return new BundleException("IO",
        "cannot write the bundle %s: %s; the old one, if any, stands".formatted(target, cause), cause);
  }
}
