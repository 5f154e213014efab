package io.sfumato.privacy.training;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What private steps did, counted without noise: for whoever trains, <em>not private</em>, never to be released with
 * the model.
 *
 * @param steps logical steps
 * @param units units in all of them, each as often as it was drawn
 * @param clipped units whose gradient was made shorter than it was
 * @param notFinite units that contributed nothing because their gradient was not finite
 * @param batchSizes number of steps by number of units
 */
public record StepStatistics(long steps, long units, long clipped, long notFinite,
    SortedMap<Integer, Long> batchSizes) {
  /** Copies. */
  public StepStatistics {
    batchSizes = Collections.unmodifiableSortedMap(new TreeMap<>(batchSizes));
  }

  /** Share of units whose gradient was clipped, in [0, 1]; 0 before the first. */
  public double clippedShare() {
    return units == 0 ? 0 : (double) clipped / units;
  }

  /** Mean number of units a step; 0 before the first. */
  public double meanBatchSize() {
    return steps == 0 ? 0 : (double) units / steps;
  }
}
