package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataException;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.read.RunFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The rankings of another system, from a {@linkplain RunFile run file}. Items that a user's list does not name are not recommended to them, so a list should be as long as the largest cut and the user's known items together, or have the
 * known items left out as this evaluation does. Immutable.
 */
public final class RunFileScorer implements Scorer {
  private final String name;
  /** By user, best first. */
  private final int[][] lists;
  private final long unknown;

  private RunFileScorer(String name, int[][] lists, long unknown) {
    this.name = name;
    this.lists = lists;
    this.unknown = unknown;
  }

  /**
   * Reads a run file. Equal ranks or scores go to the lower item index.
   *
   * @param users where user ids are looked up
   * @throws DataException {@code MISSING_COLUMN}, or {@code BAD_VALUE} where a value cannot be used or a user's list has an item twice
   */
  public static RunFileScorer read(String name, Path file, Interactions users, Catalog catalog) {
    Lists lists = new Lists(users.userCount());
    long[] unknown = {0};
    RunFile.read(file, (userId, itemId, value) -> {
      int user = users.userIndex(userId);
      int item = catalog.indexOf(itemId);
      if (user < 0 || item < 0) {
        unknown[0]++;
      } else {
        lists.add(user, item, value);
      }
    });
    int[][] sorted = new int[users.userCount()][];
    for (int user = 0; user < sorted.length; user++) {
      sorted[user] = lists.sorted(user);
      int repeated = repeated(sorted[user]);
      if (repeated >= 0) {
        throw new DataException("BAD_VALUE", "%s gives item '%s' twice to user '%s'; leave one of them out".formatted(
            file, catalog.id(repeated), users.userId(user)));
      }
    }
    return new RunFileScorer(name, sorted, unknown[0]);
  }

  private static int repeated(int[] items) {
    int[] ascending = items.clone();
    Arrays.sort(ascending);
    return IntStream.range(1, ascending.length)
        .filter(i -> ascending[i] == ascending[i - 1])
        .map(i -> ascending[i])
        .findFirst()
        .orElse(-1);
  }

  @Override
  public String name() {
    return name;
  }

  /** The number of rows whose user or item the data set does not have; they are left out. */
  public long unknownRows() {
    return unknown;
  }

  /** The number of users of the data set who have a list. */
  public int listedUsers() {
    return (int) Arrays.stream(lists).filter(list -> list.length > 0).count();
  }

  @Override
  public void score(int user, float[] scores) {
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    for (int rank = 0; rank < lists[user].length; rank++) {
      scores[lists[user][rank]] = -rank;
    }
  }

  /** Collects the rows of all users. */
  private static final class Lists {
    private final int[][] items;
    private final double[][] values;
    private final int[] sizes;

    Lists(int users) {
      this.items = new int[users][0];
      this.values = new double[users][0];
      this.sizes = new int[users];
    }

    void add(int user, int item, double value) {
      if (sizes[user] == items[user].length) {
        items[user] = Arrays.copyOf(items[user], Math.max(20, 2 * sizes[user]));
        values[user] = Arrays.copyOf(values[user], items[user].length);
      }
      items[user][sizes[user]] = item;
      values[user][sizes[user]++] = value;
    }

    /** A user's items, best first. */
    int[] sorted(int user) {
      return IntStream.range(0, sizes[user])
          .boxed()
          .sorted(Comparator.<Integer>comparingDouble(i -> -values[user][i]).thenComparingInt(i -> items[user][i]))
          .mapToInt(i -> items[user][i])
          .toArray();
    }
  }
}
