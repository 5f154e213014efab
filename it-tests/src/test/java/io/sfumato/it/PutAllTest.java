package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.sfumato.datasets.Item;
import io.sfumato.datasets.demo.DemoShop;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many items that the bundle's own encoders see together are as if each had been put alone. */
class PutAllTest {
  private static final int COUNT = 70; // more than are encoded together

  @TempDir
  Path folder;

  private static List<Item> fresh() {
    return DemoShop.builder()
        .items(COUNT)
        .customers(1)
        .seed(99)
        .build()
        .dataset()
        .catalog()
        .items()
        .stream()
        .map(item -> new Item("fresh-" + item.id(), item.title(), item.text(), item.attributes(), item.image()))
        .toList();
  }

  @Test
  void itemsPutTogetherAreAsThosePutAlone() throws Exception {
    List<Item> fresh = fresh();
    List<String> ids = fresh.stream().map(Item::id).toList();
    Path together = Served.copy(Files.createDirectory(folder.resolve("together")));
    Path alone = Served.copy(Files.createDirectory(folder.resolve("alone")));
    try (Recommender all = Recommender.open(together); Recommender one = Recommender.open(alone)) {
      int before = all.catalog().size();
      all.catalog().putAll(fresh);
      fresh.forEach(one.catalog()::put);
      assertThat(all.catalog().items().map(Item::id).skip(before)).containsExactlyElementsOf(ids);
      for (String id : List.of(ids.getFirst(), ids.get(COUNT / 2), ids.getLast())) {
        List<Recommendation> expected = one.similar(id, 3);
        List<Recommendation> found = all.similar(id, 3);
        for (int rank = 0; rank < expected.size(); rank++) {
          assertThat(found.get(rank).score()).isCloseTo(expected.get(rank).score(), offset(1e-4));
        }
      }
      all.catalog().putAll(List.of());
    }
    try (Recommender again = Recommender.open(together)) {
      assertThat(ids).allMatch(id -> again.catalog().item(id) != null);
    }
  }
}
