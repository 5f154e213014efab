package io.sfumato.recommend.evaluation;

/**
 * A scorer that scores a block of users and items at once, for models that are matrix products: the evaluation then holds one block of scores instead of a whole row, and goes over the model's
 * memory once a block of users.
 */
public interface BlockScorer extends Scorer {
  /**
   * Scores some users for a range of items. Calls for different blocks come from many threads.
   *
   * @param users indices of users
   * @param from the first position of {@code users} that is scored
   * @param to the position after the last
   * @param firstItem the first item that is scored
   * @param endItem the item after the last
   * @param scores row-major, {@code (to − from) × (endItem − firstItem)}, to be overwritten in full; the meaning is that of {@link Scorer#score(int, float[])}
   */
  void score(int[] users, int from, int to, int firstItem, int endItem, float[] scores);

  @Override
  default void score(int user, float[] scores) {
    score(new int[]{user}, 0, 1, 0, scores.length, scores);
  }
}
