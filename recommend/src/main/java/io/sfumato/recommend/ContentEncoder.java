package io.sfumato.recommend;

import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import java.util.List;
import java.util.Map;

/** Turns items into vectors of the space that a bundle's items live in. Thread-safe; who opens it closes it. */
public interface ContentEncoder extends AutoCloseable {
  /** The vectors of one item, index 0 of the result. */
  ItemVectors encode(Item item);

  /**
   * The vectors of an item with what the encoders said of it.
   *
   * @param vectors of the item, index 0
   * @param outputs of the encoders, by modality; none for a modality that the item lacks, or where they are not at hand
   */
  record Encoded(ItemVectors vectors, Map<String, float[]> outputs) {}

  /**
   * Encodes an item some of whose encoder outputs are supplied, as where the catalogue's vectors are.
   *
   * @param supplied by modality, each as long as those that the catalogue was trained with
   * @throws RecommendException {@code UNSUPPORTED} where this encoder takes none
   */
  default Encoded encode(Item item, Map<String, float[]> supplied) {
    if (!supplied.isEmpty()) {
      throw new RecommendException("UNSUPPORTED",
          "this encoder takes no supplied vectors but item '%s' came with those of %s".formatted(item.id(),
              supplied.keySet()));
    }
    return new Encoded(encode(item), Map.of());
  }

  /** As {@link #encode(Item, Map)} of several items to which nothing is supplied; an encoder may do them together. */
  default List<Encoded> encodeAll(List<Item> items) {
    return items.stream().map(item -> encode(item, Map.of())).toList();
  }

  @Override
  void close();
}
