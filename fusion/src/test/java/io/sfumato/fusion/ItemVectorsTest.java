package io.sfumato.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ItemVectorsTest {
  /** Two items of two modalities in the plane; the second item has no image. */
  private static ItemVectors plane() {
    return new ItemVectors(List.of("text", "image"), 2, new float[]{0.6f, 0, 0, 0.8f, 0, 1, 0, 0},
        new float[]{0.4f, 0.6f, 1, 0}, new boolean[]{true, true, true, false});
  }

  @Test
  void partsSumToTheFusedVector() {
    ItemVectors vectors = plane();
    assertThat(vectors.fused(0)).containsExactly(0.6f, 0.8f);
    assertThat(vectors.part(0, 0)).containsExactly(0.6f, 0);
    assertThat(vectors.part(1, 0)).containsExactly(0, 0.8f);
    assertThat(vectors.fused(1)).containsExactly(0, 1);
  }

  @Test
  void scoresSplitByModality() {
    ItemVectors vectors = plane();
    float[] user = {0.8f, 0.6f};
    float[] scores = new float[2];
    vectors.score(user, scores);
    assertThat(scores[0]).isCloseTo(0.96f, within(1e-6f)).isEqualTo(vectors.dot(user, 0));
    assertThat(vectors.dot(user, 0, 0) + vectors.dot(user, 1, 0)).isCloseTo(scores[0], within(1e-6f));
  }

  @Test
  void productsOfSomeItemsAreThoseOfEach() {
    int size = 100;
    SplittableRandom random = new SplittableRandom(5);
    float[] parts = new float[size * 2 * 37];
    boolean[] present = new boolean[size * 2];
    for (int row = 0; row < present.length; row++) {
      present[row] = random.nextInt(3) > 0;
      for (int k = 0; k < 37 && present[row]; k++) {
        parts[row * 37 + k] = (float) random.nextGaussian();
      }
    }
    ItemVectors vectors = new ItemVectors(List.of("text", "image"), 37, parts, new float[2 * size], present);
    float[] query = new float[37];
    for (int k = 0; k < query.length; k++) {
      query[k] = (float) random.nextGaussian();
    }
    int[] items = random.ints(500, 0, size).toArray();
    float[] fused = new float[items.length];
    float[] image = new float[items.length];
    vectors.dots(query, items, fused);
    vectors.dots(query, 1, items, image);
    float[] eachFused = new float[items.length];
    float[] eachImage = new float[items.length];
    for (int i = 0; i < items.length; i++) {
      int item = items[i];
      eachFused[i] = vectors.present(item) ? vectors.dot(query, item) : Float.NaN;
      eachImage[i] = vectors.present(1, item) ? vectors.dot(query, 1, item) : Float.NaN;
    }
    assertThat(fused).containsExactly(eachFused).contains(Float.NaN);
    assertThat(image).containsExactly(eachImage).contains(Float.NaN);
  }

  @Test
  void meanWeightIsOverItemsWithEveryModality() {
    assertThat(plane().meanWeight(1)).isCloseTo(0.6, within(1e-6));
    assertThat(plane().present(1, 1)).isFalse();
    assertThat(plane().present(1)).isTrue();
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> new ItemVectors(List.of("text"), 2, new float[3], new float[2], new boolean[2]))
        .isInstanceOf(FusionException.class)
        .hasMessageContaining("3 parts");
  }
}
