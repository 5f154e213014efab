package io.sfumato.recommend.training;

import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.accounting.Calibration;
import io.sfumato.privacy.accounting.PldAccountant;
import io.sfumato.privacy.accounting.PrivacyBudget;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.recommend.PipelineScorer;
import io.sfumato.recommend.collaborative.ItemModels;
import io.sfumato.recommend.collaborative.Popularity;
import io.sfumato.recommend.collaborative.PrivateStatistics;
import io.sfumato.recommend.config.PrivacySettings;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.EvaluationResult;
import io.sfumato.recommend.evaluation.Interval;
import io.sfumato.recommend.evaluation.Metric;
import io.sfumato.recommend.evaluation.Scorer;
import io.sfumato.recommend.evaluation.Significance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What privacy costs: NDCG on the test part of private popularity and of the private recommender, both given the same ε and each the mean of several draws of noise, beside clipping
 * without noise and the same recommender without privacy. For data whose people need no protection, such as generated shops: the figures themselves are computed without noise.
 *
 * <p>Intervals are of 95 % by the bootstrap over users, of each user's mean over the draws; they say nothing of other draws, whose means are given beside. The test is a one-sided paired randomisation
 * over users of whether the private recommender is better than 1.2 times private popularity.
 */
public final class PrivateUtility {
  /** Names of the rows, in the order of the table. */
  public static final String POPULARITY = "private-popularity";
  /** The private recommender. */
  public static final String PRIVATE = "private";
  /** Clipping without noise: ε is infinite. */
  public static final String CLIP_ONLY = "clip-only";
  /** The same recommender without privacy. */
  public static final String NON_PRIVATE = "non-private";
  /** What the private recommender is held against, in multiples of private popularity. */
  public static final double FACTOR = 1.2;

  private static final int RESAMPLES = 2_000;
  private static final double LEVEL = 0.95;

  private final Split split;
  private final SfumatoConfig config;
  private final int k;

  /**
   * @param split as a private training needs it: see {@link RecommenderTrainer}
   * @param config with a budget
   * @param k cut of the metric
   */
  public PrivateUtility(Split split, SfumatoConfig config, int k) {
    this.split = split;
    this.config = config;
    this.k = k;
  }

  /**
   * A row of the table.
   *
   * @param ndcg mean over users and draws
   * @param interval of the mean over users
   * @param draws mean over users of each draw
   * @param seconds of training, mean over draws
   */
  public record Row(double ndcg, Interval interval, List<Double> draws, double seconds) {
    public Row {
      draws = List.copyOf(draws);
    }
  }

  /**
   * The table.
   *
   * @param users how many users the means are over
   * @param rows by name
   * @param p of the one-sided test that the private recommender is better than {@value #FACTOR} times private popularity
   */
  public record Result(int users, Map<String, Row> rows, double p) {
    /** NDCG of the private recommender over that of private popularity. */
    public double ratio() {
      Row ours = rows.get(PRIVATE);
      Row popularity = rows.get(POPULARITY);
      return ours == null || popularity == null ? Double.NaN : ours.ndcg() / popularity.ndcg();
    }
  }

  /** What was measured of one row: a metric by draw and user, and how long each took. */
  private static final class Measured {
    private final List<double[]> draws = new ArrayList<>();
    private double seconds;

    double[] perUser() {
      double[] mean = new double[draws.getFirst().length];
      for (double[] draw : draws) {
        for (int user = 0; user < mean.length; user++) {
          mean[user] += draw[user] / draws.size();
        }
      }
      return mean;
    }

    Row row(long seed) {
      double[] values = perUser();
      return new Row(mean(values), Significance.bootstrap(values, RESAMPLES, LEVEL, seed),
          draws.stream().map(Measured::mean).toList(), seconds / draws.size());
    }

    private static double mean(double[] values) {
      return Arrays.stream(values).average().orElse(0);
    }
  }

  /**
   * Trains and measures.
   *
   * @param runs draws of noise, at least 1
   * @param twins whether clip-only and non-private stand beside
   */
  public Result run(int runs, boolean twins, Progress progress) {
    if (runs < 1) {
      throw new IllegalArgumentException("runs must be at least 1 but were " + runs);
    }
    Measured popularity = new Measured();
    Measured ours = new Measured();
    for (int run = 0; run < runs; run++) {
      measure(popularity, popularity());
      train(ours, new RecommenderTrainer(config), progress);
    }
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put(POPULARITY, popularity.row(config.seed()));
    rows.put(PRIVATE, ours.row(config.seed()));
    if (twins) {
      Measured clipOnly = new Measured();
      train(clipOnly, new RecommenderTrainer(config).withoutNoise(), progress);
      rows.put(CLIP_ONLY, clipOnly.row(config.seed()));
      Measured plain = new Measured();
      train(plain, new RecommenderTrainer(notRefitted()), progress);
      rows.put(NON_PRIVATE, plain.row(config.seed()));
    }
    double[] bar = Arrays.stream(popularity.perUser()).map(value -> FACTOR * value).toArray();
    double p = Significance.pairedGreater(ours.perUser(), bar, Significance.PERMUTATIONS, config.seed());
    return new Result(bar.length, rows, p);
  }

  /** The recommender that is not private learns from the training interactions alone here, as the private ones do. */
  private SfumatoConfig notRefitted() {
    return config.withoutPrivacy().change().override("tuning.refit", false, "privacy utility").read();
  }

  /** Popularity with all of the budget to itself. */
  private Scorer popularity() {
    PrivacySettings settings = config.privacy();
    PrivacyBudget budget = settings.budget();
    double sigma = new Calibration(PldAccountant.create().withNeighbouring(budget.neighbouring()))
        .sigma(1, 1, budget.epsilon(), budget.delta());
    Long seed = settings.seed();
    float[] counts = PrivateStatistics.of(split.train(), settings.maxPerUser(), settings.privacyUnit(), config.seed())
        .popularity(sigma, seed == null ? NoiseGenerator.secure() : NoiseGenerator.seeded(seed))
        .counts();
    return ItemModels.scorer(POPULARITY, Popularity.ofCounts(counts), split.train()::itemsOf);
  }

  private void train(Measured row, RecommenderTrainer trainer, Progress progress) {
    long begin = System.nanoTime();
    try (TrainedRecommender trained = trainer.train(split, List.of(), null, progress)) {
      row.seconds += (System.nanoTime() - begin) / 1e9;
      measure(row, new PipelineScorer("model", trained.model().pipeline(), split.train()));
    }
  }

  private void measure(Measured row, Scorer scorer) {
    EvaluationResult result = Evaluation.of(split).k(k).threads(config.threadCount()).scorer(scorer).run();
    row.draws.add(result.perUser(scorer.name(), Metric.NDCG, k));
  }
}
