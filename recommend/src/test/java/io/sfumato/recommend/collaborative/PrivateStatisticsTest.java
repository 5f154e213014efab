package io.sfumato.recommend.collaborative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.privacy.accounting.NoiseSource;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.privacy.training.NoiseGenerator;
import io.sfumato.recommend.collaborative.PrivateStatistics.Weighting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrivateStatisticsTest {
  private static final int ITEMS = 9;
  private static final double ROUNDING = 1e-5;

  @Property(tries = 300, seed = "1")
  void aUserMoreOrLessMovesAStatisticByAtMostItsSensitivity(@ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int limit) {
    Random random = new Random(seed);
    Map<String, Set<Integer>> people = people(random);
    Map<String, Set<Integer>> without = new TreeMap<>(people);
    without.remove(someone(people, random));
    PrivateStatistics some = statistics(without, limit, PrivacyUnit.USER);
    PrivateStatistics all = statistics(people, limit, PrivacyUnit.USER);
    assertThat(distance(counts(all), counts(some))).isLessThanOrEqualTo(all.popularitySensitivity() + ROUNDING);
    for (Weighting weighting : Weighting.values()) {
      assertThat(distance(triangle(all, weighting), triangle(some, weighting)))
          .isLessThanOrEqualTo(all.gramSensitivity(weighting) + ROUNDING);
    }
  }

  @Property(tries = 300, seed = "2")
  void anInteractionMoreOrLessMovesAStatisticByAtMostTwiceItsSensitivity(@ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int limit) {
    Random random = new Random(seed);
    Map<String, Set<Integer>> people = people(random);
    Map<String, Set<Integer>> neighbour = new TreeMap<>();
    people.forEach((user, items) -> neighbour.put(user, new HashSet<>(items)));
    Set<Integer> items = Objects.requireNonNull(neighbour.get(someone(people, random)));
    if (random.nextBoolean()) {
      items.remove(items.stream().skip(random.nextInt(items.size())).findFirst().orElseThrow());
    } else {
      items.add(random.nextInt(ITEMS));
    }
    PrivateStatistics one = statistics(people, limit, PrivacyUnit.RECORD);
    PrivateStatistics other = statistics(neighbour, limit, PrivacyUnit.RECORD);
    assertThat(distance(counts(one), counts(other))).isLessThanOrEqualTo(2 * one.popularitySensitivity() + ROUNDING);
    for (Weighting weighting : Weighting.values()) {
      assertThat(distance(triangle(one, weighting), triangle(other, weighting)))
          .isLessThanOrEqualTo(2 * one.gramSensitivity(weighting) + ROUNDING);
    }
  }

  @Test
  void theBoundsAreAttained() {
    Map<String, Set<Integer>> longer = Map.of("u", Set.of(0, 1, 2, 3, 4, 5));
    PrivateStatistics one = statistics(longer, 4, PrivacyUnit.USER);
    assertThat(norm(counts(one))).isCloseTo(2, within(ROUNDING))
        .isCloseTo(one.popularitySensitivity(), within(ROUNDING));
    assertThat(norm(triangle(one, Weighting.BINARY))).isCloseTo(Math.sqrt(10), within(ROUNDING));
    assertThat(norm(triangle(one, Weighting.UNIT))).isCloseTo(1, within(ROUNDING));
  }

  @Test
  void whoElseThereIsDoesNotChangeWhichItemsOfAUserCount() {
    Random random = new Random(3);
    Map<String, Set<Integer>> people = people(random);
    people.put("long", Set.of(0, 1, 2, 3, 4, 5, 6));
    BoundedHistories together = BoundedHistories.of(interactions(people), 3, 5);
    BoundedHistories alone = BoundedHistories.of(interactions(Map.of("long", people.get("long"))), 3, 5);
    int user = interactions(people).userIndex("long");
    assertThat(together.itemsOf(user)).hasSize(3).containsExactly(alone.itemsOf(0));
  }

  @Test
  void withoutNoiseTheyAreThePlainStatistics() {
    Interactions train = interactions(people(new Random(1)));
    PrivateStatistics plain = PrivateStatistics.of(train, ITEMS, PrivacyUnit.USER, 0);
    float[] expected = new float[ITEMS];
    Popularity.fit(train).score(new int[0], expected);
    assertThat(counts(plain)).containsExactly(expected);
    Ease.Options options = Ease.Options.DEFAULT.withL2(2);
    Ease exact = Ease.fit(train, options);
    Ease ofGram = plain.gram(Weighting.BINARY, 0, NoiseGenerator.seeded(1), ITEMS)
        .leading(ITEMS, 1)
        .ease(1, 0, options, null);
    for (int item = 0; item < ITEMS; item++) {
      float[] a = new float[ITEMS];
      float[] b = new float[ITEMS];
      exact.score(new int[]{item}, a);
      ofGram.score(new int[]{item}, b);
      assertThat(b).containsExactly(a);
    }
  }

  @Test
  void noiseHasItsDeviationAndIsInEveryCoordinateOnce() {
    Interactions nobody = Interactions.builder(catalog(200)).build();
    PrivateStatistics empty = PrivateStatistics.of(nobody, 8, PrivacyUnit.USER, 0);
    PrivateGram gram = empty.gram(Weighting.UNIT, 3, NoiseGenerator.seeded(7), 200);
    double squares = 0;
    for (int i = 0; i < 200; i++) {
      for (int j = 0; j < 200; j++) {
        assertThat(gram.get(i, j)).isEqualTo(gram.get(j, i)).isNotZero();
        squares += i <= j ? gram.get(i, j) * gram.get(i, j) : 0;
      }
    }
    assertThat(Math.sqrt(squares / (200 * 201 / 2.0))).isCloseTo(3, within(0.06)); // ± 3 standard errors
    assertThat(gram.release().noiseDeviation()).isEqualTo(3);
    assertThat(gram.release().noise()).isEqualTo(NoiseSource.SEEDED);
    assertThat(gram.release().weightsSha256()).hasSize(64);
    assertThat(gram.release().phase().mechanism().samplingRate()).isEqualTo(1);
    // of noise alone, nothing stands out
    float[] scores = new float[200];
    gram.leading(50, 1).ease(1, 0, Ease.Options.DEFAULT, null).score(new int[]{3, 4}, scores);
    assertThat(scores).containsOnly(0);
    float[] counts = empty.popularity(2, NoiseGenerator.seeded(8)).counts();
    assertThat(norm(counts) / Math.sqrt(200)).isCloseTo(2 * Math.sqrt(8), within(0.9));
  }

  @Test
  void whatStandsOutIsFoundAgain() {
    Map<String, Set<Integer>> people = new TreeMap<>();
    Random random = new Random(2);
    for (int user = 0; user < 4000; user++) {
      int side = user % 2 * 20;
      people.put("u" + user, new HashSet<>(random.ints(6, side, side + 20).boxed().toList()));
    }
    PrivateGram gram = PrivateStatistics.of(interactions(people, 40), 6, PrivacyUnit.USER, 0)
        .gram(Weighting.UNIT, 1, NoiseGenerator.seeded(2), 40);
    float[] scores = new float[40];
    gram.leading(40, 1).ease(1, 0, Ease.Options.DEFAULT, null).score(new int[]{1, 2}, scores);
    double own = IntStream.range(3, 20).mapToDouble(i -> scores[i]).min().orElseThrow();
    double others = IntStream.range(20, 40).mapToDouble(i -> scores[i]).max().orElseThrow();
    assertThat(own).isGreaterThan(others);
  }

  @Test
  void largeCataloguesAndLimitsBelowOneAreRefused() {
    PrivateStatistics statistics = statistics(people(new Random(1)), 3, PrivacyUnit.USER);
    assertThatThrownBy(() -> statistics.gram(Weighting.UNIT, 1, NoiseGenerator.seeded(1), ITEMS - 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of 9 items")
        .hasMessageContaining("privacy.gram-share 0");
    assertThatThrownBy(() -> statistics(Map.of(), 0, PrivacyUnit.USER))
        .hasMessageContaining("at least 1 item but was 0");
  }

  private static Map<String, Set<Integer>> people(Random random) {
    Map<String, Set<Integer>> people = new TreeMap<>();
    for (int user = 0; user < 5; user++) {
      people.put("u" + user, new HashSet<>(random.ints(1 + random.nextInt(8), 0, ITEMS).boxed().toList()));
    }
    return people;
  }

  private static String someone(Map<String, Set<Integer>> people, Random random) {
    List<String> ids = new ArrayList<>(people.keySet());
    Collections.sort(ids);
    return ids.get(random.nextInt(ids.size()));
  }

  private static PrivateStatistics statistics(Map<String, Set<Integer>> people, int limit, PrivacyUnit unit) {
    return PrivateStatistics.of(interactions(people), limit, unit, 11);
  }

  private static Interactions interactions(Map<String, Set<Integer>> people) {
    return interactions(people, ITEMS);
  }

  private static Interactions interactions(Map<String, Set<Integer>> people, int items) {
    Interactions.Builder rows = Interactions.builder(catalog(items));
    people.forEach((user, taken) -> taken.stream().sorted().forEach(item -> rows.add(user, item, 1, 1)));
    return rows.build();
  }

  private static Catalog catalog(int items) {
    return Catalog.of(IntStream.range(0, items).mapToObj(i -> new Item("i" + i, "", "", Map.of(), null)).toList());
  }

  private static float[] counts(PrivateStatistics statistics) {
    return statistics.popularity(0, NoiseGenerator.seeded(1)).counts();
  }

  private static float[] triangle(PrivateStatistics statistics, Weighting weighting) {
    PrivateGram gram = statistics.gram(weighting, 0, NoiseGenerator.seeded(1), ITEMS);
    float[] triangle = new float[ITEMS * (ITEMS + 1) / 2];
    int at = 0;
    for (int i = 0; i < ITEMS; i++) {
      for (int j = i; j < ITEMS; j++) {
        triangle[at++] = gram.get(i, j);
      }
    }
    return triangle;
  }

  private static double distance(float[] a, float[] b) {
    float[] difference = a.clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= b[i];
    }
    return norm(difference);
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
