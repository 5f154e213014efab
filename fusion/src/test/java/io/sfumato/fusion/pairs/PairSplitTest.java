package io.sfumato.fusion.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Item;
import io.sfumato.datasets.MemoryImage;
import io.sfumato.fusion.FusionException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PairSplitTest {
  private static final List<Item> ITEMS = IntStream.range(0, 100)
      .mapToObj(i -> item("item-" + i))
      .toList();

  private static Item item(String id) {
    return new Item(id, "title", "text", Map.of(), new MemoryImage(id + ".png", new byte[]{1}));
  }

  private static Set<String> ids(List<Item> items) {
    return items.stream().map(Item::id).collect(Collectors.toSet());
  }

  @Test
  void anItemIsInTheSamePartWhateverTheOrder() {
    PairSplit first = PairSplit.byHash(ITEMS, 20, 10);
    List<Item> reversed = new ArrayList<>(ITEMS);
    Collections.reverse(reversed);
    PairSplit second = PairSplit.byHash(reversed, 20, 10);
    assertThat(second).isEqualTo(first);
    assertThat(first.test()).hasSize(20);
    assertThat(first.valid()).hasSize(10);
    assertThat(first.train()).hasSize(70);
    Set<String> all = new HashSet<>();
    Stream.of(first.train(), first.valid(), first.test()).forEach(part -> all.addAll(ids(part)));
    assertThat(all).hasSize(100);
  }

  @Test
  void howManyValidateDoesNotMoveTheTestPart() {
    assertThat(PairSplit.byHash(ITEMS, 20, 30).test()).isEqualTo(PairSplit.byHash(ITEMS, 20, 0).test());
  }

  @Test
  void itemsWithoutAnImageOrATextTakeNoPart() {
    List<Item> mixed = new ArrayList<>(ITEMS);
    mixed.add(item("no-image").withImage(null));
    mixed.add(new Item("no-text", "", "", Map.of(), new MemoryImage("x.png", new byte[]{1})));
    assertThat(PairSplit.byHash(mixed, 20, 10)).isEqualTo(PairSplit.byHash(ITEMS, 20, 10));
  }

  @Test
  void nothingToLearnFromIsRefused() {
    assertThatThrownBy(() -> PairSplit.byHash(ITEMS, 99, 10)).isInstanceOf(FusionException.class)
        .hasMessageContaining("0 items");
  }
}
