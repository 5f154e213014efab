package io.sfumato.privacy.audit;

import java.util.stream.IntStream;

/**
 * The offline likelihood-ratio attack (Carlini, Chien, Nasr, Song, Terzis and Tramèr 2022, section VI): what shadow models that never saw a unit make of it is taken for normal; the attack's score is by how many
 * deviations the attacked model knows the unit better. Means are each unit's own. Deviations are, too, from {@value #OWN_DEVIATION} shadows on; with fewer, one is shared by all units, as the paper does with few
 * shadows.
 *
 * <p>Not thread-safe.
 */
public final class OfflineLira {
  /** The fewest shadows without a unit that its own deviation is taken from. */
  static final int OWN_DEVIATION = 32;

  private final int[] count;
  private final double[] mean;
  private final double[] squares;

  /** For so many units. */
  public OfflineLira(int units) {
    count = new int[units];
    mean = new double[units];
    squares = new double[units];
  }

  /** Takes note of what one shadow makes of all units; counts are of those that it never saw. */
  public void add(MembershipScores shadow) {
    double[] scores = Scores.finite(shadow.scores(), shadow.unit());
    if (scores.length != count.length) {
      throw new IllegalArgumentException(
          "a shadow must score all %d units but scored %d".formatted(count.length, scores.length));
    }
    for (int i = 0; i < scores.length; i++) {
      if (!shadow.in()[i]) {
        count[i]++;
        double off = scores[i] - mean[i];
        mean[i] += off / count[i];
        squares[i] += off * (scores[i] - mean[i]);
      }
    }
  }

  /**
   * The attack's score of each unit.
   *
   * @param attacked scores of the model under attack
   */
  public double[] scores(double[] attacked) {
    double shared = sharedDeviation();
    double overall = IntStream.range(0, count.length)
        .filter(i -> count[i] > 0)
        .mapToDouble(i -> mean[i])
        .average()
        .orElse(0);
    return IntStream.range(0, count.length).mapToDouble(i -> {
      double expected = count[i] > 0 ? mean[i] : overall;
      double own = count[i] >= OWN_DEVIATION ? Math.sqrt(squares[i] / (count[i] - 1)) : 0;
      double known = count[i] > 0 ? Math.sqrt(1 + 1.0 / count[i]) : 1; // a mean of few shadows is itself uncertain
      return (attacked[i] - expected) / ((own > 0 ? own : shared) * known);
    }).toArray();
  }

  /** Of all units that were left out twice or more; 1 where nothing varies. */
  private double sharedDeviation() {
    double sum = 0;
    long freedom = 0;
    for (int i = 0; i < count.length; i++) {
      if (count[i] > 1) {
        sum += squares[i];
        freedom += count[i] - 1;
      }
    }
    return sum > 0 ? Math.sqrt(sum / freedom) : 1;
  }
}
