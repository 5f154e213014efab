package io.sfumato.privacy.audit;

import java.util.stream.IntStream;

/**
 * Guesses of canaries' coins by their scores: the highest are guessed in, the lowest out, the others not at all. How many is a constant of the attack, chosen before anybody was attacked: what is chosen after
 * having seen scores and coins bounds nothing.
 *
 * <p>More are guessed in than out. Where training draws samples, part of those who are in are never drawn (at q = 0.02 and 60 steps, 30 %) and score like those who are out, so that only "in" can be guessed with
 * certainty.
 */
public final class CanaryGuesses {
  /** Share of canaries that are guessed in. */
  public static final double SHARE_IN = 0.25;

  /** Share of canaries that are guessed out. */
  public static final double SHARE_OUT = 0;

  private CanaryGuesses() {}

  /** r: how many of so many canaries are guessed. */
  public static int count(int canaries) {
    return in(canaries) + out(canaries);
  }

  /** How many of so many canaries are guessed in. */
  static int in(int canaries) {
    return (int) (SHARE_IN * canaries);
  }

  /** How many of so many canaries are guessed out. */
  static int out(int canaries) {
    return (int) (SHARE_OUT * canaries);
  }

  /** v: how many guesses are right. Equal scores are ranked by the canaries' order, which knows nothing of coins. */
  public static int right(CanaryScores canaries) {
    double[] scores = Scores.finite(canaries.scores(), "canary");
    int n = scores.length;
    int[] descending = IntStream.range(0, n)
        .boxed()
        .sorted((a, b) -> Double.compare(scores[b], scores[a]))
        .mapToInt(Integer::intValue)
        .toArray();
    int right = 0;
    for (int i = 0; i < in(n); i++) {
      right += canaries.in()[descending[i]] ? 1 : 0;
    }
    for (int i = n - out(n); i < n; i++) {
      right += canaries.in()[descending[i]] ? 0 : 1;
    }
    return right;
  }
}
