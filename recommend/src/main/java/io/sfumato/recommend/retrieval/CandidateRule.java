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
 * where nothing is known of a person). An item that a model knows nothing of, and so gives 0, is no candidate of that model's. No source looks at the whole catalogue:
 * {@link ItemModel#propose} says how each finds its own.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class CandidateRule {
  /** Up to this many items, all that are allowed are ranked. */
  public static final int RANK_ALL_BELOW = 20_000;
  /** So many of the items nearest to the user vector are candidates at least. */
  public static final int PER_SOURCE = 200;
  /** So many of the best items of each model are candidates at least. */
  private static final int PER_MODEL = 100;

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

  /**
   * Chooses.
   *
   * @param userVector unit length; all zeros say nothing
   * @param history distinct item indices, oldest first
   * @param limit how many of the nearest items may be candidates; of each model half as many, but 100 where the limit lets it
   * @return without repetition, ascending
   */
  public int[] choose(float[] userVector, int[] history, Allowed allowed, int limit) {
    if (allowed.size() <= rankAllBelow) {
      return allowed.items();
    }
    int[] union = allowed.nearest(userVector, limit).items();
    int count = union.length;
    int share = Math.min(limit, Math.max(PER_MODEL, limit / 2));
    for (ItemModel model : models) {
      if (history.length > 0 || model instanceof Popularity) {
        TopItems top = new TopItems(share);
        model.propose(history, share, (item, score) -> {
          if (!top.wouldKeep(item, score) || !allowed.contains(item)) { // most are too low: what is cheap to see goes first
            return false;
          }
          top.offer(item, score);
          return true;
        });
        int[] best = top.drain().items();
        union = Arrays.copyOf(union, count + best.length);
        System.arraycopy(best, 0, union, count, best.length);
        count += best.length;
      }
    }
    Arrays.sort(union);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || union[i] != union[i - 1]) {
        union[distinct++] = union[i];
      }
    }
    return Arrays.copyOf(union, distinct);
  }
}
