package io.sfumato.fusion.training;

import org.jspecify.annotations.Nullable;

/**
 * What one step trains on, as plain arrays. B users, n items, H history items.
 *
 * @param users B
 * @param items catalogue indices of the items that are ranked against each other, length n
 * @param history catalogue indices of the items that histories are made of, length H; null where these are {@code items}
 * @param ages row-major [B, H]: how many entries of the user's history are newer, where {@code mask} is 1
 * @param mask row-major [B, H]: 1 where the item is in the user's history
 * @param targets row-major [B, n]: 1 where the item is to be predicted; every row has one
 * @param hidden row-major [B, n]: 1 where the item is no candidate for the user; null for none
 * @param rows who each item belongs to, for private training; null where all users share the items
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step inside this package
record Step(int users, int[] items, int @Nullable [] history, float[] ages, float[] mask, float[] targets,
    float @Nullable [] hidden, @Nullable Rows rows) {

  /**
   * Items that belong to one user each.
   *
   * @param user place of the user in the step, one an item
   * @param seeds of what is drawn for the item, made from the user's own randomness, one an item
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Rows(int[] user, long[] seeds) {}
}
