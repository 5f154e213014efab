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
import io.sfumato.recommend.config.CollaborativeSettings;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.Evaluation.Pool;
import io.sfumato.recommend.evaluation.Metric;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits item models on the training interactions and keeps, of each kind, the one with the best NDCG@20 on the validation interactions. The test
 * interactions are never looked at. Where users times items are very many, a sample of the users validates. Not thread-safe.
 */
final class ItemModelChoice {
  private static final Logger LOG = LoggerFactory.getLogger(ItemModelChoice.class);
  private static final int K = 20;
  private static final double[] SHRINKS = {0, 10, 50};
  private static final double[] CONTENT_WEIGHTS = {10, 40};
  private static final double[] CONTENT_L2 = {3, 10, 30, 100, 300};

  /** Users times items that a validation ranks at most, and the fewest users that it takes where there are more. */
  private static final long RANKED = 100_000_000;
  private static final int FEWEST_USERS = 500;

  private final Split split;
  private final Split validated;
  private final CollaborativeSettings settings;
  private final int threads;
  private final Map<String, Double> trials = new LinkedHashMap<>();
  private final Pool pool;
  private double easeL2 = Ease.Options.DEFAULT.l2();

  ItemModelChoice(Split split, CollaborativeSettings settings, int threads) {
    this.split = split;
    this.settings = settings;
    this.threads = threads;
    this.pool = pool(split);
    this.validated = sample(split);
  }

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

  /** NDCG@20 on validation of each model that was tried, by its name and options. */
  Map<String, Double> trials() {
    return trials;
  }

  /** The best EASE, or null where the catalogue has more items than {@link CollaborativeSettings#easeItems()}. */
  @Nullable
  Ease ease(Progress progress) {
    int items = split.train().itemCount();
    if (items > settings.easeItems()) {
      LOG.warn("EASE left out: {} items are more than collaborative.ease-items, {}; item-kNN stands in", items,
          settings.easeItems());
      return null;
    }
    List<Candidate<Ease>> candidates = new ArrayList<>();
    for (double l2 : settings.easeL2()) {
      Ease.Options options = Ease.Options.DEFAULT.withL2(l2);
      candidates.add(new Candidate<>("ease l2=" + number(l2), () -> Ease.fit(split.train(), options)));
    }
    Best<Ease> best = best("EASE", candidates, false, progress);
    easeL2 = settings.easeL2().get(best.index);
    return best.model;
  }

  /**
   * The best EASE that is also given the items' content, as if it were users who took items that are alike. To be called after {@link #ease}, whose
   * penalty it takes over.
   */
  Ease easeWithContent(ContentFeatures content, Progress progress) {
    List<Candidate<Ease>> candidates = new ArrayList<>();
    for (double weight : CONTENT_WEIGHTS) {
      Ease.Options options = Ease.Options.DEFAULT.withL2(easeL2).withContentWeight(weight);
      candidates.add(new Candidate<>("ease-content l2=" + number(easeL2) + " weight=" + number(weight),
          () -> Ease.fit(split.train(), options, content)));
    }
    return best("EASE with content", candidates, false, progress).model;
  }

  /** The best item-kNN. */
  ItemKnn itemKnn(Progress progress) {
    List<Candidate<ItemKnn>> candidates = new ArrayList<>();
    for (double shrink : SHRINKS) {
      ItemKnn.Options options = new ItemKnn.Options(settings.neighbours(), shrink, 0);
      candidates.add(new Candidate<>("itemknn shrink=" + number(shrink), () -> ItemKnn.fit(split.train(), options)));
    }
    return best("item-kNN", candidates, false, progress).model;
  }

  /**
   * The best regression of taste on content.
   *
   * @param teacher what else people would take, tried beside the plain regression; null where other people's histories are not to be used
   */
  ContentRidge contentRidge(ContentFeatures content, @Nullable Ease teacher, Progress progress) {
    List<Candidate<ContentRidge>> candidates = new ArrayList<>();
    for (double l2 : CONTENT_L2) {
      candidates.add(new Candidate<>("content-ridge l2=" + number(l2),
          () -> ContentRidge.fit(split.train(), content, l2, null)));
      if (teacher != null) {
        candidates.add(new Candidate<>("content-ridge l2=" + number(l2) + " teacher=ease",
            () -> ContentRidge.fit(split.train(), content, l2, teacher)));
      }
    }
    return best("content regression", candidates, true, progress).model;
  }

  /** A model that can be fitted. */
  private record Candidate<M extends ItemModel>(String name, Supplier<M> fit) {}

  /** The model that was chosen, and which candidate it was. */
  private record Best<M extends ItemModel>(M model, int index) {}

  /** Without validation interactions that the model could foresee, the candidate in the middle of the grid. */
  private <M extends ItemModel> Best<M> best(String what, List<Candidate<M>> candidates, boolean seesNewItems,
      Progress progress) {
    int middle = candidates.size() / 2;
    if (split.valid().size() == 0 || (pool == Pool.COLD && !seesNewItems)) {
      return new Best<>(candidates.get(middle).fit.get(), middle);
    }
    progress.start("choosing " + what, candidates.size());
    Best<M> best = null;
    double bestNdcg = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < candidates.size(); c++) {
      M model = candidates.get(c).fit.get();
      double ndcg = validate(model);
      trials.put(candidates.get(c).name, ndcg);
      if (best == null || ndcg > bestNdcg) {
        best = new Best<>(model, c);
        bestNdcg = ndcg;
      }
      progress.advance(1, String.format(Locale.ROOT, "best NDCG %.4f", bestNdcg));
    }
    progress.finish();
    if (best == null) {
      throw new IllegalStateException("no candidate for " + what);
    }
    return best;
  }

  private double validate(ItemModel model) {
    Interactions train = split.train();
    return Evaluation.of(validated)
        .part(Evaluation.Part.VALID)
        .pool(pool)
        .k(K)
        .threads(threads)
        .scorer(ItemModels.scorer(model.name(), model, train::itemsOf))
        .run()
        .mean(model.name(), Metric.NDCG, K);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
