package io.sfumato.datasets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Who took what, and when: four columns, with the rows sorted by user, then time, then the order in which they came. Users and items are indices;
 * the ids that people know are kept beside them. Immutable, and safe for use by many threads.
 */
public final class Interactions {
  private final List<String> userIds;
  private final Map<String, Integer> userIndices;
  private final int itemCount;
  private final int[] users;
  private final int[] items;
  private final float[] ratings;
  private final long[] timestamps;
  private final int[] starts;

  /** Takes the columns over; the rows must be sorted by user already. */
  private Interactions(List<String> userIds, Map<String, Integer> userIndices, int itemCount, Columns columns) {
    this.userIds = userIds;
    this.userIndices = userIndices;
    this.itemCount = itemCount;
    this.users = columns.users;
    this.items = columns.items;
    this.ratings = columns.ratings;
    this.timestamps = columns.timestamps;
    this.starts = new int[userIds.size() + 1];
    for (int user : users) {
      starts[user + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
  }

  /** A builder of interactions with the items of this catalogue. */
  public static Builder builder(Catalog catalog) {
    return new Builder(catalog);
  }

  /** The number of rows. */
  public int size() {
    return users.length;
  }

  public int userCount() {
    return userIds.size();
  }

  /** The size of the catalogue, whether or not every item has interactions. */
  public int itemCount() {
    return itemCount;
  }

  public int user(int row) {
    return users[row];
  }

  public int item(int row) {
    return items[row];
  }

  /** The rating as it was given, or 1 where the source has none. */
  public float rating(int row) {
    return ratings[row];
  }

  /** Seconds since 1970-01-01 UTC, or 0 where it is unknown. */
  public long timestamp(int row) {
    return timestamps[row];
  }

  public String userId(int user) {
    return userIds.get(user);
  }

  /** The index of the user with this id, or -1. */
  public int userIndex(String id) {
    return userIndices.getOrDefault(id, -1);
  }

  /** The ids of all users, by index; unmodifiable. */
  public List<String> userIds() {
    return userIds;
  }

  /** The first row of a user. */
  public int start(int user) {
    return starts[user];
  }

  /** The row after the last one of a user; the same as {@link #start} for a user without rows. */
  public int end(int user) {
    return starts[user + 1];
  }

  /** The distinct items of a user, in the order of the first time. */
  public int[] itemsOf(int user) {
    return Arrays.stream(items, start(user), end(user)).distinct().toArray();
  }

  /** The number of users that each item has, by item index. */
  public int[] itemCounts() {
    int[] counts = new int[itemCount];
    int[] lastUser = new int[itemCount];
    for (int row = 0; row < users.length; row++) {
      if (lastUser[items[row]] != users[row] + 1) {
        lastUser[items[row]] = users[row] + 1;
        counts[items[row]]++;
      }
    }
    return counts;
  }

  /** The rows that the predicate wants, over the same user and item indices. */
  public Interactions select(IntPredicate rows) {
    return new Interactions(userIds, userIndices, itemCount, new Columns(users, items, ratings, timestamps).take(
        IntStream.range(0, users.length).filter(rows).toArray()));
  }

  /** The rows of two parts over the same users and items, by user and then time, those of the first part first where times are the same. */
  static Interactions union(Interactions first, Interactions second) {
    Columns both = Columns.sized(first.size() + second.size());
    int to = 0;
    for (int user = 0; user < first.userCount(); user++) {
      int a = first.start(user);
      int b = second.start(user);
      while (a < first.end(user) || b < second.end(user)) {
        boolean early = b == second.end(user)
            || (a < first.end(user) && first.timestamps[a] <= second.timestamps[b]);
        Interactions from = early ? first : second;
        int row = early ? a++ : b++;
        both.users[to] = user;
        both.items[to] = from.items[row];
        both.ratings[to] = from.ratings[row];
        both.timestamps[to++] = from.timestamps[row];
      }
    }
    return new Interactions(first.userIds, first.userIndices, first.itemCount, both);
  }

  @Override
  public String toString() {
    return "Interactions[%d rows, %d users, %d items]".formatted(size(), userCount(), itemCount);
  }

  /** The four columns, of one length. */
  @SuppressWarnings("ArrayRecordComponent") // inside this class alone, never compared
  private record Columns(int[] users, int[] items, float[] ratings, long[] timestamps) {
    /** These rows, in this order. */
    Columns take(int[] rows) {
      Columns taken = sized(rows.length);
      for (int i = 0; i < rows.length; i++) {
        taken.users[i] = users[rows[i]];
        taken.items[i] = items[rows[i]];
        taken.ratings[i] = ratings[rows[i]];
        taken.timestamps[i] = timestamps[rows[i]];
      }
      return taken;
    }

    Columns resized(int length) {
      return new Columns(Arrays.copyOf(users, length), Arrays.copyOf(items, length), Arrays.copyOf(ratings, length),
          Arrays.copyOf(timestamps, length));
    }

    static Columns sized(int length) {
      return new Columns(new int[length], new int[length], new float[length], new long[length]);
    }
  }

  /**
   * Collects rows in any order; users get their indices in the order of their first row. Repetitions are kept: whoever wants none leaves them out
   * before. Not safe for use by several threads.
   */
  public static final class Builder {
    private final Catalog catalog;
    private final List<String> userIds = new ArrayList<>();
    private final Map<String, Integer> userIndices = new HashMap<>();
    private Columns columns = Columns.sized(1024);
    private int size;

    private Builder(Catalog catalog) {
      this.catalog = catalog;
    }

    /** Gives users their indices, in this order, before any row of theirs, or without one. */
    public Builder users(Iterable<String> ids) {
      ids.forEach(this::index);
      return this;
    }

    private int index(String userId) {
      Integer known = userIndices.get(userId);
      if (known != null) {
        return known;
      }
      userIndices.put(userId, userIds.size());
      userIds.add(userId);
      return userIds.size() - 1;
    }

    /**
     * Adds a row.
     *
     * @param timestamp seconds since 1970-01-01 UTC, 0 where it is unknown
     * @throws DataException {@code UNKNOWN_ITEM} where the catalogue has no such item, {@code EMPTY_ID} where the user's id is blank
     */
    public Builder add(String userId, String itemId, float rating, long timestamp) {
      int item = catalog.indexOf(itemId);
      if (item < 0) {
        throw new DataException("UNKNOWN_ITEM", "the catalogue has no item '" + itemId
            + "'; add it, or leave out the interaction of user '" + userId + "'");
      }
      return add(userId, item, rating, timestamp);
    }

    /** Adds a row with an item by its index. */
    public Builder add(String userId, int item, float rating, long timestamp) {
      Objects.checkIndex(item, catalog.size());
      if (userId.isBlank()) {
        throw new DataException("EMPTY_ID",
            "an interaction must have a user id, but this one's is blank; its item is '" + catalog.id(item) + "'");
      }
      if (size == columns.users.length) {
        columns = columns.resized(size + (size >> 1));
      }
      columns.users[size] = index(userId);
      columns.items[size] = item;
      columns.ratings[size] = rating;
      columns.timestamps[size] = timestamp;
      size++;
      return this;
    }

    /** The number of rows so far. */
    public int size() {
      return size;
    }

    /** The sorted rows; the builder may go on to be used. */
    public Interactions build() {
      int[] users = columns.users;
      long[] timestamps = columns.timestamps;
      int[] order = IntStream.range(0, size)
          .boxed()
          .sorted(Comparator.<Integer>comparingInt(row -> users[row]).thenComparingLong(row -> timestamps[row])) // stable
          .mapToInt(Integer::intValue)
          .toArray();
      return new Interactions(List.copyOf(userIds), Map.copyOf(userIndices), catalog.size(), columns.take(order));
    }
  }
}
