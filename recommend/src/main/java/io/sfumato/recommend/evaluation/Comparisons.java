package io.sfumato.recommend.evaluation;

import java.util.ArrayList;
import java.util.List;

/** Tests a system against every other, Holm's correction over the others of each metric and cut. */
final class Comparisons {
  private final SeededResult result;
  private final String subject;
  private final EvaluationReport.Setup setup;
  private final Resampled resampled;
  private final long seed;
  private final int threads;

  Comparisons(SeededResult result, EvaluationReport.Setup setup, Resampled resampled, long seed, int threads) {
    this.resampled = resampled;
    this.threads = threads;
    this.result = result;
    this.subject = setup.subject();
    this.setup = setup;
    this.seed = seed;
  }

  /** Every metric at the cut of the report, and the report's metric at every cut. */
  List<PairedTest> all() {
    List<PairedTest> tests = new ArrayList<>();
    if (subject.isEmpty()) {
      return tests;
    }
    for (Metric metric : setup.metrics()) {
      for (int k : setup.cuts()) {
        if (k == setup.k() || metric == setup.metric()) {
          tests.addAll(at(metric, k));
        }
      }
    }
    return tests;
  }

  private List<PairedTest> at(Metric metric, int k) {
    List<String> others = result.scorers().stream().filter(name -> !name.equals(subject)).toList();
    double[] mine = result.perUser(subject, metric, k);
    double[] p = new double[others.size()];
    double[] differences = new double[others.size()];
    Parallel.forEach(threads, others.size(), o -> {
      double[] theirs = result.perUser(others.get(o), metric, k);
      p[o] = Significance.paired(mine, theirs, setup.permutations(), seed);
      differences[o] = Significance.mean(mine) - Significance.mean(theirs);
    });
    double[] holm = Significance.holm(p);
    List<PairedTest> tests = new ArrayList<>();
    for (int o = 0; o < p.length; o++) {
      tests.add(new PairedTest(subject, others.get(o), metric, k, differences[o],
          resampled.ofDifference(subject, others.get(o), metric, k), p[o], holm[o]));
    }
    return tests;
  }
}
