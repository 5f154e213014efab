package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.recommend.collaborative.ContentFeatures;
import io.sfumato.recommend.collaborative.ContentRidge;
import io.sfumato.recommend.collaborative.Ease;
import io.sfumato.recommend.collaborative.ItemKnn;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.ItemModels;
import io.sfumato.recommend.collaborative.Recency;
import io.sfumato.recommend.collaborative.Spectral;
import io.sfumato.recommend.collaborative.Transitions;
import io.sfumato.recommend.config.CollaborativeSettings;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.Evaluation.Pool;
import io.sfumato.recommend.evaluation.Metric;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits item models on the training interactions and keeps, of each kind, the settings with the best NDCG@20 on the validation interactions, as far as the budget allows to search. The test
 * interactions are never looked at. Where users times items are very many, a sample of the users validates. Not thread-safe.
 */
final class ItemModelChoice {
  private static final Logger LOG = LoggerFactory.getLogger(ItemModelChoice.class);
  private static final int K = 20;

  /** Users times items that a validation ranks at most, and the fewest users that it takes where there are more. */
  private static final long RANKED = 100_000_000;
  private static final int FEWEST_USERS = 500;

  /** Matrix inversions, as items cubed, that are worth their time in a search that does not go by time; and the fewest trials nevertheless. */
  private static final double INVERTED = 6e12;
  private static final int FEWEST_TRIALS = 3;

  /** Shares of the time that may be over when the search of each model ends, where it goes by time. */
  private static final double RIDGE_UNTIL = 0.15;
  private static final double EASE_UNTIL = 0.25;
  private static final double CONTEXT_UNTIL = 0.6;
  private static final double KNN_UNTIL = 0.65;
  private static final double TRANSITIONS_UNTIL = 0.72;
  private static final double SPECTRAL_UNTIL = 0.75;

  private final Split split;
  private final Split validated;
  private final CollaborativeSettings settings;
  private final TuningBudget budget;
  private final long seed;
  private final int threads;
  private final List<Trial> trials = new ArrayList<>();
  private final Pool pool;
  private final boolean ordered;

  /** A choice by the validation interactions of a split. */
  ItemModelChoice(Split split, CollaborativeSettings settings, TuningBudget budget, long seed, int threads) {
    this.split = split;
    this.settings = settings;
    this.budget = budget;
    this.seed = seed;
    this.threads = threads;
    this.pool = pool(split);
    this.validated = sample(split);
    Interactions train = split.train();
    this.ordered = IntStream.range(0, train.size()).anyMatch(row -> train.timestamp(row) != 0);
  }

  /**
   * A model on the training interactions, and how to fit it on others with the settings that were chosen.
   *
   * @param fit from interactions to the model
   */
  record Chosen<M extends ItemModel>(M model, Function<Interactions, M> fit) {}

  /** The split with as many of its users as can be ranked for each candidate in bounded time. */
  private static Split sample(Split split) {
    Interactions valid = split.valid();
    int[] users = IntStream.range(0, valid.userCount()).filter(user -> valid.end(user) > valid.start(user)).toArray();
    long most = Math.max(FEWEST_USERS, RANKED / Math.max(1, valid.itemCount()));
    if (users.length <= most) {
      return split;
    }
    LOG.info("item models are chosen by {} of {} users with validation interactions", most, users.length);
    SplittableRandom random = new SplittableRandom(users.length);
    BitSet chosen = new BitSet(valid.userCount());
    while (chosen.cardinality() < most) {
      chosen.set(users[random.nextInt(users.length)]);
    }
    return split.validatedBy(chosen::get);
  }

  /** What validation ranks: all items, or, where most of what it holds was never in training, those alone. */
  private static Pool pool(Split split) {
    int[] counts = split.train().itemCounts();
    long fresh = IntStream.range(0, split.valid().size()).filter(row -> counts[split.valid().item(row)] == 0).count();
    return 2 * fresh > split.valid().size() ? Pool.COLD : Pool.ALL;
  }

  /** What was tried, in order. */
  List<Trial> trials() {
    return trials;
  }

  /** The best EASE, without content and order; or null where the catalogue has more items than {@link CollaborativeSettings#easeItems()}. */
  @Nullable
  Chosen<Ease> ease(Progress progress) {
    if (!solvable()) {
      LOG.warn("EASE left out: {} items are more than collaborative.ease-items, {}; item-kNN stands in", split.train()
          .itemCount(), settings.easeItems());
      return null;
    }
    double[] penalties = settings.easeL2().stream().mapToDouble(Double::doubleValue).sorted().distinct().toArray();
    List<Ladder> ladders = List.of(Ladder.of("l2", Ease.Options.DEFAULT.l2(), penalties));
    return choose("ease", ladders, false, EASE_UNTIL, at -> {
      Ease.Options options = Ease.Options.DEFAULT.withL2(at[0]);
      return known -> Ease.fit(known, options);
    }, progress);
  }

  /** The best EASE with content as it stands and nothing else, as a baseline; or null where {@link #ease} is. */
  @Nullable
  Chosen<Ease> easeWithContent(ContentFeatures content, Progress progress) {
    if (!solvable()) {
      return null;
    }
    List<Ladder> ladders = List.of(Ladder.of("content", 30, 3, 10, 30, 100),
        Ladder.of("l2", Ease.Options.DEFAULT.l2(), 50, 200, 500));
    return choose("ease-content", ladders, false, EASE_UNTIL, at -> {
      Ease.Options options = Ease.Options.DEFAULT.withContentWeight(at[0]).withL2(at[1]);
      return known -> Ease.fit(known, options, content);
    }, progress);
  }

  private boolean solvable() {
    return split.train().itemCount() <= settings.easeItems();
  }

  /**
   * The best EASE that is also given what it can know beside who took what: content, as if it were users who took items that are alike, and, where times are known, what was taken in a row and how long ago.
   *
   * @param content as the content regression sees it
   */
  Chosen<Ease> easeInContext(ContentRidge content, Progress progress) {
    List<Ladder> ladders = List.of(
        ordered ? Ladder.of("proximity", 10, 0, 1, 3, 10, 30) : Ladder.fixed("proximity", 0),
        Ladder.of("content", 100, 0, 10, 30, 100, 300, 1000),
        Ladder.of("l2", 200, 20, 50, 100, 200, 500, 1000, 2000),
        ordered ? Ladder.of("newest", EVER, 5, 10, 30, 100, EVER) : Ladder.fixed("newest", EVER),
        ordered ? Ladder.of("proximity-scale", 5, 2, 5, 10, 30) : Ladder.fixed("proximity-scale", 5),
        Ladder.of("normalisation", 0, 0, 0.25, 0.5));
    return choose(ordered ? "ease-context" : "ease-content", ladders, false, CONTEXT_UNTIL, at -> {
      Ease.Options options = Ease.Options.DEFAULT.withProximity(at[0], at[4])
          .withContentWeight(at[1])
          .withL2(at[2])
          .withRecency(newest(at[3], 0.05))
          .withUserNormalisation(at[5]);
      return known -> Ease.fit(known, options, content.mapped());
    }, progress);
  }

  /** Where ladders of recency end: all items of a history count alike. */
  private static final double EVER = 1e9;

  private static Recency newest(double scale, double floor) {
    return scale == EVER ? Recency.NONE : new Recency(scale, floor);
  }

  /** The best item-kNN. */
  Chosen<ItemKnn> itemKnn(Progress progress) {
    List<Ladder> ladders = List.of(Ladder.of("shrink", 10, 0, 10, 50, 200), Ladder.of("normalisation", 0, 0, 0.25,
        0.5));
    return choose("itemknn", ladders, false, KNN_UNTIL, at -> {
      ItemKnn.Options options = new ItemKnn.Options(settings.neighbours(), at[0], at[1]);
      return known -> ItemKnn.fit(known, options);
    }, progress);
  }

  /** The best model of what follows what, or null where no times are known. */
  @Nullable
  Chosen<Transitions> transitions(Progress progress) {
    if (!ordered) {
      return null;
    }
    List<Ladder> ladders = List.of(Ladder.of("newest", 10, 3, 5, 10, 30, 100, EVER), Ladder.of("scale", 10, 2, 5, 10,
        30), Ladder.of("shrink", 5, 1, 5, 20, 50));
    return choose("transitions", ladders, false, TRANSITIONS_UNTIL, at -> {
      Transitions.Options options = new Transitions.Options(at[1], at[2], newest(at[0], 0.02),
          Transitions.Options.DEFAULT.keep());
      return known -> Transitions.fit(known, options);
    }, progress);
  }

  /** The best low-pass filter of the graph of people and items. */
  Chosen<Spectral> spectral(Progress progress) {
    Map<Double, Spectral> widest = new HashMap<>(); // the directions are nested
    List<Ladder> ladders = List.of(Ladder.of("rank", 32, 8, 16, 32, 64, WIDEST), Ladder.of("popularity", 0.5, 0.2, 0.5,
        1), Ladder.of("damping", 0.5, 0.2, 0.5));
    return choose("spectral", ladders, false, SPECTRAL_UNTIL, at -> {
      Spectral.Options options = new Spectral.Options((int) at[0], at[2], at[1], seed);
      return known -> known == split.train()
          ? widest.computeIfAbsent(at[2], damping -> Spectral.fit(known, new Spectral.Options(WIDEST, damping, at[1],
              seed))).cut(options.rank(), options.popularity())
          : Spectral.fit(known, options);
    }, progress);
  }

  private static final int WIDEST = 128;

  /** The best regression of taste on content. */
  Chosen<ContentRidge> contentRidge(ContentFeatures content, Progress progress) {
    Map<List<Double>, ContentRidge> mapped = new HashMap<>(); // a kernel is found once for all penalties
    boolean images = content.names().size() > 1 && content.names().contains("image");
    boolean attributes = content.names().contains("attributes");
    List<Ladder> ladders = List.of(Ladder.of("gamma", 4, 0.25, 0.5, 1, 2, 4, 8),
        images ? Ladder.of("image", 0.5, 0.25, 0.5, 1, 2) : Ladder.fixed("image", 1),
        Ladder.of("l2", 1, 0.1, 0.3, 1, 3, 10, 30),
        attributes ? Ladder.of("attributes", 1, 0.5, 1, 2) : Ladder.fixed("attributes", 1));
    return choose("content-ridge", ladders, true, RIDGE_UNTIL, at -> {
      ContentRidge basis = mapped.computeIfAbsent(List.of(at[0], at[1], at[3]),
          key -> ContentRidge.fit(split.train(), content.scaled("image", at[1]).scaled("attributes", at[3]),
              new ContentRidge.Options(at[2], at[0], seed)));
      return known -> basis.refitted(known, at[2]);
    }, progress);
  }

  /** From settings to what fits a model with them. */
  private interface Fitting<M extends ItemModel> {
    Function<Interactions, M> with(double[] settings);
  }

  /** Without validation interactions that the model could foresee, the settings to begin with. */
  private <M extends ItemModel> Chosen<M> choose(String what, List<Ladder> ladders, boolean seesNewItems, double until,
      Fitting<M> fitting, Progress progress) {
    if (!budget.open() || split.valid().size() == 0 || (pool == Pool.COLD && !seesNewItems)) {
      Function<Interactions, M> fit = fitting.with(LadderSearch.start(ladders));
      return new Chosen<>(fit.apply(split.train()), fit);
    }
    double items = split.train().itemCount();
    int most = (int) Math.max(FEWEST_TRIALS, INVERTED / (items * items * items));
    LadderSearch<Chosen<M>> search = new LadderSearch<>(what, ladders, at -> {
      Function<Interactions, M> fit = fitting.with(at);
      Chosen<M> chosen = new Chosen<>(fit.apply(split.train()), fit);
      return new LadderSearch.Scored<>(chosen, validate(chosen.model));
    }, trials);
    LadderSearch.Found<Chosen<M>> found = search.run(done -> budget.more(done, most, until), progress);
    LOG.info("{}: NDCG@{} {} on validation with {}", what, K, String.format(Locale.ROOT, "%.4f", found.score()),
        LadderSearch.describe(ladders, found.settings()));
    return found.made();
  }

  private double validate(ItemModel model) {
    Interactions train = split.train();
    Interactions valid = validated.valid();
    return Evaluation.of(validated)
        .part(Evaluation.Part.VALID)
        .pool(pool)
        .k(K)
        .threads(threads)
        .scorer(ItemModels.scorer(model, train, user -> valid.end(user) > valid.start(user)))
        .run()
        .mean(model.name(), Metric.NDCG, K);
  }
}
