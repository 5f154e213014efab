package io.sfumato.recommend.collaborative;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The table of sums against a map, and places against the list. */
class ScratchTest {
  @Property(tries = 40)
  void sumsAreThoseOfAMap(@ForAll @IntRange(max = 20_000) int amounts, @ForAll @IntRange(min = 1) int items,
      @ForAll long seed) {
    Scratch scratch = Scratch.borrow();
    for (int round = 0; round < 2; round++) { // the second begins where the first left the table, grown
      SplittableRandom random = new SplittableRandom(seed + round);
      Map<Integer, Float> expected = new LinkedHashMap<>();
      for (int n = 0; n < amounts; n++) {
        int item = random.nextInt(items);
        float amount = (float) random.nextGaussian();
        expected.merge(item, amount, Float::sum);
        scratch.add(item, amount);
      }
      expected.values().removeIf(sum -> sum == 0);
      List<Map.Entry<Integer, Float>> told = new ArrayList<>();
      scratch.drain((item, sum) -> told.add(Map.entry(item, sum)));
      assertThat(told).containsExactlyElementsOf(expected.entrySet());
      scratch.drain((item, sum) -> told.add(Map.entry(-1, sum)));
      assertThat(told).hasSize(expected.size());
    }
    scratch.handBack();
  }

  @Test
  void placesAreThoseOfTheListAndForgotten() {
    Scratch scratch = Scratch.borrow();
    int[] list = {700, 3, 64, 65, 1_000_000};
    Scratch.Places places = scratch.places(list, 1000);
    for (int item = 0; item < 1000; item++) {
      int at = item;
      int expected = Arrays.stream(list).boxed().toList().indexOf(at);
      assertThat(places.has(item)).isEqualTo(expected >= 0);
      if (expected >= 0) {
        assertThat(places.of(item)).isEqualTo(expected);
      }
    }
    places.clear();
    Scratch.Places wider = scratch.places(new int[]{2_000_000}, 2_000_001);
    assertThat(wider.has(700)).isFalse();
    assertThat(wider.has(2_000_000)).isTrue();
    assertThat(wider.of(2_000_000)).isZero();
    wider.clear();
    scratch.handBack();
  }
}
