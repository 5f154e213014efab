package io.sfumato.fusion.training;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** How an epoch is cut into steps. Deterministic: the same random numbers give the same steps. */
sealed interface StepPlan permits WholeCatalogPlan, SampledCatalogPlan, ItemChunkPlan {
  /** Number of steps of each epoch. */
  int steps();

  /** Draws the epoch's order. */
  void shuffle(SplittableRandom random);

  /** The step at this place of the epoch, or null where nothing can be learned from it. */
  @Nullable
  Step step(int index, SplittableRandom random);

  /** Puts the values in random order (Fisher and Yates). */
  static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
