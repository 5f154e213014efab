package io.sfumato.recommend;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.retrieval.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A trained catalogue with what was put and removed since. An id keeps its index forever, also when it is removed or replaced; new ids get indices behind the trained ones.
 *
 * <p>Thread-safe: writers take turns, readers never wait.
 */
final class LiveItems implements ItemSpace {
  private final Catalog trained;
  private final ItemVectors vectors;
  private final Map<String, Integer> added = new ConcurrentHashMap<>();
  private final Map<Integer, Entry> replaced = new ConcurrentHashMap<>();
  private final Set<Integer> removed = ConcurrentHashMap.newKeySet();
  private final Set<String> attributes = ConcurrentHashMap.newKeySet();
  private volatile Entry[] extra = new Entry[0];
  private volatile int size;

  /** An item with its own vectors, index 0 of them, and its content features. */
  @SuppressWarnings("ArrayRecordComponent") // inside this class alone, never compared
  private record Entry(Item item, ItemVectors vectors, float @Nullable [] content) {}

  LiveItems(Catalog trained, ItemVectors vectors) {
    this.trained = trained;
    this.vectors = vectors;
    this.size = trained.size();
    attributes.addAll(trained.attributeNames());
  }

  /** The index of an id that can be recommended, or -1. */
  int indexOf(String id) {
    int index = everIndexOf(id);
    return index >= 0 && removed.contains(index) ? -1 : index;
  }

  /** The index of an id that is or was in the catalogue, or -1. */
  int everIndexOf(String id) {
    int index = trained.indexOf(id);
    return index >= 0 ? index : added.getOrDefault(id, -1);
  }

  /** The item with an index, also if it was removed. */
  Item item(int index) {
    Entry entry = entry(index);
    return entry == null ? trained.item(index) : entry.item;
  }

  /** How many items can be recommended. */
  int available() {
    return size - removed.size();
  }

  /** How many were put since training, new ones and replacements, whether or not they were removed again. */
  int changed() {
    return size - trained.size() + (int) replaced.keySet().stream().filter(index -> index < trained.size()).count();
  }

  /** Whether these are vectors of one item of this space. */
  boolean fits(ItemVectors one) {
    return one.size() == 1 && one.dimension() == vectors.dimension() && one.modalities().equals(vectors.modalities());
  }

  /** The indices of the items that can be recommended, ascending. */
  IntStream availableItems() {
    return IntStream.range(0, size).filter(index -> !removed.contains(index));
  }

  /** @throws RecommendException {@code DIMENSION_MISMATCH} where these are not the vectors of one item of this space */
  void check(Item item, ItemVectors one) {
    if (!fits(one)) {
      throw new RecommendException("DIMENSION_MISMATCH",
          "item '%s' has vectors of %s and dimension %d but the catalogue of %s and %d; encode it with the bundle's own model"
              .formatted(item.id(), one.modalities(), one.dimension(), vectors.modalities(), vectors.dimension()));
    }
  }

  /** @throws RecommendException {@code UNKNOWN_ATTRIBUTE} where a filter asks for an attribute that no item has */
  void check(Filter filter) {
    for (Filter.Clause clause : filter.clauses()) {
      if (!attributes.contains(clause.attribute())) {
        throw new RecommendException("UNKNOWN_ATTRIBUTE", "no item has the attribute '%s'; the catalogue has %s"
            .formatted(clause.attribute(), new TreeSet<>(attributes)));
      }
    }
  }

  /** Puts an item with its vectors (one item) and its content features, null where they are not known, and tells its index. */
  synchronized int put(Item item, ItemVectors one, float @Nullable [] content) {
    check(item, one);
    Entry entry = new Entry(item, one, content);
    int index = everIndexOf(item.id());
    if (index < 0) {
      index = size;
      int at = index - trained.size();
      Entry[] entries = extra;
      if (at == entries.length) {
        entries = Arrays.copyOf(entries, Math.max(16, 2 * at));
      }
      entries[at] = entry;
      extra = entries;
      size = index + 1;
      added.put(item.id(), index);
    } else {
      replaced.put(index, entry);
      removed.remove(index);
    }
    attributes.addAll(item.attributes().keySet());
    return index;
  }

  /** Removes an item and tells its index, or -1 where there was none. */
  synchronized int remove(String id) {
    int index = indexOf(id);
    if (index >= 0) {
      removed.add(index);
    }
    return index;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int dimension() {
    return vectors.dimension();
  }

  @Override
  public List<String> modalities() {
    return vectors.modalities();
  }

  @Override
  public float[] fused(int item) {
    Entry entry = entry(item);
    return entry == null ? vectors.fused(item) : entry.vectors.fused(0);
  }

  @Override
  public float dot(float[] vector, int item) {
    Entry entry = entry(item);
    return entry == null ? vectors.dot(vector, item) : entry.vectors.dot(vector, 0);
  }

  @Override
  public float dot(float[] vector, int m, int item) {
    Entry entry = entry(item);
    return entry == null ? vectors.dot(vector, m, item) : entry.vectors.dot(vector, m, 0);
  }

  @Override
  public void dots(float[] vector, int[] items, float[] out) {
    if (areTrained(items)) {
      vectors.dots(vector, items, out);
      return;
    }
    for (int i = 0; i < items.length; i++) {
      out[i] = AllowedOf.hasVector(this, items[i]) ? dot(vector, items[i]) : Float.NaN;
    }
  }

  @Override
  public void dots(float[] vector, int m, int[] items, float[] out) {
    if (areTrained(items)) {
      vectors.dots(vector, m, items, out);
      return;
    }
    for (int i = 0; i < items.length; i++) {
      out[i] = present(m, items[i]) ? dot(vector, m, items[i]) : Float.NaN;
    }
  }

  /** Whether none of some items was put later. */
  private boolean areTrained(int[] some) {
    for (int item : some) {
      if (entry(item) != null) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean present(int m, int item) {
    Entry entry = entry(item);
    return entry == null ? vectors.present(m, item) : entry.vectors.present(m, 0);
  }

  @Override
  public float @Nullable [] content(int item) {
    Entry entry = entry(item);
    return entry == null ? null : entry.content;
  }

  private @Nullable Entry entry(int item) {
    if (!replaced.isEmpty()) {
      Entry entry = replaced.get(item);
      if (entry != null) {
        return entry;
      }
    }
    return item < trained.size() ? null : extra[item - trained.size()];
  }
}
