package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Who took what, with at most k distinct items a person, so that a sum over people can bound what one of them adds. Of longer histories the k items
 * with the smallest hash of (seed, user, item) are kept: a choice by the user's own coin, which nothing of another user can move, and which moves by
 * one item at most where one item of the user is added, removed or exchanged (it is the bottom-k of the set). Immutable.
 */
final class BoundedHistories {
  private final int itemCount;
  private final int[][] itemsOfUser;

  private BoundedHistories(int itemCount, int[][] itemsOfUser) {
    this.itemCount = itemCount;
    this.itemsOfUser = itemsOfUser;
  }

  /**
   * Bounds the histories.
   *
   * @param limit k, at least 1
   * @param seed public; other seeds choose other items
   */
  static BoundedHistories of(Interactions train, int limit, long seed) {
    if (limit < 1) {
      throw new IllegalArgumentException("a user must be allowed at least 1 item but was " + limit);
    }
    int[][] items = new int[train.userCount()][];
    for (int user = 0; user < items.length; user++) {
      int[] all = train.itemsOf(user);
      items[user] = all.length <= limit ? sorted(all) : smallest(all, limit, mix(seed ^ hash(train.userId(user))));
    }
    return new BoundedHistories(train.itemCount(), items);
  }

  private static int[] sorted(int[] items) {
    int[] sorted = items.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static int[] smallest(int[] items, int limit, long coin) {
    return IntStream.of(items)
        .boxed()
        .sorted(Comparator.<Integer>comparingLong(item -> mix(coin + item)).thenComparingInt(item -> item))
        .limit(limit)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  /** FNV-1a of the id's UTF-8 bytes. */
  private static long hash(String id) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection. */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }

  /** The size of the catalogue. */
  int itemCount() {
    return itemCount;
  }

  /** The number of users, those without items included. */
  int userCount() {
    return itemsOfUser.length;
  }

  /** The user's kept items, ascending; not to be changed. */
  int[] itemsOf(int user) {
    return itemsOfUser[user];
  }

  /** The users who kept each item, ascending. */
  int[][] usersOfItems() {
    int[] sizes = new int[itemCount];
    for (int[] items : itemsOfUser) {
      for (int item : items) {
        sizes[item]++;
      }
    }
    int[][] users = new int[itemCount][];
    for (int item = 0; item < itemCount; item++) {
      users[item] = new int[sizes[item]];
      sizes[item] = 0;
    }
    for (int user = 0; user < itemsOfUser.length; user++) {
      for (int item : itemsOfUser[user]) {
        users[item][sizes[item]++] = user;
      }
    }
    return users;
  }
}
