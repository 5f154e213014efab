package io.sfumato.recommend.training;

import io.sfumato.recommend.evaluation.Scorer;

/** Items in an order drawn for each user from a seed: what a figure is worth that asks for no knowledge at all. Thread-safe. */
final class RandomRanking implements Scorer {
  static final String NAME = "random";

  private final long seed;

  RandomRanking(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void score(int user, float[] scores) {
    for (int item = 0; item < scores.length; item++) {
      scores[item] = (mix(seed ^ mix(((long) user << 32) | item)) >>> 40) * 0x1p-24f;
    }
  }

  /** The finaliser of SplittableRandom (Steele, Lea and Flood 2014). */
  private static long mix(long z) {
    long a = (z + 0x9e3779b97f4a7c15L ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
    return b ^ b >>> 31;
  }
}
