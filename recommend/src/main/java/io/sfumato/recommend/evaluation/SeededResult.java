package io.sfumato.recommend.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Results of several runs of the same systems on the same users, each run trained with another seed. Systems that no seed changes need stand in the first run alone. What is tested between systems is each user's mean
 * over runs; the standard deviation over runs says how much a seed matters. Immutable.
 */
public final class SeededResult {
  private final List<EvaluationResult> runs;
  private final List<String> scorers;

  private SeededResult(List<EvaluationResult> runs) {
    this.runs = List.copyOf(runs);
    Set<String> names = new LinkedHashSet<>();
    runs.forEach(run -> names.addAll(run.scorers()));
    this.scorers = List.copyOf(names);
  }

  /**
   * The result of several runs.
   *
   * @param runs at least one; all over the same users, cuts, pool and protocol
   * @throws IllegalArgumentException where they are not
   */
  public static SeededResult of(List<EvaluationResult> runs) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("a result needs at least one run but there is none");
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
    return new SeededResult(runs);
  }

  /** All runs, in the order of the seeds. */
  public List<EvaluationResult> runs() {
    return runs;
  }

  /** The first run, which lists and slices are taken from. */
  public EvaluationResult first() {
    return runs.getFirst();
  }

  /** The names of all systems, in the order of their first appearance. */
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
