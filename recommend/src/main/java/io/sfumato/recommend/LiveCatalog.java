package io.sfumato.recommend;

import io.sfumato.datasets.ImageSource;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.RequestObserver.Operation;
import io.sfumato.recommend.collaborative.ContentSpace;
import io.sfumato.recommend.retrieval.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The items of an open recommender, to look up and to change. Thread-safe; valid as long as its recommender is open. */
public final class LiveCatalog {
  private static final int TOGETHER = 64;

  private final LiveState state;
  private final LiveItems items;
  private final ContentEncoder encoder;
  private final @Nullable ContentSpace space;
  private final Observed observed;

  /** @param space in which the content regression sees items; null where there is none */
  LiveCatalog(LiveState state, LiveItems items, ContentEncoder encoder, @Nullable ContentSpace space,
      Observed observed) {
    this.observed = observed;
    this.space = space;
    this.state = state;
    this.items = items;
    this.encoder = encoder;
  }

  /** How many items can be recommended. */
  public int size() {
    return items.available();
  }

  /** The items that can be recommended, in the order in which they came into the catalogue; made as they are asked for. */
  public Stream<Item> items() {
    return items.availableItems().mapToObj(items::item);
  }

  /**
   * A page of the items that a filter allows, in the order in which they came into the catalogue.
   *
   * @param from how many to leave out before
   * @param count how many at most
   * @throws RecommendException {@code UNKNOWN_ATTRIBUTE} for a filter on an attribute that no item has
   */
  public CatalogPage page(Filter filter, int from, int count) {
    state.checkOpen();
    if (from < 0 || count < 0) {
      throw new IllegalArgumentException("a page must begin at 0 or later and hold 0 items or more but was %d and %d"
          .formatted(from, count));
    }
    if (filter.isEmpty()) {
      return new CatalogPage(items.available(), items().skip(from).limit(count).toList());
    }
    items.check(filter);
    int[] allowed = state.allowed(filter);
    return new CatalogPage(allowed.length,
        Arrays.stream(allowed).skip(from).limit(count).mapToObj(items::item).toList());
  }

  /** The item with this id, or null. */
  public @Nullable Item item(String id) {
    int index = items.indexOf(id);
    return index < 0 ? null : items.item(index);
  }

  /** The picture of an item, as the bundle keeps it to be shown, or null. */
  public @Nullable ImageSource image(String id) {
    Item item = item(id);
    return item == null ? null : item.image();
  }

  /**
   * Adds an item, or replaces the one with its id. Its text and picture are encoded by the bundle's own model (the first call starts the tensor engine), it is on disk when this returns, and every answer from
   * then on knows it: a new item by its content alone, since nobody has taken it yet.
   *
   * @throws io.sfumato.datasets.DataException where its picture cannot be decoded
   */
  public void put(Item item) {
    put(item, Map.of());
  }

  /**
   * As {@link #put(Item)}, with vectors of the kind that the recommender was trained with in place of an encoder ({@code text.vectors}, {@code image.vectors}). Where they are not given, the item is known by what
   * else it has.
   *
   * @param supplied by modality, {@code text} and {@code image}; each as long as those of the training
   * @throws io.sfumato.fusion.FusionException {@code DIMENSION_MISMATCH} where one has another length, {@code UNSUPPORTED_MODALITY} where there is no such modality
   */
  public void put(Item item, Map<String, float[]> supplied) {
    observed.during(Operation.PUT, () -> encodeAndPut(item, supplied));
  }

  /**
   * As {@link #put(Item)} of many items, which are encoded together and forced to disk together, {@value #TOGETHER} at a time: several times as quick as one by one. Where one fails, those of the {@value #TOGETHER}s before it have been put. The
   * vectors of an item may differ in their last bits from those that it gets alone.
   *
   * @throws io.sfumato.datasets.DataException where a picture cannot be decoded
   */
  public void putAll(List<Item> added) {
    for (int from = 0; from < added.size(); from += TOGETHER) {
      List<Item> some = added.subList(from, Math.min(added.size(), from + TOGETHER));
      observed.during(Operation.PUT, () -> {
        state.checkOpen();
        List<ContentEncoder.Encoded> encoded = encoder.encodeAll(some);
        state.putAll(IntStream.range(0, some.size())
            .mapToObj(i -> record(some.get(i), encoded.get(i), Map.of()))
            .toList());
      });
    }
  }

  private void encodeAndPut(Item item, Map<String, float[]> supplied) {
    state.checkOpen();
    state.put(record(item, supplied));
  }

  /** The record of an item that this recommender's model has encoded. */
  byte[] record(Item item, Map<String, float[]> supplied) {
    return record(item, encoder.encode(item, supplied), supplied);
  }

  private byte[] record(Item item, ContentEncoder.Encoded encoded, Map<String, float[]> supplied) {
    boolean complete = encoded.outputs().size() == IntStream.range(0, encoded.vectors().modalities().size())
        .filter(m -> encoded.vectors().present(m, 0))
        .count();
    items.check(item, encoded.vectors());
    float[] content = space == null || !complete ? null : space.row(item, encoded.outputs());
    return UpdateRecords.put(item, encoded.vectors(), content, supplied);
  }

  /**
   * As {@link #put(Item)}, with vectors that the bundle's model has encoded already, elsewhere. The content regression, which reads what is before them, says nothing of the item then.
   *
   * @param vectors of this one item, with modalities and dimension of the bundle
   */
  public void put(Item item, ItemVectors vectors) {
    observed.during(Operation.PUT, () -> {
      state.checkOpen();
      items.check(item, vectors);
      state.put(UpdateRecords.put(item, vectors, null, Map.of()));
    });
  }

  /** Removes an item: it is no longer recommended or found, but stays part of the histories of those who took it. False where there is none. */
  public boolean remove(String id) {
    return observed.during(Operation.REMOVE, () -> removeWhereKnown(id));
  }

  private boolean removeWhereKnown(String id) {
    state.checkOpen();
    if (items.indexOf(id) < 0) {
      return false;
    }
    state.remove(id);
    return true;
  }
}
