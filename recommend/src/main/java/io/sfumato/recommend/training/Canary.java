package io.sfumato.recommend.training;

/**
 * An invented person whom an audit plants among real ones.
 *
 * @param id as no real person has
 * @param items catalogue indices of what the canary takes where it is in, distinct and ascending; not to be changed
 * @param in its fair coin: whether it takes part in the training
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Canary(String id, int[] items, boolean in) {}
