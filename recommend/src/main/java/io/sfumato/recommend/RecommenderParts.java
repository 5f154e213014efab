package io.sfumato.recommend;

import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.retrieval.CandidateRetriever;
import io.sfumato.recommend.retrieval.CandidateRule;
import io.sfumato.recommend.retrieval.ItemIndex;
import io.sfumato.recommend.retrieval.MergedRetriever;
import java.nio.file.Path;

/** How a recommender is put together from a bundle: the one place that {@link Recommender#open} and {@link RecommendModule} share. */
final class RecommenderParts {
  private RecommenderParts() {}

  static Recommender open(Path directory, ServingOptions options) {
    Bundle bundle = Bundle.open(directory);
    RecommenderModel model = RecommenderModel.load(bundle);
    ItemIndex index = index(bundle);
    return assemble(bundle, model, index, new BundleEncoder(bundle), retriever(index, model), options);
  }

  static ItemIndex index(Bundle bundle) {
    return RecommenderModel.openIndex(bundle);
  }

  static CandidateRetriever retriever(ItemIndex index, RecommenderModel model) {
    return new MergedRetriever(index, model.models().stream().map(ModelSignal::model).toList(),
        CandidateRule.RANK_ALL_BELOW);
  }

  /** Puts the parts together; where that fails, those that hold resources are closed. */
  static Recommender assemble(Bundle bundle, RecommenderModel model, ItemIndex index, ContentEncoder encoder,
      CandidateRetriever retriever, ServingOptions options) {
    try {
      return new Recommender(bundle, model, index, encoder, retriever, options);
    } catch (RuntimeException e) {
      index.close();
      encoder.close();
      throw e;
    }
  }
}
