package io.sfumato.recommend.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.encoders.Progress;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class CatalogBenchTest {
  @Test
  void theMadeCatalogueIsAsLargeAsAskedForHasALongTailAndKinds() {
    Dataset made = new MadeCatalog(900, 300, 6000, 7).dataset();
    Interactions taken = made.interactions();
    assertThat(taken.userCount()).isEqualTo(300);
    assertThat(taken.size()).isBetween(5900, 6000);
    int[] counts = IntStream.of(taken.itemCounts()).sorted().toArray();
    assertThat(IntStream.of(counts).skip(810).sum()).isGreaterThan(taken.size() / 4); // the head: a tenth of the items
    long ofFour = IntStream.range(0, taken.userCount())
        .filter(user -> IntStream.of(taken.itemsOf(user)).map(item -> item % 30).distinct().count() < taken
            .itemsOf(user).length * 0.75)
        .count();
    assertThat(ofFour).isGreaterThan(150); // of 30 kinds, most people take a few
    assertThat(new MadeCatalog(900, 300, 6000, 7).dataset().interactions().itemCounts()).isEqualTo(taken.itemCounts());
  }

  @Test
  void trainsWritesOpensAndServesAndSaysHowLongEachTook() {
    Map<String, Object> figures = CatalogBench.run(new CatalogBench.Size(300, 3000, 120, 8, 1),
        Map.of("training.epochs", "2", "ranking.epochs", "2", "fusion.dimension", "8"), Progress.silent());
    assertThat(figures).containsEntry("items", 300).containsEntry("users", 120);
    assertThat(figures.get("seconds")).asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsKeys("make", "train", "write", "open");
    assertThat(figures.get("stages")).asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsKeys("fusion", "encode", "vectors", "itemknn", "content-ridge", "ranker");
    assertThat(figures.get("memory_bytes")).asInstanceOf(InstanceOfAssertFactories.MAP)
        .hasEntrySatisfying("live", live -> assertThat((Long) live).isPositive());
    assertThat(figures.get("request_ms")).asInstanceOf(InstanceOfAssertFactories.MAP)
        .hasEntrySatisfying("median", median -> assertThat((Double) median).isPositive());
  }

  @Test
  void aSizeThatCannotBeMadeIsRefused() {
    assertThatThrownBy(() -> new CatalogBench.Size(10, 100, 20, 8, 1)).hasMessageContaining("10");
  }
}
