package io.sfumato.fusion.training;

import ai.djl.ndarray.NDArray;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.user.UserProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * NDCG at k on the validation interactions of a fixed sample of users, training items masked: {@code Σ 1/log2(rank+1)} over the hits, divided by the best that can be had.
 * Where most validation interactions are with items that nobody took in training (a cold split), only such items are ranked: else they would compete with what has a past.
 */
final class Validator {
  private static final int BLOCK = 256;
  /** Most scores at a time, to bound memory. */
  private static final int CELLS = 16_000_000;

  private final Interactions train;
  private final Interactions valid;
  private final int[] users;
  private final int[] pool;
  private final int k;

  Validator(Split split, TrainingConfig config) {
    this.train = split.train();
    this.valid = split.valid();
    this.k = config.validationK();
    int[] counts = train.itemCounts();
    long cold = IntStream.range(0, valid.size()).filter(row -> counts[valid.item(row)] == 0).count();
    boolean coldPool = 2 * cold > valid.size();
    int[] validCounts = valid.itemCounts();
    this.pool = IntStream.range(0, counts.length)
        .filter(
            item -> coldPool ? counts[item] == 0 && validCounts[item] > 0 : counts[item] > 0 || validCounts[item] > 0)
        .toArray();
    int[] candidates = IntStream.range(0, valid.userCount())
        .filter(user -> valid.end(user) > valid.start(user) && train.end(user) > train.start(user))
        .toArray();
    StepPlan.shuffle(candidates, new SplittableRandom(config.seed() ^ 0x5fb1L));
    this.users = Arrays.copyOf(candidates, Math.min(candidates.length, config.validationUsers()));
  }

  /** Whether there is anybody to validate on. */
  boolean active() {
    return users.length > 0;
  }

  /**
   * Mean NDCG over the users of the sample.
   *
   * @param vectors fused vectors, row-major [items, d]
   * @return NDCG in [0, 1], NaN where there is nobody to validate on
   */
  double ndcg(float[] vectors, UserProfile profile) {
    int d = profile.dimension();
    float[] ranked = new float[pool.length * d];
    int[] place = new int[train.itemCount()];
    Arrays.fill(place, -1);
    for (int i = 0; i < pool.length; i++) {
      System.arraycopy(vectors, pool[i] * d, ranked, i * d, d);
      place[pool[i]] = i;
    }
    TensorRuntime runtime = TensorRuntime.get();
    double sum = 0;
    try (GradMode off = runtime.inference(); Scope all = runtime.scope()) {
      NDArray table = all.floats(ranked, pool.length, d).transpose();
      int step = Math.clamp(CELLS / Math.max(1, pool.length), 1, BLOCK);
      for (int from = 0; from < users.length; from += step) {
        int to = Math.min(users.length, from + step);
        try (Scope scope = all.child()) {
          float[][] block = new float[to - from][];
          for (int i = from; i < to; i++) {
            block[i - from] = userVector(users[i], vectors, profile);
          }
          float[] scores = scope.own(scope.matrix(block).matMul(table)).toFloatArray();
          for (int i = from; i < to; i++) {
            int at = (i - from) * pool.length;
            sum += ndcg(users[i], Arrays.copyOfRange(scores, at, at + pool.length), place);
          }
        }
      }
    }
    return users.length == 0 ? Double.NaN : sum / users.length;
  }

  private float[] userVector(int user, float[] vectors, UserProfile profile) {
    int d = profile.dimension();
    List<float[]> history = new ArrayList<>();
    for (int item : train.itemsOf(user)) {
      history.add(Arrays.copyOfRange(vectors, item * d, (item + 1) * d));
    }
    return profile.vector(history);
  }

  private double ndcg(int user, float[] scores, int[] place) {
    for (int item : train.itemsOf(user)) {
      if (place[item] >= 0) {
        scores[place[item]] = Float.NEGATIVE_INFINITY;
      }
    }
    int relevant = 0;
    double gain = 0;
    for (int item : valid.itemsOf(user)) {
      int own = place[item];
      if (own >= 0) {
        relevant++;
        int rank = 1;
        for (int other = 0; other < scores.length && rank <= k; other++) {
          if (scores[other] > scores[own] || (scores[other] == scores[own] && other < own)) {
            rank++;
          }
        }
        gain += rank <= k ? Math.log(2) / Math.log(rank + 1) : 0;
      }
    }
    double best = 0;
    for (int rank = 1; rank <= Math.min(k, relevant); rank++) {
      best += Math.log(2) / Math.log(rank + 1);
    }
    return best == 0 ? 0 : gain / best;
  }
}
