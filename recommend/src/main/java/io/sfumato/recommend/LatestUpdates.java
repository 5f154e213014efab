package io.sfumato.recommend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What still counts of the records of a bundle's logs, in their order: of each person and item the last feedback; of each item how it was put last, and, where that came later, that it was removed. Replaying
 * these gives what replaying all gives. Not thread-safe.
 */
final class LatestUpdates {
  private final Map<String, byte[]> catalog = new LinkedHashMap<>();
  private final Map<String, byte[]> feedback = new LinkedHashMap<>();

  /** The next record of the catalogue's log. */
  void catalog(byte[] record) {
    String id = UpdateRecords.id(record);
    catalog.remove('-' + id);
    if (UpdateRecords.isRemoval(record)) {
      catalog.put('-' + id, record);
    } else {
      catalog.remove('+' + id);
      catalog.put('+' + id, record);
    }
  }

  /** The next record of the feedback's log. */
  void feedback(byte[] record) {
    UpdateRecords.Feedback told = UpdateRecords.feedback(record);
    String key = told.user() + '\0' + told.item();
    feedback.remove(key);
    feedback.put(key, record);
  }

  /** Records of the catalogue's log, in order. */
  List<byte[]> catalog() {
    return new ArrayList<>(catalog.values());
  }

  /** Records of the feedback's log, in order. */
  List<byte[]> feedback() {
    return new ArrayList<>(feedback.values());
  }
}
