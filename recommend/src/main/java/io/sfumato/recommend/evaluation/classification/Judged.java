package io.sfumato.recommend.evaluation.classification;

import java.util.Arrays;

/**
 * One example that was classified and whose true label is known.
 *
 * @param truth the true label, which the classifier may never have met
 * @param probabilities one a label of the classifier, in its order, not negative and summing to one
 */
@SuppressWarnings("ArrayRecordComponent") // one row of a large table that is handed over, never compared
public record Judged(String truth, double[] probabilities) {
  /** How far from one the sum of probabilities may be: they may come from single precision. */
  private static final double TOLERANCE = 1e-3;

  public Judged {
    double sum = Arrays.stream(probabilities).sum();
    if (probabilities.length == 0 || !(Math.abs(sum - 1) < TOLERANCE)
        || Arrays.stream(probabilities).anyMatch(p -> !(p >= 0))) {
      throw new IllegalArgumentException(
          "probabilities must not be negative and must sum to 1 but sum to %s: %s".formatted(sum,
              Arrays.toString(probabilities)));
    }
  }

  /** Index of the most probable label; the first of equals. */
  public int best() {
    int best = 0;
    for (int k = 1; k < probabilities.length; k++) {
      if (probabilities[k] > probabilities[best]) {
        best = k;
      }
    }
    return best;
  }
}
