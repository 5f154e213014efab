package io.sfumato.fusion.pairs;

import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * The randomness of a training step.
 *
 * @param rows what the varied input of a row is drawn by
 * @param shared what dropout is drawn by, the same for all rows
 * @param dropout probability that a coordinate of an encoder's output is dropped
 */
record Draws(IntFunction<SplittableRandom> rows, SplittableRandom shared, double dropout) {
  /** All from one sequence. */
  static Draws of(SplittableRandom random, double dropout) {
    return new Draws(row -> random, random, dropout);
  }
}
