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

  /** Takes items that a model would recommend. */
  @FunctionalInterface
  interface Proposals {
    /**
     * An item with its score, which is not 0.
     *
     * @return whether it is one of the best so far; false also where it may not be recommended
     */
    boolean offer(int item, float score);
  }

  /**
   * Proposes what to recommend for a history, without scoring the whole catalogue: its cost is bounded, however many items there are, and how, each model says. Each item once, none that the model knows nothing
   * of, in no particular order; the same for the same history.
   *
   * @param history as in {@link #score}
   * @param limit how many proposals are wanted at least, where there are as many; 1 or more
   * @param to takes them, and chooses
   */
  void propose(int[] history, int limit, Proposals to);

  /**
   * Scores some items for a history.
   *
   * @param items item indices
   * @param out one score an item of these, parallel to them, overwritten; 0 for one that the model knows nothing of, NaN for one beyond {@link #itemCount()}
   */
  void scoreItems(int[] history, int[] items, float[] out);

  /**
   * What each item of a history adds to the score of an item, for "because of" explanations: positive speaks for it. Zeros where the model does not
   * look at the history.
   *
   * @param history as in {@link #score}
   * @return parallel to the history
   */
  float[] contributions(int[] history, int item);

  /**
   * The same of several items.
   *
   * @return one array an item, parallel to the history
   */
  default float[][] contributions(int[] history, int[] items) {
    float[][] contributions = new float[items.length][];
    for (int i = 0; i < items.length; i++) {
      contributions[i] = contributions(history, items[i]);
    }
    return contributions;
  }

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
