package io.sfumato.recommend.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Results of several runs of the same systems on the same users, each run trained with another seed. The first run has every system; those that no seed changes need stand in it alone. What is tested between systems is each user's mean
 * over runs; the standard deviation over runs says how much a seed matters. Immutable.
 */
public final class SeededResult {
  private final List<EvaluationResult> runs;
  private final List<Long> seeds;
  private final List<String> scorers;

  private SeededResult(List<EvaluationResult> runs, List<Long> seeds) {
    this.runs = List.copyOf(runs);
    this.seeds = List.copyOf(seeds);
    this.scorers = runs.getFirst().scorers();
  }

  /** The result of runs whose seeds go by 1, 2, … */
  public static SeededResult of(List<EvaluationResult> runs) {
    return of(runs, LongStream.rangeClosed(1, runs.size()).boxed().toList());
  }

  /**
   * The result of several runs.
   *
   * @param runs at least one; all over the same users, cuts, pool and protocol
   * @param seeds one a run, all different
   * @throws IllegalArgumentException where they are not
   */
  public static SeededResult of(List<EvaluationResult> runs, List<Long> seeds) {
    if (runs.isEmpty() || seeds.size() != runs.size() || Set.copyOf(seeds).size() != runs.size()) {
      throw new IllegalArgumentException(
          "a result needs at least one run and a seed of its own for each, but there are %d runs of seeds %s"
              .formatted(runs.size(), seeds));
    }
    EvaluationResult first = runs.getFirst();
    for (EvaluationResult run : runs) {
      if (!Arrays.equals(run.users(), first.users()) || !run.ks().equals(first.ks()) || run.pool() != first.pool()
          || run.part() != first.part() || run.protocol() != first.protocol()
          || !run.metrics().equals(first.metrics())) {
        throw new IllegalArgumentException(
            "runs must be of the same users, cuts, metrics, pool, part and protocol, but one has %d users at %s and another %d at %s"
                .formatted(first.userCount(), first.ks(), run.userCount(), run.ks()));
      }
    }
    for (EvaluationResult run : runs) {
      if (!first.scorers().containsAll(run.scorers())) {
        throw new IllegalArgumentException("the first run must have every system but has %s and another %s".formatted(
            first.scorers(), run.scorers()));
      }
    }
    return new SeededResult(runs, seeds);
  }

  /** All runs, in the order of the seeds. */
  public List<EvaluationResult> runs() {
    return runs;
  }

  /** The seed of each run. */
  public List<Long> seeds() {
    return seeds;
  }

  /** The first run, which lists and slices are taken from. */
  public EvaluationResult first() {
    return runs.getFirst();
  }

  /** The names of all systems, in the order in which they were given. */
  public List<String> scorers() {
    return scorers;
  }

  /** The runs that have the system, at least one. */
  public List<EvaluationResult> runsOf(String scorer) {
    List<EvaluationResult> with = runs.stream().filter(run -> run.scorers().contains(scorer)).toList();
    if (with.isEmpty()) {
      throw new IllegalArgumentException("no scorer '" + scorer + "' was evaluated; there are " + scorers);
    }
    return with;
  }

  /** The mean over users of each run that has the system. */
  public List<Double> means(String scorer, Metric metric, int k) {
    List<Double> means = new ArrayList<>();
    runsOf(scorer).forEach(run -> means.add(run.mean(scorer, metric, k)));
    return means;
  }

  /** The mean over users and runs. */
  public double mean(String scorer, Metric metric, int k) {
    return means(scorer, metric, k).stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** The standard deviation over runs of their means (n − 1); 0 where there is one. */
  public double sd(String scorer, Metric metric, int k) {
    return sd(means(scorer, metric, k));
  }

  /** Each user's mean over runs, parallel to {@link EvaluationResult#users}. */
  public double[] perUser(String scorer, Metric metric, int k) {
    List<EvaluationResult> with = runsOf(scorer);
    double[] sum = new double[first().userCount()];
    for (EvaluationResult run : with) {
      double[] values = run.perUser(scorer, metric, k);
      for (int u = 0; u < sum.length; u++) {
        sum[u] += values[u] / with.size();
      }
    }
    return sum;
  }

  static double sd(List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1));
  }
}
