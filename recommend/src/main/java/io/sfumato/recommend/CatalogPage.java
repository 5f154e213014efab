package io.sfumato.recommend;

import io.sfumato.datasets.Item;
import java.util.List;

/**
 * Some of the items of a catalogue.
 *
 * @param total how many there are in all, of which these are a page
 */
public record CatalogPage(int total, List<Item> items) {
  public CatalogPage {
    items = List.copyOf(items);
  }
}
