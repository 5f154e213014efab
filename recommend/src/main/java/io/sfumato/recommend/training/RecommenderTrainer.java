package io.sfumato.recommend.training;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.cache.VectorCache;
import io.sfumato.encoders.runtime.DeviceChoice;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.EncodedItems;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.MultimodalModel;
import io.sfumato.fusion.training.EpochRecord;
import io.sfumato.fusion.training.JointTrainer;
import io.sfumato.fusion.training.PlantedUnits;
import io.sfumato.fusion.training.PrivateTraining;
import io.sfumato.privacy.PrivacyException;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.training.PlantedDirections;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.privacy.training.StepStatistics;
import io.sfumato.recommend.CandidateSignals;
import io.sfumato.recommend.ItemSpace;
import io.sfumato.recommend.ModelSignal;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.collaborative.ContentFeatures;
import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.collaborative.ContentSpace;
import io.sfumato.recommend.collaborative.Ease;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.Popularity;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.ItemStatistics;
import io.sfumato.recommend.ranking.Ranker;
import io.sfumato.recommend.ranking.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a whole recommender: encoders, fusion and user tower on the training interactions, item models beside them, and the ranking model over all of
 * their scores on the validation interactions. The test interactions are never looked at.
 *
 * <p>Where the configuration has a budget ({@code privacy.epsilon}), every use of interactions is a charged mechanism, or made of such, or off: {@link PrivateOutcome#uses} tells. The training
 * interactions alone are used then. A private recommender serves like any other and reads the histories of those whom it serves: what one person is shown may tell of that person's own history, and is
 * differentially private towards all others (joint differential privacy, Kearns et al. 2014).
 *
 * <pre>{@code
 * try (TrainedRecommender trained = new RecommenderTrainer(config).train(split, List.of(), null, progress)) {
 *   trained.write(Path.of("shop-bundle"), split, "shop", config, false);
 * }
 * }</pre>
 *
 * <p>One training at a time in a process.
 */
public final class RecommenderTrainer {
  private static final Logger LOG = LoggerFactory.getLogger(RecommenderTrainer.class);

  /** Kinds of splits in which a person's rows go where they go because of other people. */
  private static final Set<String> BY_OTHERS = Set.of("random", "global-time", "cold");

  private final SfumatoConfig config;
  private final @Nullable PrivacyLedger before;
  private final double noiseScale;
  private final boolean falsified;
  private final @Nullable PlantedData planted;

  /** A trainer that does what a configuration says. */
  public RecommenderTrainer(SfumatoConfig config) {
    this(config, null, 1, false, null);
  }

  private RecommenderTrainer(SfumatoConfig config, @Nullable PrivacyLedger before, double noiseScale,
      boolean falsified, @Nullable PlantedData planted) {
    this.config = config;
    this.before = before;
    this.noiseScale = noiseScale;
    this.falsified = falsified;
    this.planted = planted;
  }

  /**
   * The same trainer on top of what was released of these people before: the budget is that of both together.
   *
   * @param ledger of the bundle that the new one takes the place of; null for none
   * @throws PrivacyException {@code NOT_PRIVATE} where the configuration has no budget, so that the ledger's claim would be void, {@code LEDGER_CONFLICT} where it hides another unit,
   *     {@code BUDGET_EXHAUSTED} where nothing is left
   */
  public RecommenderTrainer after(@Nullable PrivacyLedger ledger) {
    if (ledger == null) {
      return this;
    }
    if (!config.privacy().enabled()) {
      throw new PrivacyException("NOT_PRIVATE",
          "the bundle there was trained with differential privacy, which a training without would void; give --epsilon, or write elsewhere");
    }
    if (ledger.unit() != config.privacy().privacyUnit()) {
      throw new PrivacyException("LEDGER_CONFLICT",
          "the bundle there hides a %s and this training is to hide a %s; give --unit %s, or write elsewhere"
              .formatted(ledger.unit().label(), config.privacy().unit(), ledger.unit().label()));
    }
    PrivateReleases.requireRoom(ledger, config.privacy().budget());
    return new RecommenderTrainer(config, ledger, noiseScale, falsified, planted);
  }

  /** The same private training with its noise off, for comparison: gradients are clipped, and nobody is protected. Its result cannot be written. */
  public RecommenderTrainer withoutNoise() {
    return new RecommenderTrainer(config, before, 0, false, planted);
  }

  /**
   * The same private training with its noise multiplied by a number that its ledger does not tell: what an audit must find out. Its result cannot be written.
   *
   * @param scale 0 or more
   */
  public RecommenderTrainer falsified(double scale) {
    return new RecommenderTrainer(config, before, scale, true, planted);
  }

  /**
   * The same training, which watches canaries where it is private: {@link TrainedRecommender#transcript}. It must then be given {@link PlantedData#training}.
   *
   * @param data null for none
   */
  public RecommenderTrainer planted(@Nullable PlantedData data) {
    return new RecommenderTrainer(config, before, noiseScale, falsified, data);
  }

  /**
   * Trains.
   *
   * @param split the data, with the pictures to learn from
   * @param modalities which modalities take part, {@code text} and {@code image}; empty for all that the configuration names
   * @param resume directory of checkpoints to go on from and to write to, or null
   * @return to be closed by the caller
   */
  public TrainedRecommender train(Split split, List<String> modalities, @Nullable Path resume, Progress progress) {
    if (config.privacy().enabled()) {
      return trainPrivately(split, modalities, resume, progress);
    }
    TensorRuntime.start(DeviceChoice.valueOf(config.device().toUpperCase(Locale.ROOT)));
    VectorCache cache = new VectorCache(config.cacheDirectory());
    Stages stages = new Stages();
    TuningBudget budget = new TuningBudget(config.tuning().trials(), config.tuning().duration());
    FusionChoice fusions = new FusionChoice(config, budget);
    MultimodalModel multimodal = stages.time("fusion", () -> fusions
        .choose(settings -> multimodal(settings, split, modalities, resume, cache, null, null, progress)));
    try {
      Catalog catalog = split.dataset().catalog();
      Map<String, float[] @Nullable []> encoded = stages.time("encode",
          () -> encode(multimodal, catalog.items(), cache, progress));
      ItemVectors vectors = stages.time("vectors",
          () -> multimodal.fuse(List.copyOf(encoded.values()), catalog.size()));
      ItemModelChoice choice = new ItemModelChoice(split, config.collaborative(), budget, config.seed(), config
          .threadCount());
      ItemModelPlan plan = ItemModelPlan.choose(choice, content(encoded, catalog), split.train(), config
          .collaborative()
          .enabled(), stages, progress);
      ItemStatistics statistics = stages.time("statistics", () -> ItemStatistics.of(split.train(), catalog));
      CandidateSignals signals = new CandidateSignals(ItemSpace.of(vectors), multimodal.userProfile(), plan.trained());
      RankerFit fit = new RankerFit(config.ranking(), budget, config.seed());
      Ranker ranker = stages.time("ranker", () -> fit.fit(signals, statistics, split, progress));
      RecommenderModel chosen = new RecommenderModel(catalog, vectors, multimodal.userProfile(), plan.trained(),
          statistics, ranker);
      RecommenderModel model = config.tuning().refit() && split.valid().size() > 0
          ? stages.time("refit", () -> refitted(chosen, plan, split.known(), progress))
          : chosen;
      Map<String, Object> results = results(multimodal, vectors);
      results.put("epochs", epochs(multimodal));
      List<Trial> trials = new ArrayList<>(fusions.trials());
      trials.addAll(choice.trials());
      trials.addAll(fit.trials());
      results.put("trials", trials.stream().map(Trial::toMap).toList());
      results.put("ranker_held_out_ndcg", fit.heldOutNdcg());
      results.put("stages", stages.seconds());
      return new TrainedRecommender(multimodal, model.withContent(ContentSpace.fit(encoded, catalog)), results, null,
          null);
    } catch (RuntimeException e) {
      multimodal.close();
      throw e;
    }
  }

  /** Interactions reach the result through {@link PrivateReleases} and the fusion's private steps alone. */
  private TrainedRecommender trainPrivately(Split split, List<String> modalities, @Nullable Path resume,
      Progress progress) {
    PrivacyBudget budget = config.privacy().budget();
    PrivacyLedger ledger = before == null ? PrivacyLedger.empty(config.privacy().privacyUnit()) : before;
    PrivateReleases.requireRoom(ledger, budget);
    requireOwnParts(split);
    warnOfDelta(split.train());
    TensorRuntime.start(DeviceChoice.valueOf(config.device().toUpperCase(Locale.ROOT)));
    PrivateNoise noise = new PrivateNoise(config.privacy().seed(), noiseScale, falsified, planted);
    if (resume != null && planted != null && !planted.canaries().isEmpty()) {
      throw new RecommendException("BAD_OPTION",
          "canaries are watched from the first step on, so that their training cannot be resumed; leave out either");
    }
    PrivateReleases releases = PrivateReleases.make(config, split.train(), ledger, noise,
        resume == null ? null : resume.resolve("statistics"), progress);
    PrivateFit fit = new PrivateFit(config, releases);
    VectorCache cache = new VectorCache(config.cacheDirectory());
    TranscriptNotes notes = noise.notes();
    MultimodalModel multimodal = multimodal(config, split, modalities, resume, cache, fit.fusion(noise.stated()),
        notes == null && !falsified ? null : units(notes), progress);
    try {
      Catalog catalog = split.dataset().catalog();
      Map<String, float[] @Nullable []> encoded = encode(multimodal, catalog.items(), cache, progress);
      ItemVectors vectors = multimodal.fuse(List.copyOf(encoded.values()), catalog.size());
      List<ModelSignal> models = fit.models(content(encoded, catalog));
      CandidateSignals signals = new CandidateSignals(ItemSpace.of(vectors), multimodal.userProfile(), models);
      RecommenderModel model = new RecommenderModel(catalog, vectors, multimodal.userProfile(), models,
          fit.statistics(catalog), fit.ranker(signals));
      PrivateOutcome outcome = outcome(multimodal, fit, budget, split, noise);
      if (notes != null) {
        notes.steps(outcome.ledger().entries().getLast().release().what(), config.privacy());
      }
      Map<String, Object> results = results(multimodal, vectors);
      results.put("privacy", Map.of("uses", outcome.uses().stream().map(DataUse::toMap).toList()));
      return new TrainedRecommender(multimodal, model.withContent(ContentSpace.fit(encoded, catalog)), results,
          outcome, notes == null ? null : notes.transcript());
    } catch (RuntimeException e) {
      multimodal.close();
      throw e;
    }
  }

  private PlantedUnits units(@Nullable TranscriptNotes notes) {
    return notes == null
        ? new PlantedUnits(Map.of(), new PlantedDirections(1, config.seed()), noiseScale)
        : notes.units(falsified ? noiseScale : 1);
  }

  private PrivateOutcome outcome(MultimodalModel multimodal, PrivateFit fit, PrivacyBudget budget, Split split,
      PrivateNoise noise) {
    PrivacyLedger ledger = multimodal.ledger();
    if (ledger == null) {
      throw new IllegalStateException("the fusion was trained privately but has no ledger");
    }
    List<DataUse> uses = fit.uses(ledger);
    List<ReleasedTensors> released = new ArrayList<>(fit.released());
    released.add(Objects.requireNonNull(multimodal.released(), "the fusion was trained privately"));
    uses.forEach(use -> LOG.info("{}: {} ({})", use.what(), use.kind(), use.how()));
    Map<String, Object> internal = new LinkedHashMap<>();
    long invented = planted == null ? 0 : planted.canaries().stream().filter(Canary::in).count();
    internal.put("users", split.dataset().interactions().userCount() - invented);
    internal.put("train", split.train().size());
    internal.put("valid", split.valid().size());
    internal.put("test", split.test().size());
    internal.put("epochs", epochs(multimodal));
    internal.put("steps", steps(multimodal, split.dataset().interactions().userCount()));
    if (noise.stated() && budget.spent(ledger.phases()) > budget.epsilon() * (1 + 1e-9)) {
      throw new PrivacyException("BUDGET_EXCEEDED",
          "the training spent epsilon %s of %s, which is an error of Sfumato; nothing was written"
              .formatted(budget.spent(ledger.phases()), budget.epsilon()));
    }
    return new PrivateOutcome(ledger, budget, config.privacy().maxPerUser(), uses, internal, noise.falsified(),
        released);
  }

  /**
   * What the steps did to people.
   *
   * @param drawn people among whom samples were drawn, canaries included
   */
  private Map<String, Object> steps(MultimodalModel multimodal, long drawn) {
    Map<String, Object> steps = new LinkedHashMap<>();
    StepStatistics statistics = multimodal.stepStatistics();
    if (statistics != null) {
      steps.put("steps", statistics.steps());
      Map<String, Long> sizes = new LinkedHashMap<>();
      statistics.batchSizes().forEach((size, count) -> sizes.put(size.toString(), count));
      steps.put("batch_sizes", sizes);
      steps.put("users", drawn);
      steps.put("clipped_share", statistics.clippedShare());
      steps.put("not_finite", statistics.notFinite());
      steps.put("expected_units", config.privacy().samplingRate() * config.privacy().publicUsers());
      steps.put("resumed", statistics.steps() < config.privacy().steps());
      steps.put("sampler", "poisson");
      steps.put("sampling_rate", config.privacy().samplingRate());
      steps.put("validator", config.privacy().microbatches()
          ? "units were back-propagated one by one"
          : "every released parameter was seen by a layer with a rule for per-example gradients");
    }
    return steps;
  }

  /** A file's parts are taken as given, whatever it is called: whoever made it answers for how. */
  private void requireOwnParts(Split split) {
    if (!config.split().startsWith("file:") && BY_OTHERS.contains(split.kind())) {
      throw new PrivacyException("NOT_PRIVATE",
          "in the split '%s' a person's rows go where they go because of other people; use coin, last, leave-one-out or file:PATH"
              .formatted(split.kind()));
    }
  }

  /** δ is the probability that all is revealed of somebody: of N people it must not be one in N. */
  private void warnOfDelta(Interactions train) {
    long people = IntStream.range(0, train.userCount()).filter(user -> train.end(user) > train.start(user)).count();
    double delta = config.privacy().delta();
    if (delta * people >= 1) {
      LOG.warn(
          "privacy.delta {} is not below one over the number of people, {}: revealing all of one of them at random would satisfy it; take {} or less",
          delta, people, String.format(Locale.ROOT, "%.0e", 0.1 / people));
    }
  }

  /** The same vectors and ranking model, with item models and counts of all that is known: what was chosen on the validation interactions may learn from them in the end. */
  private static RecommenderModel refitted(RecommenderModel model, ItemModelPlan plan, Interactions known,
      Progress progress) {
    return new RecommenderModel(model.catalog(), model.vectors(), model.profile(), plan.refitted(known, progress),
        ItemStatistics.of(known, model.catalog()), model.ranker());
  }

  /**
   * The same recommender without what it learned from other people's histories but the content regression: the same vectors and a ranking model of its own, refitted or not as the configuration says.
   */
  RecommenderModel withoutCollaborative(RecommenderModel model, Split split, Progress progress) {
    ItemStatistics counts = ItemStatistics.of(split.train(), model.catalog());
    List<ModelSignal> models = new ArrayList<>();
    for (ModelSignal signal : model.models()) {
      if (signal.model() instanceof ContentRidge ridge) {
        models.add(new ModelSignal(signal.signal(), ridge.refitted(split.train())));
      } else if (signal.signal().channel() == Channel.POPULARITY) {
        models.add(new ModelSignal(signal.signal(), Popularity.fit(split.train())));
      }
    }
    CandidateSignals signals = new CandidateSignals(ItemSpace.of(model.vectors()), model.profile(), models);
    Ranker ranker = new RankerFit(config.ranking(), new TuningBudget(0, null), config.seed()).fit(signals, counts,
        split,
        progress);
    List<ModelSignal> served = model.models()
        .stream()
        .filter(signal -> signal.signal().channel() != Channel.COLLABORATIVE)
        .toList();
    return new RecommenderModel(model.catalog(), model.vectors(), model.profile(), served, model.statistics(), ranker);
  }

  private MultimodalModel multimodal(SfumatoConfig settings, Split split, List<String> modalities,
      @Nullable Path resume, VectorCache cache, @Nullable PrivateTraining privacy, @Nullable PlantedUnits canaries,
      Progress progress) {
    List<Modality<?, ?>> opened = EncoderChoice.open(config, modalities);
    MultimodalModel trained = null;
    try {
      JointTrainer.Builder builder = JointTrainer.builder()
          .config(settings.trainingConfig(modalities.isEmpty() ? modalities
              : opened.stream().<String>map(Modality::name).toList(), resume))
          .cache(cache)
          .privacy(privacy)
          .planted(canaries);
      opened.forEach(builder::modality);
      trained = builder.build().train(split, progress);
      return trained;
    } finally {
      List<String> taken = trained == null ? List.of() : trained.modalities();
      opened.stream().filter(m -> !taken.contains(m.name())).forEach(m -> m.encoder().close());
    }
  }

  /** What each encoder says of the items, by modality. What an encoder that learned says is not cached: no other run can use it. */
  private Map<String, float[] @Nullable []> encode(MultimodalModel multimodal, List<Item> items, VectorCache cache,
      Progress progress) {
    Map<String, float[] @Nullable []> encoded = new LinkedHashMap<>();
    for (Modality<?, ?> modality : multimodal.encoders()) {
      FineTuning tuning = modality.encoder().modality().equals("image") ? config.imageTuning()
          : config.text().train();
      VectorCache usable = tuning instanceof FineTuning.Frozen ? cache : null;
      encoded.put(modality.name(), EncodedItems.of(modality, items, usable, progress));
    }
    return encoded;
  }

  /** The encoders' outputs, a block each, and the attributes; zeros where an item lacks a modality. */
  static ContentFeatures content(Map<String, float[] @Nullable []> encoded, Catalog catalog) {
    return ContentSpace.fit(encoded, catalog).features(encoded, catalog);
  }

  private static Map<String, Object> results(MultimodalModel multimodal, ItemVectors vectors) {
    Map<String, Object> results = new LinkedHashMap<>();
    Map<String, Object> weights = new LinkedHashMap<>();
    for (int m = 0; m < vectors.modalities().size(); m++) {
      weights.put(vectors.modalities().get(m), vectors.meanWeight(m));
    }
    results.put("fusion_weights", weights);
    if (!Double.isNaN(multimodal.imageWeight())) {
      results.put("image_weight", multimodal.imageWeight());
    }
    return results;
  }

  private static List<Map<String, Object>> epochs(MultimodalModel multimodal) {
    List<Map<String, Object>> epochs = new ArrayList<>();
    for (EpochRecord epoch : multimodal.trainingLog()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("epoch", epoch.epoch());
      row.put("loss", epoch.loss());
      row.put("validation_ndcg", epoch.ndcg());
      row.put("image_weight", epoch.imageWeight());
      row.put("seconds", epoch.seconds());
      epochs.add(row);
    }
    return epochs;
  }
}
