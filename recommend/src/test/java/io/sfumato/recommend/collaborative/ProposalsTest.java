package io.sfumato.recommend.collaborative;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What models propose and score of some items, against what they say of all. */
class ProposalsTest {
  private static final int ITEMS = 400;
  private static final int USERS = 300;
  private static final int TAKEN = 30;
  private static final Interactions DATA = data();

  static List<ItemModel> models() {
    float[][] rows = new float[ITEMS][3];
    SplittableRandom random = new SplittableRandom(6);
    for (float[] row : rows) {
      for (int k = 0; k < row.length; k++) {
        row[k] = (float) random.nextGaussian();
      }
    }
    return List.of(Popularity.fit(DATA), ItemKnn.fit(DATA, ItemKnn.Options.DEFAULT),
        Transitions.fit(DATA, Transitions.Options.DEFAULT), Ease.fit(DATA, Ease.Options.DEFAULT),
        Ease.fit(DATA, Ease.Options.DEFAULT.withLimits(ITEMS, 90)), Spectral.fit(DATA, Spectral.Options.DEFAULT),
        ContentRidge.fit(DATA, new ContentFeatures(List.of("text"), List.of(3), rows),
            ContentRidge.Options.linear(10)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void shortHistoriesBringTheBestOfAll(ItemModel model) {
    int[] history = {3, 250, 17, 120};
    IntPredicate allowed = item -> item % 3 != 0;
    float[] all = new float[ITEMS];
    model.score(history, all);
    Map<Integer, Float> proposed = proposed(model, history, 25, allowed);
    int[] best = IntStream.range(0, ITEMS)
        .filter(allowed)
        .filter(item -> model instanceof Popularity ? all[item] > 0 : all[item] != 0)
        .boxed()
        .sorted((a, b) -> Float.compare(all[b], all[a]))
        .limit(25)
        .mapToInt(Integer::intValue)
        .toArray();
    assertThat(best).isNotEmpty();
    float least = all[best[best.length - 1]];
    for (int item : best) {
      if (all[item] > least) { // among equals at the end any may stand
        assertThat(proposed).containsKey(item);
      }
    }
    proposed.forEach((item, score) -> assertThat(score).isEqualTo(all[item]));
    assertThat(proposed.size()).isGreaterThanOrEqualTo(best.length);
  }

  @ParameterizedTest
  @MethodSource("models")
  void longHistoriesProposeTheSameEachTime(ItemModel model) {
    int[] history = IntStream.range(0, 150).map(i -> i * 7 % ITEMS).distinct().toArray();
    Map<Integer, Float> first = proposed(model, history, 20, item -> true);
    assertThat(first).isNotEmpty();
    assertThat(proposed(model, history, 20, item -> true)).isEqualTo(first);
    assertThat(first.keySet()).allMatch(item -> item >= 0 && item < ITEMS);
  }

  @ParameterizedTest
  @MethodSource("models")
  void someItemsAreScoredAsAllAre(ItemModel model) {
    int[] history = {399, 3, 250, 17, 500, 120};
    float[] all = new float[ITEMS];
    model.score(history, all);
    for (int count : new int[]{0, 1, 20, ITEMS}) {
      int[] items = new SplittableRandom(9).ints(3L * count, 0, ITEMS).distinct().limit(count).toArray();
      float[] some = new float[items.length + 1];
      int[] withNew = Arrays.copyOf(items, items.length + 1);
      withNew[items.length] = ITEMS + 1;
      for (int again = 0; again < 2; again++) { // scratch space is left as it was found
        model.scoreItems(history, withNew, some);
        for (int i = 0; i < items.length; i++) {
          assertThat(some[i]).isEqualTo(all[items[i]]);
        }
        assertThat(some[items.length]).isNaN();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void severalItemsGetWhatEachGetsAlone(ItemModel model) {
    int[] history = IntStream.range(0, 60).map(i -> i * 7 % ITEMS).toArray();
    int[] items = {12, 399, 3, 250};
    float[][] together = model.contributions(history, items);
    for (int i = 0; i < items.length; i++) {
      assertThat(together[i]).containsExactly(model.contributions(history, items[i]));
    }
    int[] unknown = {5, ITEMS + 3};
    assertThat(model.contributions(history, unknown)[0]).containsExactly(model.contributions(history, 5));
  }

  @Test
  void equalCountsComeByIndex() {
    assertThat(LargestFirst.of(new float[]{1, 3, 0, 3, -2, 2}, 4)).containsExactly(1, 3, 5, 0);
    assertThat(LargestFirst.of(new float[]{1, 3, 0, 3, -2, 2}, 2)).containsExactly(1, 3);
  }

  private static Map<Integer, Float> proposed(ItemModel model, int[] history, int limit, IntPredicate allowed) {
    Map<Integer, Float> proposed = new HashMap<>();
    model.propose(history, limit, (item, score) -> {
      if (!allowed.test(item)) {
        return false;
      }
      assertThat(proposed.put(item, score)).isNull();
      return true;
    });
    return proposed;
  }

  private static Interactions data() {
    SplittableRandom random = new SplittableRandom(4);
    Interactions.Builder rows = Interactions.builder(Catalog.of(IntStream.range(0, ITEMS)
        .mapToObj(i -> new Item("i" + i, "", "", Map.of(), null))
        .toList()));
    for (int user = 0; user < USERS; user++) {
      for (int n = 0; n < TAKEN; n++) {
        int item = Math.min(random.nextInt(ITEMS), random.nextInt(ITEMS));
        rows.add("u" + user, item, 1, 1_600_000_000L + n);
      }
    }
    return rows.build();
  }
}
