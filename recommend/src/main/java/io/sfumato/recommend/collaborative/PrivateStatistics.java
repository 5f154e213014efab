package io.sfumato.recommend.collaborative;

import io.sfumato.datasets.Interactions;
import io.sfumato.privacy.accounting.Phase;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.NoiseGenerator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of who took what that may leave the machine: sums over users of bounded contributions, with Gaussian noise on every coordinate.
 *
 * <p>What a sum moves by when one user comes or goes is the norm of that user's contribution, since the choice of a user's items (see
 * {@link BoundedHistories}) and the weight of the contribution depend on nothing of other users: D, the release's sensitivity, is the greatest norm
 * that a contribution can have. With k items at most:
 *
 * <ul>
 * <li>{@linkplain #popularity counts}: the contribution of items S is the indicator of S, of norm √|S|, so {@code D = √k}.
 * <li>{@linkplain #gram item-item matrix}, upper triangle with diagonal: the indicator of the pairs of S, of which there are |S|(|S|+1)/2, so
 * {@code D = √(k(k+1)/2)}; or ({@link Weighting#UNIT}) that divided by its own norm, so {@code D = 1}.
 * </ul>
 *
 * <p>Where the unit is a record, neighbours have one interaction more or less, which is accounted as a replacement
 * ({@link io.sfumato.privacy.accounting.Neighbouring#REPLACE}), as in the fusion's training: a release's sensitivity is half of the greatest distance m between neighbours. One interaction
 * more or less changes the kept items of its user by one item exchanged, added or removed:
 *
 * <ul>
 * <li>Counts: an item leaves and one comes, {@code m = √2}.
 * <li>Binary matrix: of S = T ∪ {a}, |T| = k − 1, the k pairs with a go and the k with b come: {@code m = √(2k)}. (A set that grows to at most k items gains at most k pairs, which is less.)
 * <li>Unit matrix: the distance between two non-negative vectors of norm 1 is at most √2, and to or from none it is 1: {@code m = √2}, attained by {a} and {b}.
 * </ul>
 */
public final class PrivateStatistics {
  /** How much of the item-item matrix a user is. */
  public enum Weighting {
    /** Every pair of a user's items counts 1. */
    BINARY,
    /** Every pair of the user's m items counts {@code 1/√(m(m+1)/2)}, so that all users weigh the same and the sensitivity is 1. */
    UNIT;

    double weight(int items) {
      return this == BINARY ? 1 : 1 / Math.sqrt(items * (items + 1) / 2.0);
    }
  }

  private final BoundedHistories histories;
  private final int limit;
  private final PrivacyUnit unit;
  private int @Nullable [][] usersOfItems;

  private PrivateStatistics(BoundedHistories histories, int limit, PrivacyUnit unit) {
    this.histories = histories;
    this.limit = limit;
    this.unit = unit;
  }

  /**
   * Bounds what each user contributes.
   *
   * @param limit k, the most distinct items of a user that count, at least 1
   * @param unit what is hidden
   * @param seed public, of the choice of items of those who took more
   */
  public static PrivateStatistics of(Interactions train, int limit, PrivacyUnit unit, long seed) {
    return new PrivateStatistics(BoundedHistories.of(train, limit, seed), limit, unit);
  }

  /**
   * Counts of the users of each item.
   *
   * @param counts with noise: not whole, and some below 0
   * @param release what was spent on them
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Counts(float[] counts, Release release) {}

  /** The sensitivity D of {@link #popularity}. */
  public double popularitySensitivity() {
    return unit == PrivacyUnit.USER ? Math.sqrt(limit) : Math.sqrt(2) / 2;
  }

  /** The sensitivity D of {@link #gram}. */
  public double gramSensitivity(Weighting weighting) {
    return switch (weighting) {
      case BINARY -> unit == PrivacyUnit.USER ? Math.sqrt(limit * (limit + 1) / 2.0) : Math.sqrt(2.0 * limit) / 2;
      case UNIT -> unit == PrivacyUnit.USER ? 1 : Math.sqrt(2) / 2;
    };
  }

  /** The number of users of each item without noise: internal, not private. Fresh. */
  public double[] counts() {
    double[] counts = new double[histories.itemCount()];
    for (int user = 0; user < histories.userCount(); user++) {
      for (int item : histories.itemsOf(user)) {
        counts[item]++;
      }
    }
    return counts;
  }

  /** An entry of the item-item matrix without noise: internal, not private. */
  public double gramEntry(Weighting weighting, int row, int column) {
    double entry = 0;
    for (int user : usersOf(row)) {
      int[] items = histories.itemsOf(user);
      entry += Arrays.binarySearch(items, column) >= 0 ? weighting.weight(items.length) : 0;
    }
    return entry;
  }

  private int[] usersOf(int item) {
    if (usersOfItems == null) {
      usersOfItems = histories.usersOfItems();
    }
    return usersOfItems[item];
  }

  /**
   * Releases the number of users of each item.
   *
   * @param sigma noise multiplier: the noise has standard deviation {@code sigma · D}; 0 for the exact counts, which protect nobody
   */
  public Counts popularity(double sigma, NoiseGenerator noise) {
    double[] counts = counts();
    double sensitivity = popularitySensitivity();
    ReleasedValues values = new ReleasedValues(noise, sigma * sensitivity);
    float[] released = values.release(counts);
    return new Counts(released, new Release(Phase.of(sigma, 1, 1), sensitivity,
        "popularity counts (at most %d items a user)".formatted(limit), values.sha256(), noise.source()));
  }

  /**
   * Releases how often items are taken together.
   *
   * @param sigma noise multiplier; 0 for the exact matrix, which protects nobody
   * @param mostItems the most items of a catalogue for which a matrix is made: it takes 4 n² bytes
   * @throws IllegalArgumentException where there are more
   */
  public PrivateGram gram(Weighting weighting, double sigma, NoiseGenerator noise, int mostItems) {
    int n = histories.itemCount();
    if (n > mostItems) {
      throw new IllegalArgumentException(
          "the item-item matrix of %d items is not made: collaborative.ease-items allows %d; raise it, or leave the matrix out with privacy.gram-share 0"
              .formatted(n, mostItems));
    }
    double sensitivity = gramSensitivity(weighting);
    double deviation = sigma * sensitivity;
    ReleasedValues values = new ReleasedValues(noise, deviation);
    float[] gram = new float[Math.multiplyExact(n, n)];
    for (int i = 0; i < n; i++) {
      double[] row = new double[n - i];
      for (int user : usersOf(i)) {
        int[] items = histories.itemsOf(user);
        double weight = weighting.weight(items.length);
        for (int item : items) {
          if (item >= i) {
            row[item - i] += weight;
          }
        }
      }
      float[] released = values.release(row);
      for (int j = i; j < n; j++) {
        gram[i * n + j] = released[j - i];
        gram[j * n + i] = released[j - i];
      }
    }
    return new PrivateGram(gram, n, deviation, new Release(Phase.of(sigma, 1, 1), sensitivity,
        "item-item matrix (%s, at most %d items a user)".formatted(weighting.name().toLowerCase(java.util.Locale.ROOT),
            limit),
        values.sha256(), noise.source()));
  }
}
