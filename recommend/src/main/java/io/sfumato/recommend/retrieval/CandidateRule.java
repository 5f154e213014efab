package io.sfumato.recommend.retrieval;

import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.Popularity;
import java.util.Arrays;
import java.util.List;

/**
 * Which items are ranked for a request: the one rule by which recommenders serve, rankers are trained and evaluations measure.
 *
 * <ul>
 * <li><b>Everything that is allowed</b>, where that is at most {@code rankAllBelow} items: the ranker then sees the whole catalogue and nothing is lost.
 * <li><b>The union of several sources</b> otherwise: the items nearest to the user vector, and the best of each item model for the history (collaborative ones, content, and popularity, which alone remains
 * where nothing is known of a person). An item that a model knows nothing of, and so gives 0, is no candidate of that model's.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class CandidateRule {
  /** Up to this many items, all that are allowed are ranked. */
  public static final int RANK_ALL_BELOW = 20_000;
  /** The items that each source brings at least. */
  public static final int PER_SOURCE = 400;

  private final List<ItemModel> models;
  private final int rankAllBelow;

  /**
   * A rule over some models.
   *
   * @param models whose best items are candidates; popularity among them
   * @param rankAllBelow see the class comment
   */
  public CandidateRule(List<? extends ItemModel> models, int rankAllBelow) {
    this.models = List.copyOf(models);
    this.rankAllBelow = rankAllBelow;
  }

  /** Finds what is near to a user vector. */
  @FunctionalInterface
  public interface Nearest {
    /** The allowed items nearest to the user vector, at most so many; none where the vector says nothing. */
    int[] items(int limit);
  }

  /**
   * Chooses.
   *
   * @param history distinct item indices, oldest first
   * @param allowed distinct item indices; handed back as it is where all of it is ranked
   * @param limit how many candidates each source may give
   * @param nearest asked where not all is ranked
   * @return without repetition, in no particular order
   */
  public int[] choose(int[] history, int[] allowed, int limit, Nearest nearest) {
    if (allowed.length <= rankAllBelow) {
      return allowed;
    }
    int[] union = new int[Math.multiplyExact(limit, models.size() + 1)];
    int[] near = nearest.items(limit);
    System.arraycopy(near, 0, union, 0, near.length);
    int count = near.length;
    float[] scores = new float[allowed.length];
    for (ItemModel model : models) {
      if (history.length == 0 && !(model instanceof Popularity)) {
        continue;
      }
      model.scoreItems(history, allowed, scores);
      TopItems top = new TopItems(limit);
      for (int i = 0; i < allowed.length; i++) {
        if (scores[i] != 0) {
          top.offer(allowed[i], scores[i]);
        }
      }
      int[] best = top.drain().items();
      System.arraycopy(best, 0, union, count, best.length);
      count += best.length;
    }
    return Arrays.stream(union, 0, count).distinct().toArray();
  }
}
