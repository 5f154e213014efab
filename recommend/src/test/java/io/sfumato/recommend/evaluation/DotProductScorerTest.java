package io.sfumato.recommend.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DotProductScorerTest {
  @Property(tries = 60, seed = "1")
  void anyBlockHasTheProductsOfItsUsersAndItems(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int dim = random.nextInt(1, 40);
    float[][] users = Made.normal(random, random.nextInt(1, 30), dim);
    float[][] items = Made.normal(random, random.nextInt(1, 150), dim);
    DotProductScorer scorer = new DotProductScorer("dot", users, items);
    int first = random.nextInt(items.length);
    int end = random.nextInt(first, items.length) + 1;
    int[] block = random.ints(17, 0, users.length).toArray();
    int from = random.nextInt(block.length);
    int to = random.nextInt(from, block.length) + 1;
    float[] scores = new float[(to - from) * (end - first)];
    scorer.score(block, from, to, first, end, scores);
    float[] row = new float[items.length];
    for (int u = from; u < to; u++) {
      scorer.score(block[u], row);
      for (int i = first; i < end; i++) {
        float score = scores[(u - from) * (end - first) + i - first];
        assertThat((double) score).isCloseTo(product(users[block[u]], items[i]), within(1e-3));
        assertThat(score).as("the same in every block").isEqualTo(row[i]);
      }
    }
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }

  @Test
  void vectorsAreCopied() {
    float[][] users = {{1, 0}};
    float[][] items = {{1, 2}, {3, 4}};
    DotProductScorer scorer = new DotProductScorer("dot", users, items);
    Arrays.fill(users[0], 9);
    Arrays.fill(items[1], 9);
    float[] scores = new float[2];
    scorer.score(0, scores);
    assertThat(scores).containsExactly(1, 3);
  }

  @Test
  void vectorsOfOtherLengthsAndUnknownUsersAreRefused() {
    assertThatThrownBy(() -> new DotProductScorer("dot", new float[1][3], new float[2][4]))
        .hasMessageContaining("the vector of user 0 has 3 numbers but that of item 0 has 4");
    DotProductScorer scorer = new DotProductScorer("dot", new float[1][3], new float[2][3]);
    assertThatThrownBy(() -> scorer.score(1, new float[2])).hasMessageContaining("1 users but was asked for user 1");
    assertThatThrownBy(() -> scorer.score(0, new float[3])).hasMessageContaining("2 items but was asked for 0 to 3");
    assertThatThrownBy(() -> new DotProductScorer("dot", new float[1][3], new float[0][]))
        .hasMessageContaining("at least one item");
  }
}
