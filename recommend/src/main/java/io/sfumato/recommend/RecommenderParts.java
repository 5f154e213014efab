package io.sfumato.recommend;

import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.retrieval.CandidateRetriever;
import io.sfumato.recommend.retrieval.CandidateRule;
import io.sfumato.recommend.retrieval.IndexCheck;
import io.sfumato.recommend.retrieval.ItemIndex;
import io.sfumato.recommend.retrieval.MergedRetriever;
import java.nio.file.Path;

/** How a recommender is put together from a bundle: the one place that {@link Recommender#open} and {@link RecommendModule} share. */
final class RecommenderParts {
  private RecommenderParts() {}

  static Recommender open(Path directory, ServingOptions options) {
    Bundle bundle = Bundle.open(directory);
    RecommenderModel model = RecommenderModel.load(bundle);
    ItemIndex index = index(bundle, model);
    return assemble(bundle, model, index, new BundleEncoder(bundle), retriever(index, model), options);
  }

  /** Opens the index, which must be one of this model's catalogue. */
  static ItemIndex index(Bundle bundle, RecommenderModel model) {
    bundle.reading(Bundle.INDEX, path -> IndexCheck.check(path, model.catalog().size()));
    return RecommenderModel.openIndex(bundle);
  }

  static CandidateRetriever retriever(ItemIndex index, RecommenderModel model) {
    return new MergedRetriever(index, model.models().stream().map(ModelSignal::model).toList(),
        CandidateRule.RANK_ALL_BELOW);
  }

  /**
   * Puts the parts together and replays the logs; where that fails, those that hold resources are closed.
   *
   * @throws BundleException {@code MALFORMED} for a record that has the right checksum but says what no recommender writes
   */
  static Recommender assemble(Bundle bundle, RecommenderModel model, ItemIndex index, ContentEncoder encoder,
      CandidateRetriever retriever, ServingOptions options) {
    try {
      return new Recommender(bundle, model, index, encoder, retriever, options);
    } catch (BundleException e) {
      close(index, encoder);
      throw e;
    } catch (OutOfMemoryError e) {
      close(index, encoder);
      throw new BundleException("TOO_LARGE",
          "the people and updates of the bundle %s need more memory than this program has (%d MiB); where the bundle is to be trusted, give it more by -Xmx"
              .formatted(bundle.directory(), Runtime.getRuntime().maxMemory() >> 20),
          e);
    } catch (RuntimeException e) {
      close(index, encoder);
      throw new BundleException("MALFORMED",
          "the updates of the bundle %s cannot be replayed: %s; restore its logs from a copy, or remove them to go without the updates"
              .formatted(bundle.directory(), String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ")),
          e);
    }
  }

  private static void close(ItemIndex index, ContentEncoder encoder) {
    index.close();
    encoder.close();
  }
}
