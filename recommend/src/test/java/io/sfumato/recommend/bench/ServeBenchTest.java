package io.sfumato.recommend.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.encoders.Progress;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeBenchTest {
  private static final double ALL_BUT_TIES = 0.999;

  /** So few items are all compared: whatever is not found is a mistake of the measurement, but for items that the rounding of a sum puts on either side of the last place. */
  @Test
  void measuresRequestsFiltersAndPeersAndKeepsTheBundle(@TempDir Path work) {
    Map<String, Object> figures = ServeBench.run(new ServeBench.Options(2_000, 3, true, work), Progress.silent());
    assertThat(figures).containsEntry("items", 2_000);
    assertThat((Double) figures.get("recall200")).isBetween(ALL_BUT_TIES, 1.0);
    assertThat((Double) figures.get("p50_ms")).isPositive();
    assertThat(figures.get("filtered")).asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsOnlyKeys("independent_50", "independent_10", "independent_1", "independent_0.1", "correlated_50",
            "correlated_10", "correlated_1", "correlated_0.1")
        .allSatisfy((name, behind) -> assertThat(behind).asInstanceOf(InstanceOfAssertFactories.MAP)
            .containsKeys("p50_ms", "p99_ms", "request_p50_ms")
            .hasEntrySatisfying("recall200", recall -> assertThat((Double) recall).isBetween(ALL_BUT_TIES, 1.0)));
    assertThat(figures.get("peers")).asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsOnlyKeys("queries", "sfumato", "jvector", "ratio");
    Map<String, Object> again = ServeBench.run(new ServeBench.Options(2_000, 3, false, work), Progress.silent());
    assertThat(again).containsEntry("build_s", figures.get("build_s")).doesNotContainKey("peers");
  }

  /** Found 1, 2 and 9 of 1, 2, 3, 4: of the best two both, of the best four half; nothing to find is found. */
  @Test
  void recallIsTheShareOfTheBestThatWasFound() {
    assertThat(Truth.recall(new int[]{9, 2, 1}, new int[]{1, 2, 3, 4}, 2)).isEqualTo(1);
    assertThat(Truth.recall(new int[]{9, 2, 1}, new int[]{1, 2, 3, 4}, 4)).isEqualTo(0.5);
    assertThat(Truth.recall(new int[0], new int[0], 4)).isEqualTo(1);
  }
}
