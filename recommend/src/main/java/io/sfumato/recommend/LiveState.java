package io.sfumato.recommend;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.UpdateRecords.CatalogChange;
import io.sfumato.recommend.UpdateRecords.Feedback;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.UpdateLog;
import io.sfumato.recommend.retrieval.ItemIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes while a recommender is open, and the logs that make it last: an update is appended to its log, applied in the order of the log, and acknowledged when it is on disk. What was logged before is
 * applied when this is made. Thread-safe.
 */
final class LiveState {
  private static final Logger LOG = LoggerFactory.getLogger(LiveState.class);

  private final LiveItems items;
  private final ItemIndex index;
  private final People people;
  private final Bundle bundle;
  private final UpdateLog catalogLog;
  private final UpdateLog feedbackLog;
  private final AtomicBoolean closed = new AtomicBoolean();

  LiveState(Bundle bundle, Catalog catalog, LiveItems items, ItemIndex index) {
    this.bundle = bundle;
    this.items = items;
    this.index = index;
    this.people = new People(bundle.split(catalog).dataset().interactions());
    this.catalogLog = UpdateLog.open(bundle.log(Bundle.CATALOG_LOG),
        record -> apply(UpdateRecords.catalogChange(record)));
    this.feedbackLog = UpdateLog.open(bundle.log(Bundle.FEEDBACK_LOG), record -> apply(UpdateRecords.feedback(record)));
  }

  People people() {
    return people;
  }

  void feedback(Feedback feedback) {
    feedbackLog.append(UpdateRecords.bytes(feedback));
  }

  void put(Item item, ItemVectors vectors, float @Nullable [] content) {
    catalogLog.append(UpdateRecords.put(item, vectors, content));
  }

  void remove(String id) {
    catalogLog.append(UpdateRecords.removal(id));
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
    catalogLog.close();
    feedbackLog.close();
    return true;
  }
}
