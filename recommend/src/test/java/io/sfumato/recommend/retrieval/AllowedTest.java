package io.sfumato.recommend.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Item;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request may get, with filters, exclusions, and items put, replaced and removed by the hundred: against looking at each item. */
class AllowedTest {
  private static final int ITEMS = 5_000;
  private static final int DIMENSION = 8;
  private static final List<Filter> FILTERS = List.of(Filter.ALL, Filter.ALL.and("tenth", "t3"),
      Filter.ALL.andAny("tenth", List.of("t1", "t2", "t9")), Filter.ALL.and("kinds", "k1").and("hundredth", "h41"),
      Filter.ALL.and("tenth", "none"));

  private final MadeItems made = new MadeItems(ITEMS, DIMENSION, 3);
  /** What there is, by index: attribute values and vectors as they were put last. */
  private final Map<Integer, Map<String, String>> attributes = new TreeMap<>();
  private final Map<Integer, float[]> vectors = new TreeMap<>();

  @Test
  void isWhatIsThereAndPassesAndIsNotExcluded(@TempDir Path directory) {
    ItemIndex.build(directory, made.catalog, made.vectors, IndexOptions.defaults());
    for (int item = 0; item < ITEMS; item++) {
      attributes.put(item, made.catalog.item(item).attributes());
      vectors.put(item, made.vectors.fused(item));
    }
    SplittableRandom random = new SplittableRandom(11);
    try (ItemIndex index = ItemIndex.open(directory, IndexOptions.defaults())) {
      compare(index, random);
      for (int round = 0; round < 6; round++) {
        for (int n = 0; n < 60; n++) {
          change(index, random);
        }
        compare(index, random);
        assertThat(index.size()).isEqualTo(attributes.size());
      }
      assertThat(index.memory().liveSegments()).isLessThan(20);
    }
  }

  private void change(ItemIndex index, SplittableRandom random) {
    int item = random.nextInt(3) == 0 ? ITEMS + random.nextInt(50) : random.nextInt(ITEMS);
    if (random.nextInt(3) == 0) {
      index.remove(item, "item-" + item);
      attributes.remove(item);
      vectors.remove(item);
      return;
    }
    Map<String, String> values = Map.of("tenth", "t" + random.nextInt(10), "hundredth", "h41", "kinds", "k1|k2");
    float[] vector = made.near(random.nextInt(50), 0.5, random);
    index.put(item, new Item("item-" + item, "Put", "", values, null), vector);
    attributes.put(item, values);
    vectors.put(item, vector);
  }

  private void compare(ItemIndex index, SplittableRandom random) {
    for (Filter filter : FILTERS) {
      int[] excluded = random.ints(40, 0, ITEMS + 50).sorted().distinct().toArray();
      for (int[] some : List.of(new int[0], excluded)) {
        int[] expected = attributes.keySet()
            .stream()
            .mapToInt(Integer::intValue)
            .filter(item -> passes(filter, item) && IntStream.of(some).noneMatch(e -> e == item))
            .toArray();
        float[] query = made.near(random.nextInt(50), 0.5, random);
        TopItems top = new TopItems(30);
        IntStream.of(expected).forEach(item -> top.offer(item, product(query, vectors.getOrDefault(item, query))));
        index.searching(filter, some, allowed -> {
          assertThat(allowed.items()).containsExactly(expected);
          assertThat(allowed.size()).isEqualTo(expected.length);
          assertThat(IntStream.range(-2, ITEMS + 60).filter(allowed::contains).toArray()).containsExactly(expected);
          assertThat(allowed.nearest(query, 30).items()).containsExactly(top.drain().items());
          return true;
        });
        assertThat(IntStream.of(index.words("put", ITEMS, filter, some).items()))
            .allMatch(item -> passes(filter, item));
      }
    }
  }

  private boolean passes(Filter filter, int item) {
    Map<String, String> values = attributes.getOrDefault(item, Map.of());
    return filter.clauses()
        .stream()
        .allMatch(clause -> List.of(values.getOrDefault(clause.attribute(), "").split("\\|"))
            .stream()
            .anyMatch(clause.values()::contains));
  }

  private static float product(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return (float) sum;
  }
}
