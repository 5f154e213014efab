package io.sfumato.recommend.collaborative;

import java.nio.file.Path;

/**
 * A model of items alone: a history goes in at serving, so that a person whom it never saw is scored at once. Plain arrays, no native memory,
 * immutable, safe for use by many threads.
 */
public sealed interface ItemModel permits Popularity, ItemKnn, Ease, Transitions, Spectral, ContentRidge {
  /** A short name: {@code popular}, {@code itemknn}, {@code ease}, {@code content-ridge}. */
  String name();

  /** The number of items that it knows of, their indices being those of the training interactions. */
  int itemCount();

  /**
   * Scores all items for a history.
   *
   * @param history distinct item indices, oldest first; may be empty; items beyond {@link #itemCount()} are passed over
   * @param out one score an item, overwritten up to {@link #itemCount()}; higher is better; 0 for an item that the model knows nothing of
   */
  void score(int[] history, float[] out);

  /**
   * Scores some items for a history.
   *
   * @param items item indices
   * @param out one score an item of these, parallel to them, overwritten; 0 for one that the model knows nothing of, NaN for one beyond {@link #itemCount()}
   */
  default void scoreItems(int[] history, int[] items, float[] out) {
    float[] all = new float[itemCount()];
    score(history, all);
    for (int i = 0; i < items.length; i++) {
      out[i] = items[i] < all.length ? all[items[i]] : Float.NaN;
    }
  }

  /**
   * What each item of a history adds to the score of an item, for "because of" explanations: positive speaks for it. Zeros where the model does not
   * look at the history.
   *
   * @param history as in {@link #score}
   * @return parallel to the history
   */
  float[] contributions(int[] history, int item);

  /** Whether the score of an item says anything: it had interactions in training, or content where the model reads content. */
  boolean knows(int item);

  /**
   * Scores all items, with NaN for those that the model knows nothing of.
   *
   * @param out as in {@link #score}, NaN also beyond {@link #itemCount()}
   */
  default void scoreKnown(int[] history, float[] out) {
    score(history, out);
    for (int item = 0; item < out.length; item++) {
      if (!knows(item)) {
        out[item] = Float.NaN;
      }
    }
  }

  /** Writes the model to one safetensors file, beside it and renamed; {@link ItemModels#load} reads it. */
  void save(Path file);
}
