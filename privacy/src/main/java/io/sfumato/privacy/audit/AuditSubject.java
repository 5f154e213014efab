package io.sfumato.privacy.audit;

import java.util.List;

/**
 * What an audit needs of the thing that it audits. Whoever trains models implements it; the audit knows no more of them.
 *
 * <p>Not thread-safe. Whoever made it closes it.
 */
public interface AuditSubject extends AutoCloseable {

  /** Planted canaries scored on the released model, one entry an attack; empty where none were planted. */
  List<CanaryScores> canaries();

  /**
   * Trains a twin without noise, on the same data but with canaries and coins of its own, and attacks it in the same ways.
   *
   * @param seed of canaries, coins and all that is random
   * @return the attacks of {@link #canaries}, in the same order; may be more than those, where the released model was trained without canaries
   */
  List<CanaryScores> canariesWithoutNoise(long seed);

  /**
   * Trains once more as the released model was trained, noise included, but with canaries and coins of its own, and attacks that in the same ways. It tells of the training, not of the one model that was
   * released; guesses of several runs add up, so that larger claims can be refuted.
   *
   * @param seed of canaries, coins and all that is random but the noise
   * @return the attacks of {@link #canaries}, in the same order; empty where training again is not possible, which is so unless a subject says otherwise
   */
  default List<CanaryScores> canariesAgain(long seed) {
    return List.of();
  }

  /** Units whose membership is known, scored on the released model, an entry each for users and records; empty where nobody was kept out. */
  List<MembershipScores> memberships();

  /**
   * Trains a shadow model on a random half of the units of {@link #memberships} and scores all of them.
   *
   * @param seed of the halves and all that is random
   * @return in the order of {@link #memberships}, units in the same order; {@code in} tells who was in this shadow's half
   */
  List<MembershipScores> shadow(long seed);

  @Override
  void close();
}
