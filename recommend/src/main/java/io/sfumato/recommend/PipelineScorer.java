package io.sfumato.recommend;

import io.sfumato.datasets.Interactions;
import io.sfumato.recommend.evaluation.Scorer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The whole pipeline as a scorer of the evaluation: what it measures is what the recommender serves with {@link Request#excludeSeen} and without a filter. A pool is served as a filter would be: in a large one
 * the candidates alone are ranked, as in serving, and all other items are not recommended.
 * Thread-safe.
 */
public final class PipelineScorer implements Scorer {
  private final String name;
  private final RecommendationPipeline pipeline;
  private final Interactions known;

  /**
   * @param name for reports
   * @param known what is known of each user when the evaluated part begins; users and items as in the split
   */
  public PipelineScorer(String name, RecommendationPipeline pipeline, Interactions known) {
    this.name = name;
    this.pipeline = pipeline;
    this.known = known;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void score(int user, float[] scores) {
    BitSet all = new BitSet(scores.length);
    all.set(0, scores.length);
    score(user, all, scores);
  }

  @Override
  public void score(int user, BitSet pool, float[] scores) {
    int[] history = known.itemsOf(user);
    BitSet allowed = (BitSet) pool.clone();
    for (int item : history) {
      allowed.clear(item);
    }
    CandidateSignals signals = pipeline.signals();
    int[] candidates = signals.candidates(signals.userVector(history), history, allowed);
    long last = history.length == 0 ? 0 : known.timestamp(known.end(user) - 1);
    float[] found = pipeline.score(history, candidates, last);
    Arrays.fill(scores, Float.NaN);
    for (int i = 0; i < candidates.length; i++) {
      scores[candidates[i]] = found[i];
    }
  }
}
