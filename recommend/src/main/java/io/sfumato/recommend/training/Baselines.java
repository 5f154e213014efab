package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.collaborative.Bpr;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.ItemModels;
import io.sfumato.recommend.collaborative.Popularity;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.evaluation.Scorer;
import io.sfumato.recommend.training.ItemModelChoice.Chosen;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Other recommenders to stand beside one's own, their options chosen on validation; with {@code tuning.refit} they are then fitted on training and validation interactions together, as the recommender is. The test interactions are not looked at. Not thread-safe.
 */
public final class Baselines {
  /** All names, in the order of the documentation. */
  public static final List<String> NAMES = List.of("popular", "itemknn", "ease", "ease-content", "content-ridge", "bpr",
      "text-knn", "image-knn", RandomRanking.NAME);

  private static final Logger LOG = LoggerFactory.getLogger(Baselines.class);
  private static final Set<String> STOCHASTIC = Set.of(Bpr.NAME, RandomRanking.NAME);
  private static final Map<String, String> MODALITIES = Map.of("text-knn", "text", "image-knn", "image");
  private static final Map<String, String> ABOUT = Map.of(
      "popular", "what most people took in training, for everybody the same",
      "itemknn", "items taken by the same people: cosine neighbours",
      "ease", "EASE: a linear item-item model in closed form (Steck 2019)",
      "ease-content", "EASE that is given the items' texts, pictures and attributes as further users",
      "content-ridge",
      "each user's taste regressed on the items' content through a kernel; knows items that nobody took",
      "bpr", "matrix factorisation by Bayesian personalised ranking (Rendle et al. 2009)",
      "text-knn", "items whose texts are nearest to the history's, by the text encoder alone",
      "image-knn", "items whose pictures are nearest to the history's, by the image encoder alone",
      RandomRanking.NAME, "an order drawn at random for each user");

  private final Split split;
  private final SfumatoConfig config;
  private final ItemContent content;
  private final ItemModelChoice choice;
  private final Interactions known;

  /**
   * @param config which item models' options are tried, threads
   * @param content what encoders say of the items, asked for by the baselines that need it
   */
  public Baselines(Split split, SfumatoConfig config, ItemContent content) {
    this.split = split;
    this.config = config;
    this.content = content;
    this.known = config.knownBeforeTest(split);
    this.choice = new ItemModelChoice(split, config.collaborative(), new TuningBudget(config.tuning().trials(), null),
        config.seed(), config.threadCount());
  }

  /** Whether a baseline comes out differently with another seed. */
  public static boolean stochastic(String name) {
    return STOCHASTIC.contains(name);
  }

  /** A line on what it is; "" for names that are none of {@link #NAMES}. */
  public static String about(String name) {
    return ABOUT.getOrDefault(name, "");
  }

  /**
   * Fits one.
   *
   * @param name one of {@link #NAMES}
   * @param seed of what is drawn at random
   * @return null where the catalogue is too large for it, which is logged
   * @throws EncoderException {@code MODEL_NOT_FOUND} where it needs an encoder that there is not
   */
  public @Nullable Scorer fit(String name, long seed, Progress progress) {
    return switch (name) {
      case "popular" -> of(Popularity.fit(known));
      case "itemknn" -> scorer(choice.itemKnn(progress));
      case "ease" -> scorer(choice.ease(progress));
      case "ease-content" -> scorer(choice.easeWithContent(content.features(), progress));
      case "content-ridge" -> scorer(choice.contentRidge(content.features(), progress));
      case Bpr.NAME -> bpr(seed, progress);
      case "text-knn", "image-knn" -> nearest(name);
      case RandomRanking.NAME -> new RandomRanking(seed);
      default -> throw new IllegalArgumentException("there is no baseline '%s'; there are %s".formatted(name, NAMES));
    };
  }

  /** An item model that is there already, as a scorer of this split's users. */
  Scorer of(ItemModel model) {
    return ItemModels.scorer(model.name(), model, known::itemsOf);
  }

  private @Nullable Scorer scorer(@Nullable Chosen<?> chosen) {
    if (chosen == null) {
      LOG.warn("a baseline is left out: the catalogue is larger than collaborative.ease-items, {}",
          config.collaborative().easeItems());
      return null;
    }
    return of(chosen.fit().apply(known));
  }

  private Bpr bpr(long seed, Progress progress) {
    Bpr.Choice chosen = Bpr.choose(split, Bpr.grid(seed), config.threadCount(), progress);
    return known == split.train() ? chosen.model() : Bpr.fit(known, chosen.options());
  }

  /**
   * Refuses a baseline that needs an encoder that there is not, before anything is computed.
   *
   * @throws EncoderException {@code MODEL_NOT_FOUND}
   */
  void requireEncoder(String name) {
    String modality = MODALITIES.get(name);
    if (modality != null && !content.offers(modality)) {
      throw new EncoderException("MODEL_NOT_FOUND",
          "%s needs an encoder of the modality %s that has learned something; name one with --set %s.encoder=DIR, or leave %s out"
              .formatted(name, modality, modality, name));
    }
  }

  private Scorer nearest(String name) {
    requireEncoder(name);
    return new ContentKnn(name, content.block(MODALITIES.getOrDefault(name, "")), known);
  }
}
