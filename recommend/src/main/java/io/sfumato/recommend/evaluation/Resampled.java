package io.sfumato.recommend.evaluation;

import java.util.Arrays;
import java.util.List;

/** The bootstrap means of every system, metric and cut, by the same draws of users: so an interval of a difference is that of the differences of the means, and nothing is drawn twice. */
final class Resampled {
  private final List<String> systems;
  private final List<Metric> metrics;
  private final List<Integer> cuts;
  private final double level;
  private final double[][] means;

  Resampled(SeededResult result, int resamples, double level, long seed) {
    this.systems = result.scorers();
    this.metrics = result.first().metrics();
    this.cuts = result.first().ks();
    this.level = level;
    int figures = metrics.size() * cuts.size();
    this.means = new BootstrapMeans(systems.size() * figures, result.first().userCount(),
        c -> result.perUser(systems.get(c / figures), metrics.get(c % figures / cuts.size()),
            cuts.get(c % cuts.size())))
        .draw(resamples, seed);
  }

  /** The interval of a mean. */
  Interval of(String system, Metric metric, int k) {
    return Significance.interval(means(system, metric, k).clone(), level);
  }

  /** The interval of the mean difference of two systems. */
  Interval ofDifference(String system, String other, Metric metric, int k) {
    double[] mine = means(system, metric, k);
    double[] theirs = means(other, metric, k);
    double[] differences = new double[mine.length];
    Arrays.setAll(differences, r -> mine[r] - theirs[r]);
    return Significance.interval(differences, level);
  }

  private double[] means(String system, Metric metric, int k) {
    return means[(systems.indexOf(system) * metrics.size() + metrics.indexOf(metric)) * cuts.size() + cuts.indexOf(k)];
  }
}
