package io.sfumato.recommend.training;

import io.sfumato.datasets.Catalog;
import io.sfumato.fusion.training.PrivateTraining;
import io.sfumato.privacy.accounting.LedgerEntry;
import io.sfumato.privacy.accounting.PrivacyLedger;
import io.sfumato.privacy.accounting.Release;
import io.sfumato.privacy.training.Clipping;
import io.sfumato.privacy.training.ReleasedTensors;
import io.sfumato.recommend.CandidateSignals;
import io.sfumato.recommend.ModelSignal;
import io.sfumato.recommend.collaborative.ContentFeatures;
import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.collaborative.Ease;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.LeadingDirections;
import io.sfumato.recommend.collaborative.Popularity;
import io.sfumato.recommend.config.PrivacySettings;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.ranking.Channel;
import io.sfumato.recommend.ranking.FeatureSet;
import io.sfumato.recommend.ranking.ItemStatistics;
import io.sfumato.recommend.ranking.Ranker;
import io.sfumato.recommend.ranking.Signal;
import io.sfumato.recommend.training.DataUse.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a private recommender is made from released statistics and from the public catalogue: item models, item statistics and a ranking of fixed weights. None of it looks at
 * interactions, so none of it is charged.
 *
 * <p>Penalties and weights are constants, found on generated shops of other seeds than those that results are reported of.
 */
final class PrivateFit {
  /** λ of EASE in units of the largest eigenvalue that noise alone has. */
  private static final double RELATIVE_L2 = 1.0;
  /** Weight of the content in EASE, in the same units. */
  private static final double RELATIVE_CONTENT = 0.3;
  /** The same where the noise is off: users weigh 1 each in the matrix, instead of 1 a pair. */
  private static final Ease.Options NOISELESS = Ease.Options.DEFAULT.withL2(12).withContentWeight(2.5);
  private static final double CONTENT_L2 = 3;

  /** What the standardised signals count in the ranking, by name. Popularity decides where the others say nothing. */
  private static final Map<String, Double> WEIGHTS = Map.of("ease", 1.0, "ease-content", 1.0,
      CandidateSignals.SIMILARITY, 0.5, "popular", 0.01);

  /** The same where no item-item matrix stands out of its noise: few people, for whom popularity is the best that others tell. */
  private static final Map<String, Double> WITHOUT_MATRIX = Map.of("content-ridge", 1.0,
      CandidateSignals.SIMILARITY, 0.5, "popular", 1.0);

  private final SfumatoConfig config;
  private final PrivateReleases releases;

  PrivateFit(SfumatoConfig config, PrivateReleases releases) {
    this.config = config;
    this.releases = releases;
  }

  /**
   * How the fusion is trained on what is left of the budget.
   *
   * @param noisy false to clip only
   */
  PrivateTraining fusion(boolean noisy) {
    PrivacySettings settings = config.privacy();
    return new PrivateTraining(settings.privacyUnit(), settings.budget(), releases.ledger(), settings.samplingRate(),
        settings.steps(), Clipping.parse(settings.clip(), settings.clipNorm()), settings.maxPerUser(),
        settings.negatives(), settings.publicUsers(), settings.learningRate(), noisy,
        settings.seed(), settings.microbatches());
  }

  /** The item models: EASE, or the regression on content where there is none, and popularity. */
  List<ModelSignal> models(ContentFeatures content) {
    List<ModelSignal> models = new ArrayList<>();
    Ease ease = ease(content);
    if (ease == null) {
      ContentRidge ridge = ContentRidge.ofCatalog(content, ContentRidge.Options.linear(CONTENT_L2));
      models.add(signal(ridge, ridge.blocks().contains("text") ? Channel.TEXT : Channel.IMAGE, false));
    } else {
      models.add(signal(ease, Channel.COLLABORATIVE, true));
    }
    models.add(signal(Popularity.ofCounts(floored()), Channel.POPULARITY, true));
    return models;
  }

  private @Nullable Ease ease(ContentFeatures content) {
    LeadingDirections directions = releases.directions();
    return directions == null ? null
        : directions.ease(RELATIVE_L2, RELATIVE_CONTENT, NOISELESS, content);
  }

  private static ModelSignal signal(ItemModel model, Channel channel, boolean fromInteractions) {
    return new ModelSignal(new Signal(model.name(), channel, fromInteractions), model);
  }

  /** Counts of 1 at least: noise does not tell which items nobody took, so all of the catalogue counts as known. */
  private float[] floored() {
    float[] counts = releases.counts().clone();
    for (int item = 0; item < counts.length; item++) {
      counts[item] = Math.max(1, counts[item]);
    }
    return counts;
  }

  /** Statistics for the ranking from the noisy counts; nothing of when. */
  ItemStatistics statistics(Catalog catalog) {
    float[] counts = floored();
    int[] rounded = new int[counts.length];
    for (int item = 0; item < rounded.length; item++) {
      rounded[item] = Math.round(counts[item]);
    }
    return ItemStatistics.ofCounts(rounded, catalog);
  }

  /** A ranking that adds up standardised signals with fixed weights. */
  Ranker ranker(CandidateSignals signals) {
    Map<String, Double> fixed = releases.directions() == null ? WITHOUT_MATRIX : WEIGHTS;
    Map<String, Double> weights = new LinkedHashMap<>();
    List<Signal> used = new ArrayList<>();
    boolean fused = signals.items().modalities().size() > 1;
    for (Signal signal : signals.sources()) {
      boolean similarity = fused ? signal.name().equals(CandidateSignals.SIMILARITY)
          : signal.name().startsWith(CandidateSignals.SIMILARITY);
      Double weight = fixed.get(similarity ? CandidateSignals.SIMILARITY : signal.name());
      if (weight != null) {
        weights.put(signal.name(), weight);
        used.add(signal);
      }
    }
    return Ranker.linear(FeatureSet.of(used, Set.of()), weights);
  }

  /** What the entries of the released statistics commit to. */
  List<ReleasedTensors> released() {
    return releases.released();
  }

  /** Every use that training may make of interactions, in order. */
  List<DataUse> uses(PrivacyLedger ledger) {
    List<DataUse> uses = new ArrayList<>();
    int before = releases.begun();
    boolean twice = releases.ledger().entries().size() - before > 1;
    List<LedgerEntry> entries = ledger.entries();
    uses.add(charged("popularity", entries.get(before).release()));
    if (releases.directions() == null) {
      if (twice) {
        uses.add(charged("popularity once more", entries.get(before + 1).release()));
      }
      uses.add(new DataUse("item-item matrix, EASE", Kind.OFF, twice ? "too few people for it to stand out of its noise"
          : config.privacy().gramShare() == 0 ? "privacy.gram-share is 0"
              : !config.collaborative().enabled() ? "without collaborative"
                  : "more items than collaborative.ease-items"));
    } else {
      uses.add(charged("item-item matrix", entries.get(before + 1).release()));
      uses.add(new DataUse("EASE", Kind.POST_PROCESSING,
          "solved from the %d directions of the item-item matrix that stand out of the noise, and from content"
              .formatted(releases.directions().count())));
    }
    uses.add(charged("fusion, user tower", entries.getLast().release()));
    uses.add(releases.directions() == null
        ? new DataUse("content regression", Kind.POST_PROCESSING, "the public catalogue alone, a fixed penalty")
        : new DataUse("content regression", Kind.OFF, "EASE reads the content"));
    uses.add(new DataUse("item statistics of the ranking", Kind.POST_PROCESSING, "the noisy counts; no times"));
    uses.add(new DataUse("item-kNN", Kind.OFF, "it has no private form"));
    uses.add(new DataUse("ranking model", Kind.OFF, "fixed weights that were found on generated shops"));
    uses.add(new DataUse("validation, early stopping, choice of options", Kind.OFF, "fixed options"));
    return uses;
  }

  private static DataUse charged(String what, Release release) {
    return new DataUse(what, Kind.CHARGED, String.format(Locale.ROOT,
        "%s: noise multiplier %.4f, sampling rate %s, %d step%s, sensitivity %.4g", release.what(),
        release.phase().mechanism().sigma(), release.phase().mechanism().samplingRate(), release.phase().steps(),
        release.phase().steps() == 1 ? "" : "s", release.sensitivity()));
  }
}
