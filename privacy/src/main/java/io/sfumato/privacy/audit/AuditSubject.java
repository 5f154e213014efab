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
