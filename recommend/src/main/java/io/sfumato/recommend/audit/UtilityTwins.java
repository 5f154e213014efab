package io.sfumato.recommend.audit;

import io.sfumato.datasets.Split;
import io.sfumato.encoders.Progress;
import io.sfumato.privacy.audit.Point;
import io.sfumato.privacy.audit.UtilityFacts;
import io.sfumato.recommend.PipelineScorer;
import io.sfumato.recommend.RecommenderModel;
import io.sfumato.recommend.config.SfumatoConfig;
import io.sfumato.recommend.evaluation.Evaluation;
import io.sfumato.recommend.evaluation.EvaluationResult;
import io.sfumato.recommend.evaluation.Interval;
import io.sfumato.recommend.evaluation.Metric;
import io.sfumato.recommend.evaluation.Significance;
import io.sfumato.recommend.evaluation.Slices;
import io.sfumato.recommend.training.RecommenderTrainer;
import io.sfumato.recommend.training.TrainedRecommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What privacy cost a bundle: its NDCG on the test part, beside twins that clip without noise, that have no privacy, and that have less and more of it. Computed on people's data without noise: internal, not
 * private. Twins are single trainings, whose draws of noise the intervals, over people, do not tell of.
 */
final class UtilityTwins {
  private static final int K = 20;
  private static final int RESAMPLES = 2_000;
  private static final double LEVEL = 0.95;
  /** The other points of the curve, in multiples of the bundle's budget. */
  private static final List<Double> FACTORS = List.of(0.25, 4.0);
  private static final String SLICES = "item popularity";

  private final Split split;
  private final SfumatoConfig config;
  private final Progress progress;
  private final List<UtilityFacts.Row> rows = new ArrayList<>();
  private final List<UtilityFacts.Slice> slices = new ArrayList<>();
  private final List<Point> curve = new ArrayList<>();
  private long people;

  /**
   * @param split of those who were trained on, without canaries
   * @param config of a private training
   */
  UtilityTwins(Split split, SfumatoConfig config, Progress progress) {
    this.split = split;
    this.config = config;
    this.progress = progress;
  }

  /** Trains and measures; null where nobody has a test interaction. */
  @Nullable
  UtilityFacts measure(RecommenderModel model, double epsilon) {
    if (split.test().size() == 0) {
      return null;
    }
    double own = measure("private", model, epsilon);
    curve.add(new Point(epsilon, own));
    train("clip-only", new RecommenderTrainer(config).withoutNoise());
    train("non-private", new RecommenderTrainer(
        config.withoutPrivacy().change().override("tuning.refit", false, "the audit's twin").read()));
    for (double factor : FACTORS) {
      double other = factor * config.privacy().budget().epsilon();
      SfumatoConfig changed = config.change().override("privacy.epsilon", other, "the audit's twin").read();
      try (TrainedRecommender twin = new RecommenderTrainer(changed).train(split, List.of(), null, progress)) {
        curve.add(new Point(other, mean(evaluated(twin.model()))));
      }
    }
    curve.sort(Comparator.comparingDouble(Point::x));
    return new UtilityFacts("ndcg@" + K, people, rows, slices, curve);
  }

  private void train(String name, RecommenderTrainer trainer) {
    try (TrainedRecommender twin = trainer.train(split, List.of(), null, progress)) {
      measure(name, twin.model(), null);
    }
  }

  private double measure(String name, RecommenderModel model, @Nullable Double epsilon) {
    EvaluationResult result = evaluated(model);
    double[] values = values(result);
    Interval interval = Significance.bootstrap(values, RESAMPLES, LEVEL, config.seed());
    double mean = mean(result);
    people = values.length;
    rows.add(new UtilityFacts.Row(name, epsilon, mean, interval.low(), interval.high(), 1));
    for (Slices.Part part : Slices.usual(result, split)) {
      if (part.group().equals(SLICES)) {
        slices.add(new UtilityFacts.Slice(part.name() + " items", name, mean(part.result()),
            part.result().userCount()));
      }
    }
    return mean;
  }

  private EvaluationResult evaluated(RecommenderModel model) {
    return Evaluation.of(split)
        .k(K)
        .threads(config.threadCount())
        .scorer(new PipelineScorer("model", model.pipeline(), split.train()))
        .run();
  }

  private static double[] values(EvaluationResult result) {
    return result.perUser("model", Metric.NDCG, K);
  }

  private static double mean(EvaluationResult result) {
    return Arrays.stream(values(result)).average().orElse(0);
  }
}
