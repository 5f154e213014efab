package io.sfumato.recommend.retrieval;

/** The items that one request may get, at one moment of an index: valid within {@link ItemIndex#searching} only, for one thread. */
public interface Allowed {
  /** How many there are. */
  int size();

  /** Whether an item is among them; false for an index that no item has. */
  boolean contains(int item);

  /** Their indices, ascending; costs as much as there are items in the catalogue. */
  int[] items();

  /**
   * Those nearest to a vector, as {@link ItemIndex#nearest}.
   *
   * @param query unit length; all zeros find nothing
   */
  Hits nearest(float[] query, int limit);
}
