package io.sfumato.fusion.tuning;

import java.util.SplittableRandom;

/**
 * An encoder's input, varied anew each time that it is seen in training.
 *
 * @param <P> prepared input of the encoder
 */
@FunctionalInterface
public interface Variation<P> {
  /**
   * A variation of an item's input, which there must be.
   *
   * @param item its place in the list that the inputs were made of
   * @param random what it is drawn by, and nothing else
   */
  P draw(int item, SplittableRandom random);
}
