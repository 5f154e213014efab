package io.sfumato.recommend.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TopItemsTest {
  @Property(tries = 300, seed = "1")
  void keepsWhatSortingKeeps(@ForAll @Size(max = 60) List<@FloatRange(min = -2, max = 2) Float> scores,
      @ForAll @IntRange(max = 20) int k) {
    TopItems top = new TopItems(k);
    IntStream.range(0, scores.size()).forEach(item -> top.offer(item, Math.round(scores.get(item))));
    int[] expected = IntStream.range(0, scores.size())
        .boxed()
        .sorted(Comparator.<Integer>comparingInt(item -> -Math.round(scores.get(item))).thenComparing(item -> item))
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
    assertThat(top.drain().items()).containsExactly(expected);
    assertThat(top.drain().size()).isZero();
  }

  @Test
  void neverKeepsWhatIsNotANumber() {
    TopItems top = new TopItems(2);
    top.offer(0, Float.NaN);
    top.offer(1, Float.NEGATIVE_INFINITY);
    assertThat(top.drain().items()).containsExactly(1);
  }
}
