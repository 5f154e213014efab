package io.sfumato.recommend.evaluation;

/** Hears how far an evaluation is. Called after each block of users, by whichever thread ranked them, but by one at a time and with ever more users done. */
@FunctionalInterface
public interface EvaluationListener {
  /** Hears nothing. */
  EvaluationListener NONE = (scorer, done, users) -> {};

  /**
   * Some more users are ranked.
   *
   * @param scorer whose lists they are
   * @param done users so far
   * @param users all that there are
   */
  void ranked(String scorer, int done, int users);
}
