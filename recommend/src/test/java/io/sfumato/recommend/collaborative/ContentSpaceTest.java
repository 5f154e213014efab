package io.sfumato.recommend.collaborative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

class ContentSpaceTest {
  private static Catalog catalog(int items) {
    return Catalog.of(IntStream.range(0, items)
        .mapToObj(i -> new Item("i" + i, "", "", Map.of("kind", i % 2 == 0 ? "even" : "odd", "rare", "r" + i), null))
        .toList());
  }

  private static Map<String, float[] @Nullable []> encoded(int items, int width, int rank) {
    SplittableRandom random = new SplittableRandom(3);
    float[][] directions = new float[rank][width];
    for (float[] direction : directions) {
      for (int k = 0; k < width; k++) {
        direction[k] = (float) random.nextGaussian();
      }
    }
    float[] @Nullable [] rows = new float[items][];
    for (int i = 0; i < items; i++) {
      if (i % 10 != 9) {
        float[] row = new float[width];
        for (float[] direction : directions) {
          float amount = (float) random.nextGaussian();
          for (int k = 0; k < width; k++) {
            row[k] += amount * direction[k];
          }
        }
        rows[i] = row;
      }
    }
    Map<String, float[] @Nullable []> encoded = new LinkedHashMap<>();
    encoded.put("text", rows);
    return encoded;
  }

  @Test
  void smallCataloguesKeepUnitVectorsAndFrequentAttributes() {
    Catalog catalog = catalog(20);
    Map<String, float[] @Nullable []> encoded = encoded(20, 5, 2);
    ContentFeatures features = ContentSpace.fit(encoded, catalog).features(encoded, catalog);
    assertThat(features.names()).containsExactly("text", ContentSpace.ATTRIBUTES);
    assertThat(features.widths()).containsExactly(5, 2); // kind=even, kind=odd; each rare value is one item's
    double square = 0;
    for (int k = 0; k < 5; k++) {
      square += features.rows()[0][k] * features.rows()[0][k];
    }
    assertThat(square).isCloseTo(1, offset(1e-5));
    assertThat(features.rows()[0][5] + features.rows()[0][6]).isEqualTo(0.3f);
    assertThat(features.rows()[9]).startsWith(0, 0, 0, 0, 0); // has no text
  }

  /** Of rank 8, 100 columns lose nothing but what the mean hides when they become 64: inner products of differences stay. */
  @Test
  void wideBlocksOfLargeCataloguesAreNarrowedWithoutLosingWhatTheyTell() {
    int items = ContentSpace.ALL_COLUMNS_BELOW + 1;
    Catalog catalog = catalog(items);
    Map<String, float[] @Nullable []> encoded = encoded(items, 100, 8);
    ContentSpace space = ContentSpace.fit(encoded, catalog);
    ContentFeatures features = space.features(encoded, catalog);
    assertThat(features.widths()).containsExactly(ContentSpace.WIDTH, 2);
    double whole = cosine(encoded, 1, 2);
    double narrow = 0;
    for (int k = 0; k < ContentSpace.WIDTH; k++) {
      narrow += features.rows()[1][k] * features.rows()[2][k];
    }
    assertThat(narrow).isCloseTo(whole, offset(1e-3));
  }

  private static double cosine(Map<String, float[] @Nullable []> encoded, int a, int b) {
    float[] @Nullable [] rows = Objects.requireNonNull(encoded.get("text"));
    float[] x = Objects.requireNonNull(rows[a]);
    float[] y = Objects.requireNonNull(rows[b]);
    double product = 0;
    double first = 0;
    double second = 0;
    for (int k = 0; k < x.length; k++) {
      product += (double) x[k] * y[k];
      first += (double) x[k] * x[k];
      second += (double) y[k] * y[k];
    }
    return product / Math.sqrt(first * second);
  }

  @Test
  void whatIsReadAgainMakesTheSameRows(@TempDir Path directory) {
    int items = ContentSpace.ALL_COLUMNS_BELOW + 1;
    Catalog catalog = catalog(items);
    Map<String, float[] @Nullable []> encoded = encoded(items, 70, 4);
    ContentSpace space = ContentSpace.fit(encoded, catalog);
    space.save(directory.resolve("space.safetensors"));
    ContentSpace again = ContentSpace.load(directory.resolve("space.safetensors"));
    Item fresh = new Item("new", "", "", Map.of("kind", "odd"), null);
    Map<String, float[]> own = Map.of("text", Objects.requireNonNull(Objects.requireNonNull(encoded.get("text"))[3]));
    assertThat(again.row(fresh, own)).isEqualTo(space.row(fresh, own)).contains(0.3f);
    assertThatThrownBy(() -> again.row(fresh, Map.of("text", new float[3]))).hasMessageContaining("3 values");
  }
}
