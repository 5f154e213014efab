package io.sfumato.recommend.training;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.supplied.SuppliedEncoder;
import io.sfumato.fusion.EncodedItems;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.fusion.training.JointTrainer;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.recommend.CandidateSignals;
import io.sfumato.recommend.ItemSpace;
import io.sfumato.recommend.ModelSignal;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.collaborative.ContentFeatures;
import io.sfumato.recommend.collaborative.PrivateGram;
import io.sfumato.recommend.collaborative.PrivateStatistics;
import io.sfumato.recommend.config.PrivacySettings;
import io.sfumato.recommend.config.SfumatoConfig;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains the heads of a recommender again and again on other people, for attacks that compare a model with shadows of it: projections, fusion and user tower, item-item matrix, EASE and popularity over what the
 * model's own encoders say of the catalogue, computed once. The recipe is the private one with its noise off and its options fixed, also for a model that was trained without privacy, since it needs no
 * validation and takes seconds. At most {@value #STEPS} steps are made of the fusion. Nothing of it is ever written.
 *
 * <p>Holds no native memory between calls. One training at a time in a process.
 */
public final class ShadowTrainer {
  /** Any budget turns the private recipe on; without noise it means nothing. */
  private static final double SOME_EPSILON = 1;

  /** Most steps of the fusion of a shadow: a person moves it little, and more would take most of the time. */
  private static final long STEPS = 12;

  private final SfumatoConfig config;
  private final Catalog catalog;
  private final Map<String, float[] @Nullable []> encoded = new LinkedHashMap<>();
  private final List<Modality<?, ?>> modalities;
  private final ContentFeatures content;

  /**
   * Encodes the catalogue.
   *
   * @param config that the model was trained with
   * @param model whose encoders are used; may be closed afterwards
   * @param cache where what encoders say is looked up and kept, or null
   */
  public ShadowTrainer(SfumatoConfig config, Catalog catalog, MultimodalModel model, @Nullable VectorCache cache,
      Progress progress) {
    this.config = heads(config);
    this.catalog = catalog;
    for (Modality<?, ?> modality : model.encoders()) {
      encoded.put(modality.name(), EncodedItems.of(modality, catalog.items(), cache, progress));
    }
    this.modalities = model.encoders().stream().<Modality<?, ?>>map(this::supplied).toList();
    this.content = RecommenderTrainer.content(encoded, catalog);
  }

  /** The private recipe over encoders that learn nothing. */
  private static SfumatoConfig heads(SfumatoConfig config) {
    SfumatoConfig made = config.privacy().enabled() ? config
        : config.change().override("privacy.epsilon", SOME_EPSILON, "shadow models").read();
    return made.change()
        .override("privacy.steps", Math.min(STEPS, made.privacy().steps()), "shadow models")
        .override("text.train", "frozen", "shadow models")
        .override("image.train", "frozen", "shadow models")
        .read();
  }

  private Modality<?, ?> supplied(Modality<?, ?> modality) {
    float[] @Nullable [] rows = encoded.getOrDefault(modality.name(), new float[0][]);
    IdentityHashMap<Object, float[]> ofItem = new IdentityHashMap<>();
    for (int item = 0; item < catalog.size(); item++) {
      float[] row = rows[item];
      if (row != null) {
        ofItem.put(catalog.item(item), row);
      }
    }
    SuppliedEncoder encoder = new SuppliedEncoder(modality.encoder().modality(), modality.encoder().dimension(),
        "shadow");
    return Modality.supplied(modality.name(), encoder, ofItem::get).asBorrowed();
  }

  /** The statistics as they are. No noise is planned for them, which would take longer than all the rest. */
  private static PrivateReleases exact(SfumatoConfig config, Interactions people) {
    PrivacySettings settings = config.privacy();
    PrivateStatistics statistics = PrivateStatistics.of(people, settings.maxPerUser(), settings.privacyUnit(),
        config.seed());
    NoiseGenerator unused = NoiseGenerator.seeded(config.seed());
    PrivateStatistics.Counts counts = statistics.popularity(0, unused);
    PrivacyLedger ledger = PrivacyLedger.empty(settings.privacyUnit()).append(counts.release());
    if (!PrivateReleases.withMatrix(config, people.itemCount())) {
      return new PrivateReleases(ledger, 0, counts.counts(), null, List.of());
    }
    PrivateGram gram = statistics.gram(PrivateStatistics.Weighting.UNIT, 0, unused,
        config.collaborative().easeItems());
    return new PrivateReleases(ledger.append(gram.release()), 0, counts.counts(), gram.leading(1, config.seed()),
        List.of());
  }

  /**
   * Trains on the interactions of some people.
   *
   * @param people over the catalogue's items
   * @param seed of initial values, of what is drawn, and of which items count of those who took many
   */
  public RecommenderModel train(Interactions people, long seed) {
    SfumatoConfig seeded = config.change().override("seed", seed, "shadow models").read();
    Interactions none = people.select(row -> false);
    Split split = new Split(new Dataset("shadow", catalog, people, DataReport.empty()), "shadow",
        people, none, none);
    PrivateFit fit = new PrivateFit(seeded, exact(seeded, people));
    JointTrainer.Builder builder = JointTrainer.builder()
        .config(seeded.trainingConfig(modalities.stream().<String>map(Modality::name).toList(), null))
        .privacy(fit.fusion(false));
    modalities.forEach(builder::modality);
    try (MultimodalModel fused = builder.build().train(split, Progress.silent())) {
      ItemVectors vectors = fused.fuse(List.copyOf(encoded.values()), catalog.size());
      List<ModelSignal> models = fit.models(content);
      CandidateSignals signals = new CandidateSignals(ItemSpace.of(vectors), fused.userProfile(), models);
      return new RecommenderModel(catalog, vectors, fused.userProfile(), models, fit.statistics(catalog),
          fit.ranker(signals));
    }
  }
}
