package io.sfumato.recommend.audit;

import io.sfumato.recommend.ModelSignal;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.collaborative.Ease;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.Popularity;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores planted canaries by what a bundle alone tells, as an adversary would who knows all real people and the canaries' items, and wonders about the coins.
 *
 * <p>Two parts, standardised over the canaries and added with fixed weights:
 *
 * <ul>
 * <li>The released popularity counts minus what real people contributed are {@code A x + noise}: x are the coins, A says which items each canary took, and the noise is as the ledger states it. The score is the
 * best linear estimate of x, coins having mean ½ and variance ¼: {@code (AᵀA + 4σ²I) δ = Aᵀ(r − A/2)}, which takes apart canaries that share items.
 * <li>Exposure: how far the item-item model lifts one of a canary's items, given the other, above the rest of the catalogue, in standard deviations.
 * </ul>
 *
 * Both are functions of what was released and of what does not depend on the coins, as a lower bound on ε needs it.
 */
final class BlackBoxAttack {
  /** How it scores, in one sentence. */
  static final String METHOD = "what the bundle alone tells: popularity counts minus what real people took of the canary's items, and how far the item-item model lifts one of them given the other";

  /** Weight of the exposure beside the counts, each having variance 1. */
  private static final double EXPOSURE_WEIGHT = 0.25;
  /** Deviations beyond which exposure says nothing more. */
  private static final double EXPOSURE_LIMIT = 2;
  /** Least deviation of counts that is reckoned with: noiseless counts are exact to less than this. */
  private static final double LEAST_DEVIATION = 0.02;
  private static final int ITERATIONS = 500;
  private static final double TOLERANCE = 1e-9;

  private BlackBoxAttack() {}

  /**
   * Scores.
   *
   * @param model as it was released
   * @param realCounts what real people who took part contributed to the popularity counts, by item
   * @param deviation standard deviation of the noise in the released counts; 0 for none
   * @param items of each canary, distinct
   * @return one score a canary: the higher, the more likely in
   */
  static double[] score(RecommenderModel model, double[] realCounts, double deviation, List<int[]> items) {
    double[] scores = new double[items.size()];
    float[] released = counts(model);
    if (released != null) {
      double[] residual = new double[released.length];
      for (int item = 0; item < residual.length; item++) {
        residual[item] = released[item] - realCounts[item];
      }
      add(scores, coins(residual, deviation, items), 1, Double.POSITIVE_INFINITY);
    }
    Ease ease = ease(model);
    if (ease != null) {
      add(scores, exposures(ease, items), EXPOSURE_WEIGHT, EXPOSURE_LIMIT);
    }
    return scores;
  }

  /** The popularity counts that a model holds; null for none. */
  private static float @Nullable [] counts(RecommenderModel model) {
    for (ModelSignal signal : model.models()) {
      if (signal.model() instanceof Popularity popularity) {
        float[] counts = new float[popularity.itemCount()];
        popularity.score(new int[0], counts);
        return counts;
      }
    }
    return null;
  }

  private static @Nullable Ease ease(RecommenderModel model) {
    for (ModelSignal signal : model.models()) {
      if (signal.model() instanceof Ease ease) {
        return ease;
      }
    }
    return null;
  }

  /**
   * The best linear estimate of coins minus ½.
   *
   * @param residual counts minus what real people contributed, by item
   * @param deviation of the noise of each count
   * @param items of each canary, distinct
   */
  static double[] coins(double[] residual, double deviation, List<int[]> items) {
    double[] centred = residual.clone();
    for (int[] canary : items) {
      for (int item : canary) {
        centred[item] -= 0.5;
      }
    }
    double noise = Math.max(deviation, LEAST_DEVIATION);
    return solve(transposed(centred, items), 4 * noise * noise, residual.length, items);
  }

  /** Solves {@code (AᵀA + ridge·I) x = b} by conjugate gradients. */
  private static double[] solve(double[] b, double ridge, int itemCount, List<int[]> items) {
    double[] x = new double[b.length];
    double[] rest = b.clone();
    double[] direction = b.clone();
    double norm = dot(rest, rest);
    double enough = TOLERANCE * TOLERANCE * norm;
    for (int i = 0; i < ITERATIONS && norm > enough; i++) {
      double[] image = transposed(taken(direction, itemCount, items), items);
      for (int k = 0; k < image.length; k++) {
        image[k] += ridge * direction[k];
      }
      double step = norm / dot(direction, image);
      for (int k = 0; k < x.length; k++) {
        x[k] += step * direction[k];
        rest[k] -= step * image[k];
      }
      double next = dot(rest, rest);
      for (int k = 0; k < direction.length; k++) {
        direction[k] = rest[k] + next / norm * direction[k];
      }
      norm = next;
    }
    return x;
  }

  /** A·x. */
  private static double[] taken(double[] x, int itemCount, List<int[]> items) {
    double[] sums = new double[itemCount];
    for (int k = 0; k < x.length; k++) {
      for (int item : items.get(k)) {
        sums[item] += x[k];
      }
    }
    return sums;
  }

  /** Aᵀ·y. */
  private static double[] transposed(double[] y, List<int[]> items) {
    double[] sums = new double[items.size()];
    for (int k = 0; k < sums.length; k++) {
      for (int item : items.get(k)) {
        sums[k] += y[item];
      }
    }
    return sums;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** By how many standard deviations each item of a canary stands above the catalogue, given the others; 0 for a canary of one item. */
  private static double[] exposures(ItemModel model, List<int[]> items) {
    return items.parallelStream().mapToDouble(canary -> exposure(model, canary)).toArray();
  }

  private static double exposure(ItemModel model, int[] canary) {
    if (canary.length < 2) {
      return 0;
    }
    float[] scores = new float[model.itemCount()];
    double sum = 0;
    for (int target : canary) {
      int[] others = Arrays.stream(canary).filter(item -> item != target).toArray();
      model.score(others, scores);
      double mean = 0;
      double square = 0;
      for (float score : scores) {
        mean += score;
        square += (double) score * score;
      }
      mean /= scores.length;
      double deviation = Math.sqrt(Math.max(0, square / scores.length - mean * mean));
      sum += deviation > 0 ? (scores[target] - mean) / deviation : 0;
    }
    return sum / canary.length;
  }

  /** Adds values in standard deviations of theirs, cut at a limit of these, with a weight. */
  private static void add(double[] scores, double[] values, double weight, double limit) {
    double mean = Arrays.stream(values).average().orElse(0);
    double variance = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElse(0);
    if (!(variance > 0)) {
      return;
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] += weight * Math.clamp((values[i] - mean) / Math.sqrt(variance), -limit, limit);
    }
  }
}
