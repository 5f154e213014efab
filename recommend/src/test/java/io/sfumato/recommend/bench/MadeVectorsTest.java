package io.sfumato.recommend.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.sfumato.encoders.Progress;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeVectorsTest {
  private static final MadeVectors SMALL = MadeVectors.of(4000, MadeShop.PEOPLE, 7);

  @Test
  void aLargerCatalogueBeginsWithTheSmallerOne() {
    MadeVectors larger = MadeVectors.of(4100, 10, 7);
    assertThat(IntStream.range(0, 4000)).allSatisfy(item -> {
      assertThat(larger.item(item)).containsExactly(SMALL.item(item));
      assertThat(larger.cluster(item)).isEqualTo(SMALL.cluster(item));
    });
    assertThat(larger.query(9)).containsExactly(SMALL.query(9));
    assertThat(MadeVectors.of(10, 1, 8).item(0)).isNotEqualTo(SMALL.item(0));
  }

  @Test
  void vectorsHaveUnitLengthAndClustersHoldTogether() {
    assertThat(IntStream.range(0, SMALL.items())).allSatisfy(item -> assertThat(dot(SMALL.item(item), SMALL.item(item)))
        .isCloseTo(1, offset(1e-5)));
    assertThat(IntStream.range(0, SMALL.queries())).allSatisfy(
        query -> assertThat(dot(SMALL.query(query), SMALL.query(query))).isCloseTo(1, offset(1e-5)));
    double[] within = IntStream.range(1, SMALL.items())
        .filter(item -> SMALL.cluster(item) == SMALL.cluster(item - 1))
        .mapToDouble(item -> dot(SMALL.item(item), SMALL.item(item - 1)))
        .toArray();
    double[] across = IntStream.range(1, SMALL.items())
        .filter(item -> SMALL.cluster(item) != SMALL.cluster(item - 1))
        .mapToDouble(item -> dot(SMALL.item(item), SMALL.item(item - 1)))
        .toArray();
    assertThat(Arrays.stream(within).average().orElseThrow())
        .isGreaterThan(Arrays.stream(across).average().orElseThrow() + 0.3);
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    assertThatThrownBy(() -> MadeVectors.of(0, 1, 1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 0 and 1");
    assertThatThrownBy(() -> MadeShop.write(MadeVectors.of(100, 1, 1), Path.of("nowhere"), Progress.silent()))
        .hasMessageContaining("got 100 and 1");
  }

  @Test
  void theShopServesItsPeopleAndItsFilters(@TempDir Path directory) {
    MadeShop.write(SMALL, directory.resolve("bundle"), Progress.silent());
    try (Recommender recommender = Recommender.open(directory.resolve("bundle"))) {
      assertThat(recommender.history("u-5")).hasSize(MadeShop.SEEN);
      List<String> seen = recommender.history("u-5");
      List<Recommendation> half = recommender
          .recommend(Request.forUser("u-5").k(2000).where(MadeShop.ATTRIBUTE, "share-50").excludeSeen());
      assertThat(half).hasSizeBetween(1700, 2000).noneMatch(found -> seen.contains(found.item()));
      assertThat(recommender.recommend(Request.forUser("u-5").k(4000).where(MadeShop.ATTRIBUTE, "cluster-10")))
          .hasSizeBetween(50, 400);
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}
