package io.sfumato.recommend.training;

import io.sfumato.recommend.RecommendException;
import java.security.SecureRandom;

/**
 * What a training leaves behind for its audit.
 *
 * @param holdout share of people who are kept out of the training, in [0, 1): those of whom an attack must not say that they were in
 * @param canaries how many are planted, half of them in, 0 or more
 * @param seed of everything that this draws; secret where the model is released, since it tells who was in
 */
public record AuditPlan(double holdout, int canaries, long seed) {

  private static final int MOST_CANARIES = 1_000_000;

  public AuditPlan {
    if (!(holdout >= 0 && holdout < 1)) {
      throw new RecommendException("BAD_OPTION",
          "the share of people who are kept out must be in [0, 1) but was %s; .1 is usual".formatted(holdout));
    }
    if (canaries < 0 || canaries > MOST_CANARIES) {
      throw new RecommendException("BAD_OPTION",
          "canaries must be 0 to %d but were %d; 1000 are usual".formatted(MOST_CANARIES, canaries));
    }
  }

  /** A plan whose seed nobody knows. */
  public static AuditPlan secret(double holdout, int canaries) {
    return new AuditPlan(holdout, canaries, new SecureRandom().nextLong());
  }
}
