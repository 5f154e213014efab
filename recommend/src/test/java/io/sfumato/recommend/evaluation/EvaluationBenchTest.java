package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.recommend.evaluation.bench.EvaluationBench;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationBenchTest {
  private static EvaluationBench.Options options(int users, int threads) {
    return new EvaluationBench.Options(users, 1500, 8, 5, 3, threads, true, 7);
  }

  @Test
  void measuresEveryMetricAndSaysHowFarItIs() {
    List<Integer> heard = new ArrayList<>();
    EvaluationBench.Timing timing = EvaluationBench.run(options(250, 2), (scorer, done, users) -> {
      assertThat(users).isEqualTo(250);
      heard.add(done);
    });
    assertThat(timing.metrics()).containsOnlyKeys("recall", "ndcg", "precision", "map", "mrr", "hit_rate", "auc");
    // An own item scores 0.6·8 more in the mean, and scores have a variance of 8·(1 + 0.36·8): Φ(4.8 / √(2·31)) = 0.73
    assertThat(timing.metrics()).hasEntrySatisfying("auc", auc -> assertThat(auc).isCloseTo(0.73, within(0.03)));
    assertThat(timing.seconds()).isPositive();
    assertThat(heard).isSorted().endsWith(250);
  }

  @Test
  void theSameOptionsGiveTheSameFigures() {
    assertThat(EvaluationBench.run(options(120, 1), EvaluationListener.NONE).metrics())
        .isEqualTo(EvaluationBench.run(options(120, 3), EvaluationListener.NONE).metrics());
  }

  @Test
  void aUserCannotHaveMoreItemsThanThereAre() {
    assertThatThrownBy(() -> new EvaluationBench.Options(1, 8, 4, 5, 3, 1, false, 1)).hasMessageContaining(
        "more than a user has (8)");
  }
}
