package io.sfumato.recommend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sfumato.datasets.Catalog;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.user.UserProfile;
import io.sfumato.recommend.bundle.BoundedJson;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.collaborative.ContentSpace;
import io.sfumato.recommend.collaborative.ItemModels;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.ItemStatistics;
import io.sfumato.recommend.ranking.Ranker;
import io.sfumato.recommend.ranking.Signal;
import io.sfumato.recommend.retrieval.IndexOptions;
import io.sfumato.recommend.retrieval.ItemIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was learned and that serving needs, as plain Java without native memory: what {@code model/} of a bundle holds, but for the multimodal model that encodes new items. Immutable and
 * thread-safe.
 *
 * @param vectors one item vector an item of the catalogue
 * @param profile from histories to user vectors
 * @param models item models, as signals and as sources of candidates
 * @param statistics of the training interactions
 * @param ranker trained on the signals of these parts
 * @param content how the content regression sees an item, for those that come later; null where it is not known
 */
public record RecommenderModel(Catalog catalog, ItemVectors vectors, UserProfile profile, List<ModelSignal> models,
    ItemStatistics statistics, Ranker ranker, @Nullable ContentSpace content) {

  private static final String MODELS = "model/models";
  private static final String SIGNALS = MODELS + "/signals.json";
  private static final String STATISTICS = "model/statistics.safetensors";
  private static final String RANKER = "model/ranker.safetensors";
  private static final String CONTENT = "model/content.safetensors";
  private static final String VECTORS = "model/vectors.safetensors";
  private static final int MAX_MODELS = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  public RecommenderModel {
    models = List.copyOf(models);
    if (catalog.size() != vectors.size()) {
      throw new RecommendException("DIMENSION_MISMATCH",
          "the catalogue has %d items but there are vectors of %d; encode the catalogue that is served"
              .formatted(catalog.size(), vectors.size()));
    }
  }

  /** A model that does not know how its content features were made: items that come later have no score of the content regression. */
  public RecommenderModel(Catalog catalog, ItemVectors vectors, UserProfile profile, List<ModelSignal> models,
      ItemStatistics statistics, Ranker ranker) {
    this(catalog, vectors, profile, models, statistics, ranker, null);
  }

  /** The same with another content space. */
  public RecommenderModel withContent(@Nullable ContentSpace space) {
    return new RecommenderModel(catalog, vectors, profile, models, statistics, ranker, space);
  }

  /** The pipeline over the items of the trained catalogue alone, as the evaluation uses it. */
  public RecommendationPipeline pipeline() {
    return pipeline(ItemSpace.of(vectors));
  }

  /** The pipeline over the trained items and those added since. */
  RecommendationPipeline pipeline(ItemSpace items) {
    return new RecommendationPipeline(new CandidateSignals(items, profile, models), statistics, ranker);
  }

  /** As {@link #save(BundleWriter, IndexOptions, int, Progress)} with the defaults, on all processors and without telling how far it is. */
  public void save(BundleWriter writer) {
    save(writer, IndexOptions.defaults(), Runtime.getRuntime().availableProcessors(), Progress.silent());
  }

  /**
   * Writes all parts and builds the Lucene index of the catalogue.
   *
   * @param options kept in the bundle: whoever opens it searches with them
   * @param threads that build the index, 1 or more; see {@link ItemIndex#build}
   */
  public void save(BundleWriter writer, IndexOptions options, int threads, Progress progress) {
    writer.catalog(catalog);
    writer.vectors(vectors, profile);
    try {
      ArrayNode signals = JSON.createArrayNode();
      for (ModelSignal model : models) {
        Signal signal = model.signal();
        signals.addObject()
            .put("name", signal.name())
            .put("channel", signal.channel().name())
            .put("from_interactions", signal.fromInteractions());
        model.model().save(writer.file(file(signal.name())));
      }
      Files.write(writer.file(SIGNALS), JSON.writeValueAsBytes(signals));
      statistics.save(writer.file(STATISTICS));
      ranker.save(writer.file(RANKER));
      if (content != null) {
        content.save(writer.file(CONTENT));
      }
    } catch (IOException e) {
      throw new BundleException("IO", "cannot write the models: " + e, e);
    }
    RetrievalFile.write(writer, options);
    ItemIndex.build(writer.directory(Bundle.INDEX), catalog, vectors, options, threads, progress);
  }

  /** Reads what {@link #save} wrote. */
  public static RecommenderModel load(Bundle bundle) {
    List<ModelSignal> models = new ArrayList<>();
    for (Signal signal : bundle.reading(SIGNALS, RecommenderModel::signals)) {
      models.add(bundle.reading(file(signal.name()), path -> new ModelSignal(signal, ItemModels.load(path))));
    }
    Catalog catalog = bundle.catalog();
    return bundle.reading(VECTORS, any -> {
      RecommenderModel model = new RecommenderModel(catalog, bundle.vectors(), bundle.profile(), models,
          bundle.reading(STATISTICS, ItemStatistics::load), bundle.reading(RANKER, Ranker::load),
          bundle.has(CONTENT) ? bundle.reading(CONTENT, ContentSpace::load) : null);
      model.checkParts();
      return model;
    });
  }

  /** Whether the parts, each whole in itself, are of one catalogue and one training. */
  private void checkParts() throws IOException {
    int items = catalog.size();
    for (ModelSignal model : models) {
      if (model.model().itemCount() > items) {
        throw new IOException("the item model '%s' has %d items but the catalogue %d".formatted(model.signal().name(),
            model.model().itemCount(), items));
      }
      if (content != null && model.model() instanceof ContentRidge ridge && ridge.width() != content.width()) {
        throw new IOException("content has %d columns but the regression on it wants %d".formatted(content.width(),
            ridge.width()));
      }
    }
    if (statistics.itemCount() > items) {
      throw new IOException("the statistics have %d items but the catalogue %d".formatted(statistics.itemCount(),
          items));
    }
    Set<String> known = new HashSet<>();
    new CandidateSignals(ItemSpace.of(vectors), profile, models).sources().forEach(signal -> known.add(signal.name()));
    for (Signal signal : ranker.features().sources()) {
      if (!known.contains(signal.name())) {
        throw new IOException("the ranker wants the signal '%s' but there are %s".formatted(signal.name(),
            new TreeSet<>(known)));
      }
    }
  }

  /** The options that the index of a bundle was built with, and is searched with. */
  public static IndexOptions indexOptions(Bundle bundle) {
    return RetrievalFile.read(bundle);
  }

  /** Opens the index of a bundle as it was written, without what came since; whoever opens it closes it. */
  public static ItemIndex openIndex(Bundle bundle) {
    IndexOptions options = indexOptions(bundle);
    return bundle.reading(Bundle.INDEX, path -> ItemIndex.open(path, options));
  }

  private static String file(String model) {
    return MODELS + "/" + model + ".safetensors";
  }

  private static List<Signal> signals(Path file) throws IOException {
    List<Signal> signals = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode node : BoundedJson.read(file)) {
      String name = node.path("name").asText();
      if (!names.add(name) || names.size() > MAX_MODELS) {
        throw new IOException("there are two item models '%s', or more than %d".formatted(name, MAX_MODELS));
      }
      signals.add(new Signal(name, Channel.valueOf(node.path("channel").asText()),
          node.path("from_interactions").asBoolean()));
    }
    return signals;
  }
}
