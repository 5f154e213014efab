package io.sfumato.recommend.training;

import io.sfumato.datasets.Split;
import io.sfumato.recommend.evaluation.EvaluationReport;
import io.sfumato.recommend.evaluation.ModelFacts;
import io.sfumato.recommend.evaluation.SeededResult;

/**
 * What a comparison found.
 *
 * @param split what it was measured on
 * @param result lists and metrics of every user
 * @param report everything that is to be said of it
 */
public record Compared(Split split, SeededResult result, EvaluationReport report) {
  /** The same with more known of the recommender's model. */
  public Compared with(ModelFacts facts) {
    return new Compared(split, result, report.with(facts));
  }
}
