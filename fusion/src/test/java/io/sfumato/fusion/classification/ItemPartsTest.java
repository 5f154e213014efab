package io.sfumato.fusion.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.classification.ItemParts.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which item is for what, and which items have a label. */
class ItemPartsTest {
  private static Item item(String id, Map<String, String> attributes) {
    return new Item(id, "title of " + id, "", attributes, null);
  }

  @Test
  void sharesAreThoseAskedForAndAnItemStaysWhereItIs() {
    ItemParts parts = ItemParts.parse("hash:0.7,0.1,0.2", 5);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      items.add(item("sku-" + i, Map.of("kind", i % 2 == 0 ? "a" : "b")));
    }
    LabelledItems all = LabelledItems.of(Catalog.of(items), "kind");
    assertThat(parts.places(all, Part.TRAIN).length / 20_000.0).isCloseTo(0.7, within(0.01));
    assertThat(parts.places(all, Part.VALID).length / 20_000.0).isCloseTo(0.1, within(0.01));
    assertThat(parts.of(items.get(7))).isEqualTo(ItemParts.parse(parts.toString(), 5).of(items.get(7)));
    long moved = items.stream().filter(i -> parts.of(i) != ItemParts.parse("hash:0.7,0.1,0.2", 6).of(i)).count();
    assertThat(moved / 20_000.0).isCloseTo(1 - (0.49 + 0.01 + 0.04), within(0.02)); // another seed, another draw
  }

  @Test
  void aColumnMayNameTheParts() {
    ItemParts parts = ItemParts.parse("column:part", 0);
    assertThat(parts.of(item("x", Map.of("part", "Valid")))).isEqualTo(Part.VALID);
    assertThatThrownBy(() -> parts.of(item("x", Map.of("part", "dev")))).hasMessageContaining("but was 'dev'");
    assertThatThrownBy(() -> parts.of(item("x", Map.of()))).isInstanceOf(FusionException.class)
        .hasMessageContaining("item 'x' has no 'part'");
  }

  @Test
  void whatIsNoSplitIsRefused() {
    for (String wrong : List.of("", "random", "hash:0.5,0.5", "hash:0,0.5,0.5", "hash:0.9,0.2,0.1", "hash:1e,0,0",
        "column:")) {
      assertThatThrownBy(() -> ItemParts.parse(wrong, 0)).as(wrong).isInstanceOf(FusionException.class);
    }
  }

  @Test
  void itemsWithoutALabelAreLeftOutAndCounted() {
    Catalog catalog = Catalog.of(List.of(item("1", Map.of("kind", " a ")), item("2", Map.of("other", "x")),
        item("3", Map.of("kind", "b")), item("4", Map.of("kind", " "))));
    LabelledItems items = LabelledItems.of(catalog, "kind");
    assertThat(items.labels()).containsExactly("a", "b");
    assertThat(items.unlabelled()).isEqualTo(2);
    assertThatThrownBy(() -> LabelledItems.of(catalog, "sort")).isInstanceOf(FusionException.class)
        .hasMessage("there is no column 'sort' with labels; the items have [kind, other]");
  }

  @Test
  void theHashTellsLabelsAndTexts() {
    LabelledItems one = LabelledItems.of(Catalog.of(List.of(item("1", Map.of("kind", "a")))), "kind");
    LabelledItems two = LabelledItems.of(Catalog.of(List.of(item("1", Map.of("kind", "b")))), "kind");
    assertThat(one.sha256()).hasSize(64).isNotEqualTo(two.sha256());
  }
}
