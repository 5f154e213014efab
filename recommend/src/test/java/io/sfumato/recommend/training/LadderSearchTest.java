package io.sfumato.recommend.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.encoders.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LadderSearchTest {
  private static final List<Ladder> LADDERS = List.of(Ladder.of("x", 0, -3, -2, -1, 0, 1, 2, 3), Ladder.of("y", 10, 0.1,
      1, 10), Ladder.fixed("z", 7));

  private static LadderSearch.Scored<String> hill(double[] at) {
    return new LadderSearch.Scored<>("%s,%s".formatted(at[0], at[1]), -Math.abs(at[0] - 2) - Math.abs(Math.log10(
        at[1])));
  }

  @Test
  void climbsToTheTopOfAHill() {
    List<Trial> trials = new ArrayList<>();
    LadderSearch.Found<String> found = new LadderSearch<>("hill", LADDERS, LadderSearchTest::hill, trials)
        .run(done -> true, Progress.silent());
    assertThat(found.made()).isEqualTo("2.0,1.0");
    assertThat(found.settings()).containsExactly(2, 1, 7);
    assertThat(found.score()).isZero();
    assertThat(trials).extracting(Trial::settings).doesNotHaveDuplicates();
    assertThat(trials.getFirst().settings()).isEqualTo(Map.of("x", 0.0, "y", 10.0)); // what is fixed is no setting
    assertThat(trials).hasSizeLessThan(21 / 2); // fewer than half of the grid
  }

  @Test
  void stopsWhenItMayTryNoMore() {
    List<Trial> trials = new ArrayList<>();
    TuningBudget budget = new TuningBudget(4, null);
    LadderSearch.Found<String> found = new LadderSearch<>("hill", LADDERS, LadderSearchTest::hill, trials)
        .run(done -> budget.more(done, 100, 1), Progress.silent());
    assertThat(trials).hasSize(4);
    assertThat(found.made()).isEqualTo("2.0,10.0"); // 0, 1, 2, then 3, which was worse
  }

  @Test
  void aBudgetOfTimeEnds() {
    assertThat(new TuningBudget(0, null).open()).isFalse();
    assertThat(new TuningBudget(12, Duration.ofHours(1)).more(1000, 1, 0.5)).isTrue();
    assertThat(new TuningBudget(12, Duration.ZERO).more(0, 1, 1)).isFalse();
  }

  @Test
  void laddersAscend() {
    assertThatThrownBy(() -> Ladder.of("l2", 1, 3, 2)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the values of l2 must ascend");
  }
}
