package io.sfumato.recommend;

import io.sfumato.recommend.UpdateRecords.Subject;
import io.sfumato.recommend.bundle.LogSelection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What still counts of the records of a bundle's logs: of each person and item the last feedback, in the order in which they came; of each item how it was put last, in the order in which items were put first, and, where that came later,
 * that it was removed. Applying these gives what applying all gives, the order of the items included.
 *
 * <p>An item that was put and removed keeps its put, since it stays part of the histories of those who took it. A removal stays even where there is no such item: it must reach the versions of a store that have it. Not thread-safe.
 *
 * @param <T> what is kept of a record: itself, or where it stands
 */
final class LatestUpdates<T> {
  private final Map<String, T> catalog = new LinkedHashMap<>();
  private final Map<Taken, T> feedback = new LinkedHashMap<>();

  private record Taken(String user, String item) {}

  /** Chooses what still counts of the catalogue's log. */
  static LogSelection ofCatalog() {
    LatestUpdates<Long> latest = new LatestUpdates<>();
    return new LogSelection() {
      @Override
      public void next(byte[] record, long at) {
        latest.catalog(record, at);
      }

      @Override
      public long[] counting() {
        return positions(latest.catalog());
      }
    };
  }

  /** Chooses what still counts of the feedback's log. */
  static LogSelection ofFeedback() {
    LatestUpdates<Long> latest = new LatestUpdates<>();
    return new LogSelection() {
      @Override
      public void next(byte[] record, long at) {
        latest.feedback(record, at);
      }

      @Override
      public long[] counting() {
        return positions(latest.feedback());
      }
    };
  }

  private static long[] positions(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }

  /** The next record of the catalogue's log. */
  void catalog(byte[] record, T kept) {
    Subject subject = UpdateRecords.subject(record);
    String removal = '-' + subject.id();
    catalog.remove(removal);
    catalog.put(subject.removed() ? removal : '+' + subject.id(), kept); // a put takes the place of the one before
  }

  /** The next record of the feedback's log. */
  void feedback(byte[] record, T kept) {
    UpdateRecords.Feedback told = UpdateRecords.feedback(record);
    Taken key = new Taken(told.user(), told.item());
    feedback.remove(key);
    feedback.put(key, kept);
  }

  /** Of the catalogue's log, in the order to be applied. */
  List<T> catalog() {
    return new ArrayList<>(catalog.values());
  }

  /** Of the feedback's log, in the order to be applied. */
  List<T> feedback() {
    return new ArrayList<>(feedback.values());
  }
}
