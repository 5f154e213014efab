package io.sfumato.recommend.retrieval;

import io.sfumato.recommend.collaborative.ItemModel;
import java.util.List;

/**
 * The retriever that recommenders use unless another is bound: {@link CandidateRule} over an index, the items nearest to the user vector being found by {@link Allowed#nearest}.
 *
 * <p>Thread-safe.
 */
public final class MergedRetriever implements CandidateRetriever {
  private final ItemIndex index;
  private final CandidateRule rule;

  /**
   * A retriever over an index and some models.
   *
   * @param index stays the caller's to close
   * @param models whose best items are candidates; popularity among them
   * @param rankAllBelow up to this many items, all that are allowed are ranked
   */
  public MergedRetriever(ItemIndex index, List<? extends ItemModel> models, int rankAllBelow) {
    this.index = index;
    this.rule = new CandidateRule(models, rankAllBelow);
  }

  @Override
  public int[] candidates(CandidateRequest request) {
    return index.searching(request.filter(), request.excluded(),
        allowed -> rule.choose(request.userVector(), request.history(), allowed, request.limit()));
  }
}
