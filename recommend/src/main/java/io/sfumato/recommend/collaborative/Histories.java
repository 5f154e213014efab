package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import java.util.Arrays;

/** Training interactions by user and by item, each user with a weight; for counting what is taken together. */
final class Histories {
  private final int[][] itemsOfUser;
  private final int[][] usersOfItem;
  private final float[] weights;
  private final float[] masses;

  private Histories(int[][] itemsOfUser, int[][] usersOfItem, float[] weights) {
    this.itemsOfUser = itemsOfUser;
    this.usersOfItem = usersOfItem;
    this.weights = weights;
    this.masses = new float[usersOfItem.length];
    for (int item = 0; item < masses.length; item++) {
      for (int user : usersOfItem[item]) {
        masses[item] += weights[user];
      }
    }
  }

  /** With the weight {@code |H_u|^(-2·exponent)} a user: the square, since a co-occurrence has it twice. */
  static Histories of(Interactions train, double exponent) {
    return of(train, exponent, Integer.MAX_VALUE);
  }

  /** The same with the newest items of each user alone, at most so many. */
  static Histories of(Interactions train, double exponent, int newest) {
    int[][] itemsOfUser = new int[train.userCount()][];
    float[] weights = new float[itemsOfUser.length];
    int[] lengths = new int[train.itemCount()];
    for (int user = 0; user < itemsOfUser.length; user++) {
      int[] all = train.itemsOf(user);
      itemsOfUser[user] = all.length <= newest ? all : Arrays.copyOfRange(all, all.length - newest, all.length);
      for (int item : itemsOfUser[user]) {
        lengths[item]++;
      }
    }
    int[][] usersOfItem = new int[lengths.length][];
    for (int item = 0; item < lengths.length; item++) {
      usersOfItem[item] = new int[lengths[item]];
      lengths[item] = 0;
    }
    for (int user = 0; user < itemsOfUser.length; user++) {
      weights[user] = (float) Math.pow(Math.max(1, itemsOfUser[user].length), -2 * exponent);
      for (int item : itemsOfUser[user]) {
        usersOfItem[item][lengths[item]++] = user;
      }
    }
    return new Histories(itemsOfUser, usersOfItem, weights);
  }

  /**
   * How many of each user's newest items may count so that the pairs of items of all users are at most so many.
   *
   * @return at least 2; {@link Integer#MAX_VALUE} where all may
   */
  static int newestWithin(Interactions train, long pairs) {
    int[] lengths = new int[train.userCount()];
    int longest = 0;
    for (int user = 0; user < lengths.length; user++) {
      lengths[user] = train.itemsOf(user).length;
      longest = Math.max(longest, lengths[user]);
    }
    if (pairs(lengths, longest) <= pairs) {
      return Integer.MAX_VALUE;
    }
    int low = 2;
    int high = longest;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (pairs(lengths, middle) <= pairs) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static long pairs(int[] lengths, int newest) {
    long sum = 0;
    for (int length : lengths) {
      long counted = Math.min(length, newest);
      sum += counted * counted;
    }
    return sum;
  }

  int itemCount() {
    return usersOfItem.length;
  }

  int userCount(int item) {
    return usersOfItem[item].length;
  }

  /** {@code c_ii}: the summed weights of the item's users. */
  float mass(int item) {
    return masses[item];
  }

  /**
   * Adds {@code c_ij} to {@code together[j]} for every j.
   *
   * @param together zero where it matters; the caller zeroes it again
   * @return the items that were touched, ascending
   */
  int[] cooccurrences(int item, float[] together) {
    int[] touched = new int[64];
    int size = 0;
    for (int user : usersOfItem[item]) {
      float weight = weights[user];
      for (int other : itemsOfUser[user]) {
        if (together[other] == 0) {
          if (size == touched.length) {
            touched = Arrays.copyOf(touched, 2 * size);
          }
          touched[size++] = other;
        }
        together[other] += weight;
      }
    }
    Arrays.sort(touched, 0, size);
    return Arrays.copyOf(touched, size);
  }
}
