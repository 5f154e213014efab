package io.sfumato.recommend;

import io.sfumato.datasets.Interactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who took what: the histories of a bundle, of all parts, and the feedback since. Thread-safe. */
final class People {
  private static final int[] NOBODY = new int[0];

  private final Interactions written;
  private final Map<String, int[]> live = new ConcurrentHashMap<>();

  People(Interactions written) {
    this.written = written;
  }

  boolean knows(String user) {
    return live.containsKey(user) || written.userIndex(user) >= 0;
  }

  /** Everyone with a history: those written, in their order, then the others by id. */
  List<String> users() {
    List<String> users = new ArrayList<>(written.userIds());
    live.keySet().stream().filter(user -> written.userIndex(user) < 0).sorted().forEach(users::add);
    return users;
  }

  /** The distinct items of a person, oldest first, those of feedback by their latest time; not to be changed. */
  int[] history(String user) {
    int[] updated = live.get(user);
    return updated == null ? historyAsWritten(user) : updated;
  }

  /** Whether the histories as written have a person take an item at a time or later. */
  boolean wroteDown(String user, int item, long time) {
    int index = written.userIndex(user);
    if (index >= 0) {
      for (int row = written.start(index); row < written.end(index); row++) {
        if (written.item(row) == item && written.timestamp(row) >= time) {
          return true;
        }
      }
    }
    return false;
  }

  /** The person took an item: it is the newest of their history from now on. */
  void add(String user, int item) {
    live.compute(user, (id, known) -> {
      int[] history = known == null ? historyAsWritten(id) : known;
      int[] before = Arrays.stream(history).filter(other -> other != item).toArray();
      int[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = item;
      return after;
    });
  }

  private int[] historyAsWritten(String user) {
    int index = written.userIndex(user);
    return index < 0 ? NOBODY : written.itemsOf(index);
  }
}
