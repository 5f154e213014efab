package io.sfumato.recommend.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.DataReport;
import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.Split;
import io.sfumato.datasets.read.VectorTable;
import io.sfumato.datasets.split.Splitter;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.FusionException;
import io.sfumato.recommend.Recommendation;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.Request;
import io.sfumato.recommend.config.ConfigReader;
import io.sfumato.recommend.config.SfumatoConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and serving on vectors that people bring. */
class SuppliedVectorsTest {
  private static final int ITEMS = 120;
  private static final int KINDS = 4;
  private static final int DIMENSION = 6;

  @TempDir
  Path directory;

  @Test
  void safetensorsAreReadAsTheyWereWritten() {
    Path file = directory.resolve("v.safetensors");
    SuppliedVectors.write(file, List.of("a", "b"), new float[]{1, 2, 3, 4, 5, 6}, 3);
    VectorTable table = SuppliedVectors.read(file);
    assertThat(table.dimension()).isEqualTo(3);
    assertThat(table.rows().get("b")).containsExactly(4, 5, 6);
  }

  @Test
  void filesThatDoNotFitAreRefusedInOneLine() throws IOException {
    assertThatThrownBy(() -> SuppliedVectors.read(directory.resolve("none.parquet"))).hasMessageContaining("no file");
    Path text = Files.writeString(directory.resolve("v.csv"), "a");
    assertThatThrownBy(() -> SuppliedVectors.read(text)).hasMessageContaining(".parquet");
    Path bad = directory.resolve("v.safetensors");
    SuppliedVectors.write(bad, List.of("a", "b"), new float[]{1, Float.NaN}, 1);
    assertThatThrownBy(() -> SuppliedVectors.read(bad)).hasMessageContaining("'b'").hasMessageContaining("NaN");
    SuppliedVectors.write(bad, List.of("a", "a"), new float[]{1, 2}, 1);
    assertThatThrownBy(() -> SuppliedVectors.read(bad)).hasMessageContaining("two vectors of item 'a'");
  }

  /** People take things of one kind; the vectors alone tell the kind, and the last item of all has none. */
  @Test
  void aRecommenderLearnsFromThemAndNewItemsBringTheirOwn() {
    Path file = directory.resolve("text.safetensors");
    SplittableRandom random = new SplittableRandom(4);
    List<String> ids = new ArrayList<>();
    List<Item> items = new ArrayList<>();
    float[] vectors = new float[(ITEMS - 1) * DIMENSION];
    for (int i = 0; i < ITEMS; i++) {
      items.add(new Item("item-" + i, "Thing " + i, "", Map.of(), null));
      if (i < ITEMS - 1) {
        System.arraycopy(vector(i % KINDS, random), 0, vectors, ids.size() * DIMENSION, DIMENSION);
        ids.add("item-" + i);
      }
    }
    SuppliedVectors.write(file, ids, vectors, DIMENSION);
    Catalog catalog = Catalog.of(items);
    Interactions.Builder rows = Interactions.builder(catalog);
    for (int user = 0; user < 80; user++) {
      for (int n = 0; n < 8; n++) {
        rows.add("u-" + user, user % KINDS + KINDS * random.nextInt(ITEMS / KINDS), 1, 1_600_000_000L + n);
      }
    }
    SfumatoConfig config = ConfigReader.reference()
        .set("text.vectors", file.toString())
        .set("image.encoder", "none")
        .set("training.epochs", "8")
        .set("ranking.epochs", "5")
        .set("fusion.dimension", "8")
        .set("cache", directory.resolve("cache").toString())
        .read();
    Split split = Splitter.parse("random", 1)
        .split(new Dataset("kinds", catalog, rows.build(), DataReport.empty()));
    Path bundle = directory.resolve("bundle");
    try (TrainedRecommender trained = new RecommenderTrainer(config).train(split, List.of(), null,
        Progress.silent())) {
      assertThat(trained.multimodal().modalities()).containsExactly("text");
      assertThat(trained.model().vectors().present(ITEMS - 2)).isTrue();
      assertThat(trained.model().vectors().present(ITEMS - 1)).isFalse();
      trained.write(bundle, split, "", config, false);
    }
    List<Recommendation> before;
    try (Recommender recommender = Recommender.open(bundle)) {
      recommender.catalog().put(new Item("new-own", "Fresh", "", Map.of(), null), Map.of("text", vector(0, random)));
      recommender.catalog().put(new Item("new-other", "Fresh", "", Map.of(), null), Map.of("text", vector(1, random)));
      recommender.catalog().put(new Item("new-bare", "A bare walrus", "", Map.of(), null));
      before = recommender.recommend(Request.forUser("u-0").k(ITEMS + 3).excludeSeen());
      assertThat(place(before, "new-own")).isLessThan(place(before, "new-other"));
      assertThat(recommender.search("walrus").getFirst().item()).isEqualTo("new-bare");
      assertThatThrownBy(() -> recommender.catalog()
          .put(new Item("short", "Short", "", Map.of(), null), Map.of("text", new float[2])))
          .isInstanceOf(FusionException.class)
          .hasMessageContaining("2 values");
    }
    try (Recommender again = Recommender.open(bundle)) {
      assertThat(again.recommend(Request.forUser("u-0").k(ITEMS + 3).excludeSeen())).isEqualTo(before);
    }
  }

  private static int place(List<Recommendation> answer, String item) {
    return answer.stream().map(Recommendation::item).toList().indexOf(item);
  }

  private static float[] vector(int kind, SplittableRandom random) {
    float[] vector = new float[DIMENSION];
    for (int k = 0; k < DIMENSION; k++) {
      vector[k] = (float) ((k == kind ? 2 : 0) + 0.3 * random.nextGaussian());
    }
    return vector;
  }
}
