package io.sfumato.recommend;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.UpdateRecords.CatalogChange;
import io.sfumato.recommend.UpdateRecords.Feedback;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.BundleSnapshot;
import io.sfumato.recommend.bundle.CompactedLog;
import io.sfumato.recommend.bundle.UpdateLog;
import io.sfumato.recommend.retrieval.Filter;
import io.sfumato.recommend.retrieval.ItemIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes while a recommender is open, and the logs that make it last: an update is appended to its log, applied in the order of the log, and acknowledged when it is on disk. What was logged before is
 * applied when this is made.
 *
 * <p>Where the logs are worth it, they are compacted when they are opened for writing.
 *
 * <p>Where another recommender takes over, {@link #handOver} holds updates back for a moment; those that come afterwards, from requests that began before, go to the other. Thread-safe.
 */
final class LiveState {
  private static final Logger LOG = LoggerFactory.getLogger(LiveState.class);

  private final Bundle bundle;
  private final LiveItems items;
  private final ItemIndex index;
  private final People people;
  private final UpdateLog catalogLog;
  private final UpdateLog feedbackLog;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(); // updates read, a hand-over writes
  private final ReentrantReadWriteLock filed = new ReentrantReadWriteLock(); // compaction writes; taken before the gate
  private @Nullable Successor successor; // by the gate

  /** Takes the updates of a recommender that another has replaced. */
  interface Successor {
    void feedback(byte[] record);

    void catalog(byte[] record);
  }

  /**
   * How far updates have come; of no meaning after the logs were compacted, see {@link #whileFiled}.
   *
   * @param catalog end of the catalogue's log
   * @param feedback end of the feedback's log
   */
  record Position(long catalog, long feedback) {
    static final Position START = new Position(0, 0);
  }

  LiveState(Bundle bundle, Catalog catalog, LiveItems items, ItemIndex index, ServingOptions options) {
    this.bundle = bundle;
    this.items = items;
    this.index = index;
    this.people = new People(bundle.split(catalog).dataset().interactions());
    Duration interval = options.durability().interval();
    this.catalogLog = UpdateLog.open(bundle.log(Bundle.CATALOG_LOG), interval, LatestUpdates::ofCatalog,
        record -> apply(UpdateRecords.catalogChange(record)));
    this.feedbackLog = UpdateLog.open(bundle.log(Bundle.FEEDBACK_LOG), interval, LatestUpdates::ofFeedback,
        record -> apply(UpdateRecords.feedback(record)));
    if (options.exclusive()) {
      try {
        lock();
        compactWhereWorthIt();
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }
  }

  private void compactWhereWorthIt() {
    for (UpdateLog log : List.of(catalogLog, feedbackLog)) {
      if (Compaction.isWorthIt(log.records(), log.counting())) {
        try {
          CompactedLog done = log.compact();
          LOG.info("compacted a log of the bundle {}: {} of {} records still count", bundle.directory(), done.kept(),
              done.records());
        } catch (BundleException e) {
          LOG.warn("the bundle {} is served with a log that could not be compacted: {}", bundle.directory(),
              e.getMessage());
        }
      }
    }
  }

  /** Compacts both logs, while updates go on, but no snapshot and no hand-over of them. */
  Compaction compact() {
    filed.writeLock().lock();
    try {
      checkOpen();
      return new Compaction(catalogLog.compact(), feedbackLog.compact());
    } finally {
      filed.writeLock().unlock();
    }
  }

  /** Runs something during which positions keep their meaning. */
  void whileFiled(Runnable task) {
    filed.readLock().lock();
    try {
      task.run();
    } finally {
      filed.readLock().unlock();
    }
  }

  private void lock() {
    catalogLog.lock();
    feedbackLog.lock();
  }

  Bundle bundle() {
    return bundle;
  }

  People people() {
    return people;
  }

  LiveItems items() {
    return items;
  }

  void feedback(Feedback feedback) {
    byte[] record = UpdateRecords.bytes(feedback);
    Successor next = updating(() -> feedbackLog.append(record));
    if (next != null) {
      next.feedback(record);
    }
  }

  /** Takes a record of a put or a removal. */
  void put(byte[] record) {
    Successor next = updating(() -> catalogLog.append(record));
    if (next != null) {
      next.catalog(record);
    }
  }

  /** Takes records of puts, with one force for all of them. */
  void putAll(List<byte[]> records) {
    Successor next = updating(() -> catalogLog.appendAll(records));
    if (next != null) {
      records.forEach(next::catalog);
    }
  }

  /** The items that a filter allows at this moment, ascending. */
  int[] allowed(Filter filter) {
    return index.allowed(filter, new int[0]);
  }

  void remove(String id) {
    put(UpdateRecords.removal(id));
  }

  /** Appends many records, those of the catalogue first, and forces them to disk whatever the durability. */
  void appendAll(List<byte[]> catalog, List<byte[]> feedback) {
    catalogLog.appendAll(catalog);
    feedbackLog.appendAll(feedback);
    catalogLog.force();
    feedbackLog.force();
  }

  /** Does an update, unless another recommender has taken over, which is then told. */
  private @Nullable Successor updating(Runnable update) {
    gate.readLock().lock();
    try {
      if (successor == null) {
        checkOpen();
        update.run();
      }
      return successor;
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Up to where updates are in the logs; feedback is only on items that the catalogue's log has by then. */
  Position position() {
    long feedback = feedbackLog.end();
    return new Position(catalogLog.end(), feedback);
  }

  /** The updates between two positions. */
  LatestUpdates<byte[]> between(Position from, Position to) {
    LatestUpdates<byte[]> updates = new LatestUpdates<>();
    catalogLog.between(from.catalog, to.catalog, record -> updates.catalog(record, record));
    feedbackLog.between(from.feedback, to.feedback, record -> updates.feedback(record, record));
    return updates;
  }

  /**
   * Holds updates back, runs something, and sends every later update to a successor; where that throws, everything stays as it was.
   *
   * @return how long updates were held back, in nanoseconds
   */
  long handOver(Successor next, Runnable lastThings) {
    gate.writeLock().lock();
    try {
      long start = System.nanoTime();
      checkOpen();
      lastThings.run();
      successor = next;
      return System.nanoTime() - start;
    } finally {
      gate.writeLock().unlock();
    }
  }

  /** Takes no update from now on, for this reason. */
  void refuse(String why) {
    catalogLog.refuse(why);
    feedbackLog.refuse(why);
  }

  void snapshot(Path target) {
    whileFiled(() -> BundleSnapshot.of(bundle, feedbackLog, catalogLog, target));
  }

  private void apply(Feedback feedback) {
    int item = items.everIndexOf(feedback.item());
    if (item < 0) {
      LOG.warn("feedback of user '{}' on item '{}' is skipped: the catalogue never had it", feedback.user(),
          feedback.item());
      return;
    }
    people.add(feedback.user(), item);
  }

  private void apply(CatalogChange change) {
    Item item = change.item();
    ItemVectors vectors = change.vectors();
    if (item != null && vectors != null) {
      index.put(items.put(item, vectors, change.content()), item, vectors.fused(0));
    } else {
      int removed = items.remove(change.id());
      if (removed >= 0) {
        index.remove(removed, change.id());
      }
    }
  }

  /** Size of a log on disk; 0 where nothing was ever written to it. */
  long logBytes(String log) {
    try {
      return Files.size(bundle.log(log));
    } catch (IOException e) { // not there yet
      return 0;
    }
  }

  /** @throws RecommendException {@code CLOSED} */
  void checkOpen() {
    if (closed.get()) {
      throw new RecommendException("CLOSED", "the recommender is closed; open it again");
    }
  }

  /** Closes the logs; false where that was done already. */
  boolean close() {
    if (!closed.compareAndSet(false, true)) {
      return false;
    }
    try {
      catalogLog.close();
    } finally {
      feedbackLog.close();
    }
    return true;
  }
}
