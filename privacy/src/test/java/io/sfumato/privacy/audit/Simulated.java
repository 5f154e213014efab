package io.sfumato.privacy.audit;

import java.util.Random;
import java.util.SplittableRandom;

/** Scores of canaries with a coordinate each in what Gaussian mechanisms release. */
final class Simulated {
  private Simulated() {}

  /**
   * One release of everybody and some over Poisson samples, added up with the weights of their log-likelihood ratios; where there is no noise, with equal ones.
   *
   * @param sigma noise of the release of everybody, in units of what a canary adds
   * @param stepSigma noise of a step
   * @param rate of the steps' samples
   */
  static CanaryScores canaries(int m, double sigma, double stepSigma, double rate, int steps, SplittableRandom random) {
    Random normal = new Random(random.nextLong());
    boolean[] in = new boolean[m];
    double[] scores = new double[m];
    double weight = sigma > 0 ? 1 / (sigma * sigma) : 1;
    double stepWeight = stepSigma > 0 ? rate / (stepSigma * stepSigma) : 1;
    for (int i = 0; i < m; i++) {
      in[i] = random.nextBoolean();
      scores[i] = weight * ((in[i] ? 1 : 0) + sigma * normal.nextGaussian());
      for (int t = 0; t < steps; t++) {
        double drawn = in[i] && random.nextDouble() < rate ? 1 : 0;
        scores[i] += stepWeight * (drawn + stepSigma * normal.nextGaussian());
      }
    }
    return new CanaryScores("gradient-space", "A coordinate each.", scores, in);
  }
}
