package io.sfumato.recommend;

import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.CompactedLog;
import io.sfumato.recommend.bundle.UpdateLog;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What compacting the logs of a bundle did. A log grows with every update; compacted, it holds what still counts: of each item how it was put last and whether it was removed, of each person and item the last feedback. Answers, histories
 * and what a swap carries over are the same as before; times of feedback that was given again later are gone.
 *
 * <p>It happens by itself when a recommender is opened {@linkplain ServingOptions#locked() locked}, where a log holds at least {@value #WORTH_IT} records and more than twice those that still count; when asked for, by {@link Recommender#compact}
 * while it is served, and by {@link #of} or {@link #ofStore} while it is not.
 *
 * @param catalog the log of items put and removed
 * @param feedback the log of feedback
 */
public record Compaction(CompactedLog catalog, CompactedLog feedback) {
  /** Records that a log has at least where it is compacted by itself. */
  public static final int WORTH_IT = 10_000;

  /** Whether a log is compacted when it is opened for writing. */
  static boolean isWorthIt(long records, long counting) {
    return records >= WORTH_IT && records > 2 * counting;
  }

  /** Bytes that both logs have less than before. */
  public long freed() {
    return catalog.bytesBefore() - catalog.bytesAfter() + feedback.bytesBefore() - feedback.bytesAfter();
  }

  /**
   * Compacts the logs of a bundle that nobody serves for writing. A crash at any moment leaves each log as it was or compacted.
   *
   * @throws BundleException as {@link Bundle#open}, {@code IN_USE} where a recommender writes to the bundle, {@code IO} where the disk refuses: a log that was not compacted then stands as it was
   */
  public static Compaction of(Path directory) {
    Bundle bundle = Bundle.open(directory);
    try (UpdateLog catalog = UpdateLog.open(bundle.log(Bundle.CATALOG_LOG), Duration.ZERO, LatestUpdates::ofCatalog,
        record -> {});
        UpdateLog feedback = UpdateLog.open(bundle.log(Bundle.FEEDBACK_LOG), Duration.ZERO, LatestUpdates::ofFeedback,
            record -> {})) {
      catalog.lockIfThere();
      feedback.lockIfThere();
      return new Compaction(catalog.compact(), feedback.compact());
    }
  }

  /**
   * Compacts the logs of every version of a store that nobody serves from.
   *
   * @return by version, the oldest first
   * @throws BundleException {@code NOT_A_STORE}, {@code IN_USE} where a program serves from the store, and as {@link #of}
   */
  public static Map<String, Compaction> ofStore(Path directory) {
    VersionStore store = VersionStore.at(directory);
    Map<String, Compaction> done = new LinkedHashMap<>();
    try (VersionStore.Held held = store.lock()) {
      for (String version : store.versions()) {
        done.put(version, of(store.version(version)));
      }
    }
    return done;
  }
}
