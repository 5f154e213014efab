package io.sfumato.recommend.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Item;
import io.sfumato.recommend.collaborative.ItemKnn;
import io.sfumato.recommend.collaborative.ItemModel;
import io.sfumato.recommend.collaborative.Popularity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidateRuleTest {
  private static final int ITEMS = 20;

  /** Items 0 to 3 are taken together, so are 4 to 7 by more people; nobody takes 8 to 19. */
  private final Interactions taken = taken();
  private final List<ItemModel> models = List.of(ItemKnn.fit(taken, ItemKnn.Options.DEFAULT), Popularity.fit(taken));

  private static final float[] VECTOR = {1};

  @Test
  void smallCataloguesAreRankedWhole() {
    int[] allowed = IntStream.range(0, ITEMS).toArray();
    assertThat(new CandidateRule(models, ITEMS).choose(VECTOR, new int[]{0}, allowing(allowed, 19), 2))
        .isEqualTo(allowed);
  }

  @Test
  void largeOnesBringTheBestOfEachSource() {
    int[] allowed = IntStream.range(1, ITEMS).toArray();
    int[] chosen = new CandidateRule(models, ITEMS - 2).choose(VECTOR, new int[]{0}, allowing(allowed, 19, 1), 2);
    // near: 19 and 1; item-kNN of 0: two of 1, 2, 3, ties by index; popularity: 4 and 5
    assertThat(chosen).containsExactly(1, 2, 4, 5, 19);
  }

  @Test
  void whatIsNotAllowedIsNoCandidate() {
    int[] allowed = {2, 3, 7, 9, 11};
    int[] chosen = new CandidateRule(models, 4).choose(VECTOR, new int[]{0}, allowing(allowed), 3);
    assertThat(chosen).containsExactly(2, 3, 7); // nothing speaks for 9 and 11
  }

  @Test
  void withoutAHistoryPopularityAloneRemains() {
    int[] allowed = IntStream.range(0, ITEMS).toArray();
    int[] chosen = new CandidateRule(models, 5).choose(VECTOR, new int[0], allowing(allowed), 3);
    assertThat(chosen).containsExactly(4, 5, 6);
  }

  /** These items, some of which are near to whatever is asked. */
  private static Allowed allowing(int[] allowed, int... near) {
    return new Allowed() {
      @Override
      public int size() {
        return allowed.length;
      }

      @Override
      public boolean contains(int item) {
        return Arrays.binarySearch(allowed, item) >= 0;
      }

      @Override
      public int[] items() {
        return allowed.clone();
      }

      @Override
      public Hits nearest(float[] query, int limit) {
        return new Hits(near, new float[near.length]);
      }
    };
  }

  private static Interactions taken() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      items.add(new Item("i" + i, "item " + i, "", Map.of(), null));
    }
    Interactions.Builder rows = Interactions.builder(Catalog.of(items));
    for (int user = 0; user < 5; user++) {
      for (int i = 0; i < 4; i++) {
        rows.add("u" + user, user < 2 ? i : 4 + i, 1, 0);
      }
    }
    return rows.build();
  }
}
