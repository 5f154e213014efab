package io.sfumato.recommend.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.ItemVectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An index as a large catalogue has it: built by several threads, walked, behind filters of every width. */
class LargeIndexTest {
  private static final int ITEMS = 12_000;
  private static final int DIMENSION = 32;
  private static final int CLUSTERS = 40;
  private static final int QUERIES = 30;
  private static final int LIMIT = 50;
  private static final IndexOptions OPTIONS = new IndexOptions(100, 150, 12, 60, VectorStorage.FLOAT32);

  @TempDir
  static Path directory;

  private static Catalog catalog;
  private static ItemVectors vectors;
  private static ItemIndex index;
  private static float[][] centres;

  @BeforeAll
  static void build() {
    SplittableRandom random = new SplittableRandom(5);
    centres = new float[CLUSTERS][];
    for (int c = 0; c < CLUSTERS; c++) {
      centres[c] = MadeItems.unit(MadeItems.gaussian(random, DIMENSION));
    }
    List<Item> items = new ArrayList<>();
    float[] table = new float[ITEMS * DIMENSION];
    float[] weights = new float[ITEMS];
    boolean[] present = new boolean[ITEMS];
    for (int item = 0; item < ITEMS; item++) {
      int cluster = random.nextInt(CLUSTERS);
      System.arraycopy(near(cluster, random), 0, table, item * DIMENSION, DIMENSION);
      weights[item] = 1;
      present[item] = true;
      String marks = marks("any", random.nextInt(1000)) + marks("like", cluster * 1000 / CLUSTERS);
      items.add(new Item("i" + item, "", "", Map.of("mark", marks + "all"), null));
    }
    catalog = Catalog.of(items);
    vectors = new ItemVectors(List.of("text"), DIMENSION, table, weights, present);
    new IndexBuilder(catalog, vectors, OPTIONS).write(directory.resolve("index"), 2, 0, Progress.silent());
    index = ItemIndex.open(directory.resolve("index"), OPTIONS);
  }

  @AfterAll
  static void close() {
    index.close();
  }

  private static String marks(String kind, int thousandth) {
    StringBuilder marks = new StringBuilder();
    for (int share : new int[]{500, 100, 25}) {
      if (thousandth < share) {
        marks.append(kind).append(share).append('|');
      }
    }
    return marks.toString();
  }

  private static float[] near(int cluster, SplittableRandom random) {
    float[] v = MadeItems.gaussian(random, DIMENSION);
    for (int d = 0; d < DIMENSION; d++) {
      v[d] = (float) (centres[cluster][d] + 0.7 * v[d] / Math.sqrt(DIMENSION));
    }
    return MadeItems.unit(v);
  }

  /** With {@code like}, the queries that lie far from what passes are those that a walk loses itself on. */
  @ParameterizedTest
  @CsvSource({"all, 0.97", "any500, 0.97", "any100, 0.97", "any25, 0.97", "like500, 0.95", "like100, 0.95",
    "like25, 0.95"})
  void findsTheNearestBehindFilters(String mark, double floor) {
    assertThat(recall(index, Filter.ALL.and("mark", mark))).isGreaterThanOrEqualTo(floor);
  }

  /** Never all compared, so that the walks are seen which start among the allowed items and step on them alone. */
  @ParameterizedTest
  @CsvSource({"any500", "any100", "like500", "like100", "like25"})
  void walksThroughWhatIsAllowed(String mark) {
    try (ItemIndex walking = ItemIndex.open(directory.resolve("index"), OPTIONS.withExactBelow(0))) {
      assertThat(recall(walking, Filter.ALL.and("mark", mark))).isGreaterThanOrEqualTo(0.93);
    }
  }

  @Test
  void findsTheNearestOfAll() {
    assertThat(recall(index, Filter.ALL)).isGreaterThanOrEqualTo(0.97);
  }

  private static double recall(ItemIndex searched, Filter filter) {
    SplittableRandom random = new SplittableRandom(9);
    int[] passing = searched.allowed(filter, new int[0]);
    double recall = 0;
    for (int q = 0; q < QUERIES; q++) {
      float[] query = near(random.nextInt(CLUSTERS), random);
      int[] excluded = IntStream.of(passing).filter(item -> random.nextInt(20) == 0).toArray();
      TopItems top = new TopItems(LIMIT);
      IntStream.of(searched.allowed(filter, excluded)).forEach(item -> top.offer(item, vectors.dot(query, item)));
      Hits hits = searched.nearest(query, LIMIT, filter, excluded);
      assertThat(IntStream.of(hits.items())).doesNotHaveDuplicates();
      for (int rank = 0; rank < hits.size(); rank++) {
        assertThat(hits.scores()[rank]).isCloseTo(vectors.dot(query, hits.items()[rank]), offset(1e-5f));
      }
      recall += MadeItems.recall(hits.items(), top.drain().items());
    }
    return recall / QUERIES;
  }

  @ParameterizedTest
  @EnumSource(VectorStorage.class)
  void findsTheNearestInEveryFormAndScoresThemInFull(VectorStorage storage, @TempDir Path other) {
    IndexOptions options = OPTIONS.withStorage(storage).withBreadth(storage == VectorStorage.BBQ ? 600 : 150);
    new IndexBuilder(catalog, vectors, options).write(other, 2, 0, Progress.silent());
    try (ItemIndex opened = ItemIndex.open(other, options)) {
      assertThat(recall(opened, Filter.ALL)).isGreaterThanOrEqualTo(0.95);
      IndexMemory memory = opened.memory();
      assertThat(memory.segments()).isEqualTo(1);
      assertThat(memory.vectors()).isGreaterThanOrEqualTo(4L * ITEMS * DIMENSION);
      assertThat(memory.graph()).isPositive();
      assertThat(memory.compressed() > 0).isEqualTo(storage != VectorStorage.FLOAT32);
    }
  }

  @Test
  void putsWhatIsAlikeTogetherAndTheSameEachTime() {
    int[] places = ItemOrder.places(vectors);
    assertThat(places).containsExactly(ItemOrder.places(vectors));
    assertThat(IntStream.of(places).sorted().toArray()).containsExactly(IntStream.range(0, ITEMS).toArray());
    int[] order = new int[ITEMS];
    for (int item = 0; item < ITEMS; item++) {
      order[places[item]] = item;
    }
    double alike = IntStream.range(1, ITEMS)
        .mapToDouble(place -> vectors.dot(vectors.fused(order[place]), order[place - 1]))
        .average()
        .orElse(0);
    double asTheyCome = IntStream.range(1, ITEMS)
        .mapToDouble(item -> vectors.dot(vectors.fused(item), item - 1))
        .average()
        .orElse(0);
    assertThat(alike).isGreaterThan(asTheyCome + 0.3);
  }

  @Test
  void oneThreadMakesTheSameGraphEachTime(@TempDir Path first, @TempDir Path second) {
    for (Path target : List.of(first, second)) {
      ItemIndex.build(target, catalog, vectors, OPTIONS, 1, Progress.silent());
    }
    SplittableRandom random = new SplittableRandom(2);
    IndexOptions narrow = OPTIONS.withBreadth(20).withExactBelow(0);
    try (ItemIndex one = ItemIndex.open(first, narrow); ItemIndex other = ItemIndex.open(second, narrow)) {
      for (int q = 0; q < QUERIES; q++) {
        float[] query = near(q, random);
        assertThat(one.nearest(query, 15, Filter.ALL, new int[0]))
            .isEqualTo(other.nearest(query, 15, Filter.ALL, new int[0]));
      }
    }
  }

  @Test
  void warmingUpChangesNothing() {
    SplittableRandom random = new SplittableRandom(3);
    float[] query = near(1, random);
    Hits before = index.nearest(query, 20, Filter.ALL, new int[0]);
    index.warmUp();
    assertThat(index.nearest(query, 20, Filter.ALL, new int[0])).isEqualTo(before);
  }

  @Test
  void manyUpdatesOfFewItemsStaySmall(@TempDir Path other) throws InterruptedException {
    MadeItems few = new MadeItems(500, DIMENSION, 3);
    ItemIndex.build(other, few.catalog, few.vectors, OPTIONS);
    try (ItemIndex opened = ItemIndex.open(other, OPTIONS)) {
      long most = 0;
      for (int n = 0; n < 1500; n++) {
        int item = n % 30;
        opened.put(item, few.catalog.item(item), few.vectors.fused((n * 7) % 500));
        if (n % 3 == 0) {
          opened.size(); // each look sees all puts, and makes a segment of those that are new
        }
        if (n == 300) {
          most = opened.memory().live();
        }
      }
      assertThat(opened.size()).isEqualTo(500);
      // Merges go on behind the updates, and on a busy machine far behind: another update shows how far they have come.
      while (opened.memory().liveSegments() >= 20 || opened.memory().live() >= 3 * most) {
        Thread.sleep(100);
        opened.put(0, few.catalog.item(0), few.vectors.fused(0));
        assertThat(opened.size()).isEqualTo(500);
      }
    }
  }

  @Test
  void saysWhichFormsThereAre() {
    assertThat(VectorStorage.parse("int8")).isEqualTo(VectorStorage.INT8);
    assertThatThrownBy(() -> VectorStorage.parse("int2"))
        .hasMessage("the format of vectors must be one of float32, int8, int4, bbq but was 'int2'");
  }
}
