package io.sfumato.fusion.training;

import io.sfumato.privacy.training.PlantedDirections;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Invented people whose trace in private steps is watched, so that an audit can hold it against the promise: where one is drawn for a step, a known direction stands in for a gradient.
 *
 * @param canaries number of each canary's direction, by user id; those who are not in the training interactions are out
 * @param directions what they add, and what becomes of it
 * @param noiseScale what the noise is multiplied by <em>behind the ledger's back</em>: 1, unless an audit is to be audited
 */
public record PlantedUnits(Map<String, Integer> canaries, PlantedDirections directions, double noiseScale) {
  public PlantedUnits {
    canaries = Collections.unmodifiableMap(new LinkedHashMap<>(canaries));
    if (!(noiseScale >= 0) || Double.isInfinite(noiseScale)) {
      throw new IllegalArgumentException("noise scale must be 0 or more but was " + noiseScale);
    }
  }
}
