package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Item;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderStore;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A swap to a version whose model puts items elsewhere: another dimension, other encoders of pictures. */
class OtherModelSwapTest {
  private static final int TEXT = 384; // what the shipped encoder of texts says
  private static final int IMAGE = 16; // widths of the tiny shop end with this
  private static final Item WORDS = new Item("words", "Blue mug", "A blue mug for tea", Map.of("category", "mug"),
      null);

  @TempDir
  static Path data;

  @TempDir
  Path folder;

  private static Path other = Path.of("");
  private Path root = Path.of("");

  @BeforeAll
  static void train() throws Exception {
    other = data.resolve("other");
    Ran.sfumato(TinyShop
        .with(
            TinyShop.with(List.of("train", TinyShop.write(data.resolve("shop")).toString(), "--out", other.toString()),
                TinyShop.QUICK),
            List.of("--set", "fusion.dimension=8", "--set", "image.widths=[8, 24]"))
        .toArray(String[]::new)).ok();
  }

  @BeforeEach
  void install() throws Exception {
    root = folder.resolve("store");
    VersionStore store = VersionStore.init(root);
    store.install(Served.copy(folder), "first");
    store.install(other, "other");
  }

  private static float[] vector(int length, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static List<Recommendation> alike(Recommender recommender, String item) {
    return recommender.similar(item, 5);
  }

  @Test
  void itemsArePutAsTheOtherModelSeesThem() {
    float[] supplied = vector(TEXT, 3);
    Item given = new Item("given", "Something", "", Map.of(), null);
    List<Recommendation> before;
    List<Recommendation> after;
    try (RecommenderStore store = RecommenderStore.open(root)) {
      store.use(recommender -> {
        recommender.catalog().put(WORDS);
        recommender.catalog().put(given, Map.of("text", supplied));
        recommender.feedback("ann", "words");
        return root;
      });
      before = store.use(recommender -> alike(recommender, "words"));
      assertThat(store.swapTo("other").carried()).isEqualTo(3);
      after = store.use(recommender -> alike(recommender, "words"));
      assertThat(after).hasSize(5).isNotEqualTo(before);
      assertThat(store.<List<String>>use(recommender -> recommender.history("ann"))).containsExactly("words");
      List<Recommendation> ofGiven = store.use(recommender -> alike(recommender, "given"));
      Path fresh = folder.resolve("fresh");
      VersionStore.init(fresh).install(other, null);
      try (RecommenderStore alone = RecommenderStore.open(fresh)) { // as if they had been put there
        alone.use(recommender -> {
          recommender.catalog().put(WORDS);
          recommender.catalog().put(given, Map.of("text", supplied));
          assertThat(alike(recommender, "words")).isEqualTo(after);
          assertThat(alike(recommender, "given")).isEqualTo(ofGiven);
          return root;
        });
      }
      assertThat(store.back().carried()).as("what it has, it is not told again").isZero();
      assertThat(store.<List<Recommendation>>use(recommender -> alike(recommender, "words"))).isEqualTo(before);
    }
  }

  @Test
  void whatTheOtherModelCannotEncodeKeepsTheVersionServing() {
    try (RecommenderStore store = RecommenderStore.open(root)) {
      store.use(recommender -> {
        recommender.catalog().put(WORDS, Map.of("image", vector(IMAGE, 4)));
        recommender.feedback("ann", "words");
        return root;
      });
      assertThatThrownBy(() -> store.swap("other"))
          .isInstanceOfSatisfying(RecommendException.class, e -> assertThat(e.code()).isEqualTo("CANNOT_CARRY"))
          .hasMessageContaining("'words'")
          .hasMessageContaining("remove it");
      assertThat(store.current()).isEqualTo("first");
      assertThat(store.<List<Recommendation>>use(recommender -> alike(recommender, "words"))).hasSize(5);
      store.use(recommender -> recommender.catalog().remove("words"));
      store.swap("other");
      assertThat(store.current()).isEqualTo("other");
      assertThat(store.<Boolean>use(recommender -> recommender.catalog().item("words") == null)).isTrue();
    }
  }
}
