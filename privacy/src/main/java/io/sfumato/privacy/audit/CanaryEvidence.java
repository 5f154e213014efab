package io.sfumato.privacy.audit;

import org.jspecify.annotations.Nullable;

/**
 * A lower bound on ε from planted canaries of one run (Steinke, Nasr and Jagielski 2023).
 *
 * @param attack {@code black-box} or {@code gradient-space}
 * @param method how canaries were scored, in one sentence
 * @param run guesses on the released model
 * @param selfTest the same attack on a twin without noise; null where it was not run
 * @param ranking how well the scores of the released model's canaries tell those that were in, with unit {@code canary}; null where all or none were in
 */
public record CanaryEvidence(String attack, String method, Run run, @Nullable Run selfTest,
    @Nullable MembershipEvidence ranking) {

  /** Without a ranking. */
  public CanaryEvidence(String attack, String method, Run run, @Nullable Run selfTest) {
    this(attack, method, run, selfTest, null);
  }

  /**
   * The guesses on one model.
   *
   * @param canaries m, planted by fair coins
   * @param guesses r, their number fixed before scoring
   * @param right v
   * @param delta δ of the claim
   * @param confidence of the bound, such as .999
   * @param epsilonLower the largest ε that the guesses refute; 0 where they refute none
   * @param epsilonLowerGaussian the same if the mechanism is as private as a Gaussian one (Mahloujifar, Melis and Chaudhuri 2024); tighter, and holds under that assumption alone
   * @param ceiling what {@code epsilonLower} would be were all guesses right: a claim above cannot be refuted by this audit
   */
  public record Run(int canaries, int guesses, int right, double delta, double confidence, double epsilonLower,
      double epsilonLowerGaussian, double ceiling) {}
}
