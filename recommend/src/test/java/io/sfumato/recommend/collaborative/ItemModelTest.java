package io.sfumato.recommend.collaborative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.encoders.EncoderException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemModelTest {
  private static final int[] NOTHING = {};

  private static Catalog catalog(int items) {
    return Catalog.of(IntStream.range(0, items)
        .mapToObj(i -> new Item("i" + i, "", "", Map.of("kind", "k" + i % 3),
            null))
        .toList());
  }

  /** Three users over four items: {0,1}, {0,1,2}, {2}; nobody took 3. */
  private static Interactions tiny() {
    return Interactions.builder(catalog(4))
        .add("a", 0, 1, 1)
        .add("a", 1, 1, 2)
        .add("b", 0, 1, 1)
        .add("b", 1, 1, 2)
        .add("b", 2, 1, 3)
        .add("c", 2, 1, 1)
        .build();
  }

  /** Two kinds of users, who take items of one half of the catalogue. */
  private static Interactions halves(int users, int items, long seed) {
    Random random = new Random(seed);
    Interactions.Builder rows = Interactions.builder(catalog(items));
    for (int user = 0; user < users; user++) {
      int from = user % 2 * items / 2;
      random.ints(8, from, from + items / 2)
          .distinct()
          .forEach(item -> rows.add("u" + rows.size() % users, item, 1,
              1));
    }
    return rows.build();
  }

  private static float[] score(ItemModel model, int... history) {
    float[] out = new float[model.itemCount()];
    model.score(history, out);
    return out;
  }

  @Test
  void popularityCountsUsers() {
    assertThat(score(Popularity.fit(tiny()))).containsExactly(2, 2, 2, 0);
    assertThat(Popularity.fit(tiny()).knows(3)).isFalse();
  }

  @Test
  void cosineByHand() {
    ItemKnn model = ItemKnn.fit(tiny(), new ItemKnn.Options(10, 1, 0));
    // c_01 = 2, c_00 = c_11 = c_22 = 2, c_02 = c_12 = 1: 2/(2+1) and 1/(2+1)
    assertThat(score(model, 0)).containsExactly(new float[]{0, 2f / 3, 1f / 3, 0}, offset(1e-6f));
    assertThat(score(model, 0, 2)).containsExactly(new float[]{1f / 3, 1, 1f / 3, 0}, offset(1e-6f));
    assertThat(model.contributions(new int[]{2, 0}, 1)).containsExactly(new float[]{1f / 3, 2f / 3}, offset(1e-6f));
    assertThat(score(model, NOTHING)).containsOnly(0);
    // one neighbour: item 0 keeps 1, item 1 keeps 0, item 2 keeps the lower index of two equal ones, 0
    assertThat(score(ItemKnn.fit(tiny(), new ItemKnn.Options(1, 1, 0)), 0)).containsExactly(new float[]{0, 2f / 3, 1f
        / 3,
      0}, offset(1e-6f));
    assertThat(score(ItemKnn.fit(tiny(), new ItemKnn.Options(1, 1, 0)), 1)[2]).isZero();
  }

  @Test
  void easeInClosedForm() {
    // Users {0,1}, {0}: G = [2 1; 1 1], with λ = 1: G + I = [3 1; 1 2], inverse [2 -1; -1 3] / 5.
    // B_01 = 1/5 ÷ 3/5 = 1/3 (what 0 adds to 1), B_10 = 1/5 ÷ 2/5 = 1/2.
    Interactions train = Interactions.builder(catalog(2))
        .add("a", 0, 1, 1)
        .add("a", 1, 1, 2)
        .add("b", 0, 1, 1)
        .build();
    Ease ease = Ease.fit(train, Ease.Options.DEFAULT.withL2(1));
    assertThat(score(ease, 0)).containsExactly(new float[]{0, 1f / 3}, offset(1e-5f));
    assertThat(score(ease, 1)).containsExactly(new float[]{0.5f, 0}, offset(1e-5f));
    assertThat(ease.contributions(new int[]{0}, 1)).containsExactly(new float[]{1f / 3}, offset(1e-5f));
  }

  @Test
  void easeOverItsLimitKnowsTheMostTakenItemsAlone() {
    Interactions train = halves(40, 20, 3);
    Ease full = Ease.fit(train, Ease.Options.DEFAULT.withL2(5));
    Ease limited = Ease.fit(train, Ease.Options.DEFAULT.withL2(5).withLimits(12, 4096));
    assertThat(IntStream.range(0, 20).filter(limited::knows).count()).isEqualTo(12);
    assertThat(IntStream.range(0, 20).filter(full::knows).count()).isEqualTo(20);
    float[] known = new float[20];
    limited.scoreKnown(new int[]{1, 2}, known);
    assertThat(IntStream.range(0, 20).filter(i -> Float.isNaN(known[i])).count()).isEqualTo(8);
    assertThat(Ease.fit(train, Ease.Options.DEFAULT.withL2(5).withLimits(100, 3)).weightCount()).isEqualTo(60);
  }

  @Test
  void contentReachesItemsThatNobodyTook() {
    // items 0 to 5 of two kinds of content; 2 and 5 are in no history
    float[][] rows = {{1, 0}, {1, 0}, {1, 0}, {0, 1}, {0, 1}, {0, 1}};
    ContentFeatures content = ContentFeatures.none(6).with("text", rows, 1);
    Interactions train = Interactions.builder(catalog(6))
        .add("a", 0, 1, 1)
        .add("a", 1, 1, 2)
        .add("b", 3, 1, 1)
        .add("b", 4, 1, 2)
        .build();
    for (ItemModel model : List.of(ContentRidge.fit(train, content, ContentRidge.Options.linear(0.1)),
        ContentRidge.fit(train, content, new ContentRidge.Options(0.1, 2, 1)),
        Ease.fit(train, Ease.Options.DEFAULT.withL2(1)
            .withContentWeight(1), content))) {
      assertThat(score(model, 0)[2]).as(model.name()).isGreaterThan(score(model, 0)[5] + 0.1f);
      assertThat(model.contributions(new int[]{0}, 2)[0]).as(model.name())
          .isCloseTo(score(model, 0)[2], offset(1e-5f));
    }
  }

  @Test
  void contentScoresSplitByBlock() {
    Interactions train = halves(30, 12, 4);
    Random random = new Random(9);
    ContentFeatures content = ContentFeatures.none(12)
        .with("text", vectors(random, 12, 5), 1)
        .with("image", vectors(random, 12, 3), 0.5)
        .withAttributes(train.itemCount() == 12 ? catalog(12) : catalog(0), 0.3);
    assertThat(content.names()).containsExactly("text", "image");
    ContentRidge model = ContentRidge.fit(train, content, ContentRidge.Options.linear(1));
    float[] whole = score(model, 1, 2, 7);
    for (int item = 0; item < 12; item++) {
      float[] blocks = model.blockScores(model.taste(new int[]{1, 2, 7}), item);
      assertThat(blocks[0] + blocks[1]).isCloseTo(whole[item], offset(1e-5f));
    }
    ContentRidge joined = ContentRidge.fit(train, content, new ContentRidge.Options(1, 4, 1));
    assertThat(joined.splits()).isFalse();
    assertThatThrownBy(() -> joined.blockScores(joined.taste(new int[]{1}), 0)).isInstanceOf(
        IllegalStateException.class);
  }

  private static float[][] vectors(Random random, int count, int width) {
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      for (int k = 0; k < width; k++) {
        row[k] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"popular", "itemknn", "ease", "ease-sparse", "ease-context", "transitions", "spectral",
    "content-ridge",
    "content-kernel"})
  void isTheSameAfterSavingAndLoading(String kind, @TempDir Path folder) {
    Interactions train = halves(40, 20, 1);
    ContentFeatures content = ContentFeatures.none(20).with("text", vectors(new Random(2), 20, 4), 1);
    ItemModel model = switch (kind) {
      case "popular" -> Popularity.fit(train);
      case "itemknn" -> ItemKnn.fit(train, ItemKnn.Options.DEFAULT);
      case "ease" -> Ease.fit(train, Ease.Options.DEFAULT);
      case "ease-sparse" ->
        Ease.fit(train, Ease.Options.DEFAULT.withL2(10).withUserNormalisation(0.25).withLimits(15, 7));
      case "ease-context" -> Ease.fit(train, Ease.Options.DEFAULT.withProximity(3, 5)
          .withContentWeight(2)
          .withRecency(new Recency(4, 0.1)), content);
      case "transitions" -> Transitions.fit(train, new Transitions.Options(3, 1, new Recency(2, 0), 5));
      case "spectral" -> Spectral.fit(train, new Spectral.Options(4, 0.5, 0.3, 1));
      case "content-kernel" -> ContentRidge.fit(train, content, new ContentRidge.Options(1, 4, 1));
      default -> ContentRidge.fit(train, content, ContentRidge.Options.linear(1));
    };
    model.save(folder.resolve("model.safetensors"));
    ItemModel loaded = ItemModels.load(folder.resolve("model.safetensors"));
    assertThat(loaded.name()).isEqualTo(model.name());
    assertThat(score(loaded, 3, 1, 4)).containsExactly(score(model, 3, 1, 4));
    assertThat(loaded.contributions(new int[]{3, 1, 4}, 5)).containsExactly(model.contributions(new int[]{3, 1, 4}, 5));
    assertContributionsAddUp(loaded);
    assertThat(IntStream.range(0, 20).filter(loaded::knows).toArray()).containsExactly(IntStream.range(0, 20)
        .filter(model::knows)
        .toArray());
  }

  /** What the items of a history add is the whole score, but for models that do not look at it. */
  private static void assertContributionsAddUp(ItemModel model) {
    int[] history = {3, 1, 4};
    float[] scores = score(model, history);
    for (int item = 0; item < scores.length && !(model instanceof Popularity); item++) {
      float sum = 0;
      for (float contribution : model.contributions(history, item)) {
        sum += contribution;
      }
      assertThat(sum).as("%s, item %d", model.name(), item).isCloseTo(scores[item], offset(2e-4f));
    }
  }

  @Test
  void proximityByHand() {
    // One user took 0, 1 and 2 in a row; β = 2, s = 1: G = 1 1ᵀ + 2 K with K_01 = K_12 = e^-1, K_02 = e^-2, K_ii = 1.
    Interactions train = Interactions.builder(catalog(3))
        .add("a", 0, 1, 1)
        .add("a", 1, 1, 2)
        .add("a", 2, 1, 3)
        .build();
    double near = 1 + 2 * Math.exp(-1);
    double far = 1 + 2 * Math.exp(-2);
    // G + λI with λ = 1 has 4 on its diagonal; B_01 = -P_01/P_11 for the inverse P of [4 n f; n 4 n; f n 4].
    double determinantless01 = -(near * 4 - near * far); // cofactor of (0, 1), up to the determinant
    double determinantless11 = 16 - far * far;
    Ease ease = Ease.fit(train, Ease.Options.DEFAULT.withL2(1).withProximity(2, 1));
    assertThat(ease.name()).isEqualTo("ease-context");
    assertThat(score(ease, 0)[1]).isCloseTo((float) (-determinantless01 / determinantless11), offset(1e-4f));
    assertThat(score(ease, 0)[1]).isGreaterThan(score(ease, 0)[2]);
  }

  @Test
  void transitionsByHand() {
    // a took 0, 1, 2; b took 0, 2. Scale 1: one later counts 1, two later e^-1. Shrink 1; two users took 0 and 2, one 1.
    Interactions train = Interactions.builder(catalog(3))
        .add("a", 0, 1, 1)
        .add("a", 1, 1, 2)
        .add("a", 2, 1, 3)
        .add("b", 0, 1, 1)
        .add("b", 2, 1, 2)
        .build();
    Transitions model = Transitions.fit(train, new Transitions.Options(1, 1, new Recency(1, 0), 10));
    float to1 = (float) (1 / (Math.sqrt(2) + 1));
    float to2 = (float) ((1 + Math.exp(-1)) / 3);
    assertThat(score(model, 0)).containsExactly(new float[]{0, to1, to2}, offset(1e-6f));
    // of the history 0, 1 the newer counts 1, the older e^-1
    assertThat(score(model, 0, 1)[2]).isCloseTo((float) (to2 * Math.exp(-1) + 1 / (Math.sqrt(2) + 1)), offset(1e-6f));
    assertThat(score(model, 2)).containsOnly(0);
    assertThat(model.knows(2)).isTrue();
    assertThat(model.contributions(new int[]{0, 1}, 2)[1]).isCloseTo((float) (1 / (Math.sqrt(2) + 1)), offset(1e-6f));
  }

  @Test
  void spectralByHand() {
    // Two worlds: a and b took 0 and 1, c took 2 and 3. RᵀR has a block of (2/2)·(1/2) for 0 and 1 and of (1/2)·1 for 2 and 3, so with d = 1/2
    // its eigenvalues are 1 and 1, with V = (1, 1, 0, 0)/√2 and (0, 0, 1, 1)/√2, and V Vᵀ is 1/2 within a world and 0 between.
    Interactions train = Interactions.builder(catalog(5))
        .add("a", 0, 1, 1)
        .add("a", 1, 1, 2)
        .add("b", 0, 1, 1)
        .add("b", 1, 1, 2)
        .add("c", 2, 1, 1)
        .add("c", 3, 1, 2)
        .build();
    Spectral model = Spectral.fit(train, new Spectral.Options(2, 0.5, 0.5, 1));
    assertThat(score(model, 0)).containsExactly(new float[]{0.5f, 0.5f, 0, 0, 0}, offset(1e-5f));
    // twice as many took 0: p = 1 makes √2 of it, d = 1/2 made 1/√2 of the history
    assertThat(score(model.cut(2, 1), 0)[1]).isCloseTo((float) (0.5 * Math.sqrt(2)), offset(1e-5f));
    assertThat(score(model, 2, 3)).containsExactly(new float[]{0, 0, 1, 1, 0}, offset(1e-5f));
    assertThat(model.knows(4)).isFalse();
  }

  @Test
  void aKernelSeesWhatGoesTogether() {
    // Content has two marks. Somebody took items that have exactly one of them, others those with both or none: no linear taste tells the one from the other, a kernel does.
    float[][] rows = new float[40][];
    for (int item = 0; item < rows.length; item++) {
      float first = item % 2 == 0 ? 1 : -1;
      float second = item / 2 % 2 == 0 ? 1 : -1;
      rows[item] = new float[]{first, second, 0.001f * item};
    }
    ContentFeatures content = ContentFeatures.none(40).with("text", rows, 1);
    Interactions.Builder builder = Interactions.builder(catalog(40));
    for (int item = 0; item < 32; item++) {
      builder.add(rows[item][0] * rows[item][1] < 0 ? "one" : "same", item, 1, item);
    }
    int[] history = {1, 2, 5, 6, 9, 10};
    float[] linear = score(ContentRidge.fit(builder.build(), content, ContentRidge.Options.linear(0.1)), history);
    float[] kernel = score(ContentRidge.fit(builder.build(), content, new ContentRidge.Options(0.1, 4, 1)), history);
    // 33 and 34 have exactly one mark, 32 and 35 both or none; nobody took any of them
    assertThat(Math.min(kernel[33], kernel[34])).isGreaterThan(Math.max(kernel[32], kernel[35]) + 0.3f);
    assertThat(Math.min(linear[33], linear[34])).isLessThan(Math.max(linear[32], linear[35]) + 0.1f);
  }

  @Test
  void aRankerIsNoItemModel(@TempDir Path folder) {
    Path file = folder.resolve("none.safetensors");
    assertThatThrownBy(() -> ItemModels.load(file)).isInstanceOf(EncoderException.class)
        .hasMessageContaining(
            "none.safetensors");
  }
}
