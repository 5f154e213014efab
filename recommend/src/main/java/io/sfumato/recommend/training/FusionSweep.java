package io.sfumato.recommend.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.evaluation.DotProductScorer;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.EvaluationResult;
import io.sfumato.recommend.evaluation.Metric;
import io.sfumato.recommend.evaluation.ModelFacts.Curve;
import io.sfumato.recommend.evaluation.ModelFacts.Point;
import io.sfumato.recommend.evaluation.ModelFacts.Series;
import io.sfumato.recommend.evaluation.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the fused vectors alone would rank like if every item had the same weight a: {@code (1−a)·text + a·image} at unit length, a from 0 to 1 in steps of a tenth, beside the vectors as they were learned. For the
 * report; nothing is chosen by it. The projections and the user tower are those that were learned with the model's own weights, so that ends of the sweep are worse than models trained on one modality.
 */
final class FusionSweep {
  private static final Logger LOG = LoggerFactory.getLogger(FusionSweep.class);
  private static final int STEPS = 10;
  private static final long MOST_SCORES = 1_000_000_000L;

  private final RecommenderModel model;
  private final Split split;
  private final Interactions known;
  private final ComparisonOptions options;
  private final int threads;

  /** @param known what is known of each user when the measured part begins */
  FusionSweep(RecommenderModel model, Split split, Interactions known, ComparisonOptions options, int threads) {
    this.model = model;
    this.split = split;
    this.known = known;
    this.options = options;
    this.threads = threads;
  }

  /** The curve, or null where there are not the two modalities text and image, or too many users and items to rank a dozen times. */
  @Nullable
  Curve curve() {
    ItemVectors vectors = model.vectors();
    int text = vectors.modalities().indexOf("text");
    int image = vectors.modalities().indexOf("image");
    if (vectors.modalities().size() != 2 || text < 0 || image < 0 || !bothHaveWeight(vectors)) {
      return null;
    }
    if ((long) known.userCount() * vectors.size() > MOST_SCORES) {
      LOG.info("no sweep of the fusion weight: {} users and {} items are too many to rank a dozen times",
          known.userCount(), vectors.size());
      return null;
    }
    List<Scorer> scorers = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      scorers.add(similarity(name(step), mixed(vectors, text, image, (float) step / STEPS)));
    }
    scorers.add(similarity("learned", learned(vectors)));
    EvaluationResult result = Evaluation.of(split)
        .protocol(options.protocol())
        .pool(options.pool())
        .k(options.k())
        .threads(threads)
        .scorers(scorers)
        .run();
    List<Point> points = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      points.add(new Point((double) step / STEPS, result.mean(name(step), Metric.NDCG, options.k())));
    }
    Point own = new Point(vectors.meanWeight(image), result.mean("learned", Metric.NDCG, options.k()));
    return new Curve("Sweep of the fusion weight a", "a, weight of the picture", "NDCG@" + options.k(),
        List.of(new Series("the same a for every item", points), new Series("as learned", List.of(own))));
  }

  /** A fixed weight of 0 or 1 leaves nothing of the other modality to sweep over, and no item with both nothing to weigh. */
  private static boolean bothHaveWeight(ItemVectors vectors) {
    for (int item = 0; item < vectors.size(); item++) {
      for (int m = 0; m < 2; m++) {
        if (vectors.present(m, item) && vectors.weight(m, item) <= 0) {
          return false;
        }
      }
    }
    return !Double.isNaN(vectors.meanWeight(0));
  }

  private static String name(int step) {
    return String.format(Locale.ROOT, "a = %.1f", (double) step / STEPS);
  }

  private static float[][] learned(ItemVectors vectors) {
    float[][] rows = new float[vectors.size()][];
    Arrays.setAll(rows, vectors::fused);
    return rows;
  }

  /** Each part is w·v over a length that both parts of an item share, so parts over weights are the projections up to that length. */
  private static float[][] mixed(ItemVectors vectors, int text, int image, float a) {
    float[][] rows = new float[vectors.size()][vectors.dimension()];
    for (int item = 0; item < rows.length; item++) {
      boolean both = vectors.present(text, item) && vectors.present(image, item);
      add(rows[item], vectors, text, item, both ? 1 - a : 1);
      add(rows[item], vectors, image, item, both ? a : 1);
      double square = 0;
      for (float value : rows[item]) {
        square += (double) value * value;
      }
      for (int d = 0; square > 0 && d < rows[item].length; d++) {
        rows[item][d] /= (float) Math.sqrt(square);
      }
    }
    return rows;
  }

  private static void add(float[] row, ItemVectors vectors, int m, int item, float weight) {
    if (vectors.present(m, item)) {
      float[] part = vectors.part(m, item);
      for (int d = 0; d < row.length; d++) {
        row[d] += weight / vectors.weight(m, item) * part[d];
      }
    }
  }

  /** Inner products of item vectors with the users' vectors that follow from them. */
  private Scorer similarity(String name, float[][] rows) {
    float[][] users = new float[known.userCount()][];
    Arrays.setAll(users, user -> model.profile()
        .vector(Arrays.stream(known.itemsOf(user)).mapToObj(item -> rows[item]).toList()));
    return new DotProductScorer(name, users, rows);
  }
}
