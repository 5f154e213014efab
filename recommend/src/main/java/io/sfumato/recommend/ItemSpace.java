package io.sfumato.recommend;

import io.sfumato.fusion.ItemVectors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vectors of all items that a recommender knows, those of a trained catalogue first and those added later behind them. Thread-safe. */
public interface ItemSpace {
  /** Items have the indices 0 to {@code size() - 1}. */
  int size();

  /** Length d of each vector. */
  int dimension();

  /** Names of the modalities, in the order of the parts. */
  List<String> modalities();

  /** The fused vector of an item: unit length, or zeros where it has no modality; not to be changed. */
  float[] fused(int item);

  /** Inner product of a vector of length d with the fused vector of an item. */
  float dot(float[] vector, int item);

  /** Inner products with the fused vectors of some items, parallel to them; NaN for one that has no modality. */
  void dots(float[] vector, int[] items, float[] out);

  /** Inner product of a vector of length d with what modality {@code m} adds to the fused vector. */
  float dot(float[] vector, int m, int item);

  /** The same of some items, parallel to them; NaN for one that lacks the modality. */
  void dots(float[] vector, int m, int[] items, float[] out);

  /** Whether the item has modality {@code m}. */
  boolean present(int m, int item);

  /** The content features of an item that was put later, as its {@link io.sfumato.recommend.collaborative.ContentSpace} makes them; null for one that models were fitted on, and where they are not known. */
  default float @Nullable [] content(int item) {
    return null;
  }

  /** The items of a trained catalogue alone. */
  static ItemSpace of(ItemVectors vectors) {
    return new TrainedItems(vectors);
  }
}
