package io.sfumato.privacy.audit;

import java.util.stream.IntStream;

/**
 * Guesses of canaries' coins by their scores: the highest are guessed in, the lowest out, those between not at all. How many is a constant of the attacks, chosen before anybody was attacked: what is chosen after having
 * seen scores and coins bounds nothing.
 *
 * <p>The shares come from simulations of private trainings of the default plan (1000 canaries, 60 steps at sampling rate 0.02, δ = 1e-5, confidence 99.95 %). The ceiling of a bound grows with the number of guesses, and at
 * 0.7 of all canaries is above 3; the more are guessed, the more of them are guessed of canaries that noise hid, so that it takes a larger fault to be noticed. Of canaries that are in, 30 % are never
 * drawn for a step: an attack on the steps alone cannot tell them from those that are out, and reaches half of the ceiling; released statistics count everybody, so that an attack on all releases reaches all of it.
 */
public final class CanaryGuesses {
  /** Share of canaries that are guessed in. */
  public static final double SHARE_IN = 0.35;

  /** Share of canaries that are guessed out. */
  public static final double SHARE_OUT = 0.35;

  private CanaryGuesses() {}

  /** r: how many of so many canaries are guessed. */
  public static int count(int canaries) {
    return in(canaries) + out(canaries);
  }

  private static int in(int canaries) {
    return number(SHARE_IN, canaries);
  }

  private static int out(int canaries) {
    return number(SHARE_OUT, canaries);
  }

  private static int number(double share, int canaries) {
    return (int) Math.round(share * canaries);
  }

  /** v: how many guesses are right. Equal scores are ranked by the canaries' order, which knows nothing of coins. */
  public static int right(CanaryScores canaries) {
    return right(canaries, SHARE_IN, SHARE_OUT);
  }

  /** The same with other shares. */
  static int right(CanaryScores canaries, double shareIn, double shareOut) {
    double[] scores = Scores.finite(canaries.scores(), "canary");
    int n = scores.length;
    int[] descending = IntStream.range(0, n)
        .boxed()
        .sorted((a, b) -> Double.compare(scores[b], scores[a]))
        .mapToInt(Integer::intValue)
        .toArray();
    int right = 0;
    for (int i = 0; i < number(shareIn, n); i++) {
      right += canaries.in()[descending[i]] ? 1 : 0;
    }
    for (int i = n - number(shareOut, n); i < n; i++) {
      right += canaries.in()[descending[i]] ? 0 : 1;
    }
    return right;
  }
}
