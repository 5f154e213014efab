package io.sfumato.recommend.evaluation;

/** Hears how far an evaluation is. Called from several threads, after each block of users. */
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
