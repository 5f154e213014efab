package io.sfumato.fusion.objective;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.training.Sensitivity;
import java.util.List;

/**
 * Symmetric InfoNCE (Oord et al. 2018; Radford et al. 2021) between each two modalities: an item's text is to find its own image among the images of the step, and the other way round. Only items that have both take part.
 *
 * <p>Sensitivity: none. Every pair is a negative of every other, so one pair changes the gradient of all the others; with rows clipped to C the sum moves by up to (2n−1)·C in a batch of n pairs.
 * {@link GroupedContrastiveObjective} and {@link PublicAnchorObjective} stand in where the pairs are private.
 */
public final class ContrastiveObjective implements Objective {
  private final double temperature;

  /** @param temperature τ, positive */
  public ContrastiveObjective(double temperature) {
    if (!(temperature > 0)) {
      throw new FusionException("BAD_OPTION", "contrastive temperature must be positive but was " + temperature);
    }
    this.temperature = temperature;
  }

  @Override
  public String name() {
    return "contrastive";
  }

  @Override
  public NDArray loss(Scope scope, StepBatch batch) {
    return loss(scope, batch.vectors(), batch.presence());
  }

  /**
   * The loss of a batch of items.
   *
   * @param vectors N arrays [n, d], unit rows: the vectors of the modalities
   * @param presence N rows of length n: whether the item has the modality
   * @return one number in nats, zero where no two items have both modalities
   */
  public NDArray loss(Scope scope, List<NDArray> vectors, boolean[][] presence) {
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray sum = scope.floats(new float[1], 1);
    int directions = 0;
    for (Pairs pairs : Pairs.of(scope, vectors, presence)) {
      if (pairs.count() > 1) {
        NDArray logits = kernels.scaled(scope, pairs.first().matMul(pairs.second().transpose()), 1 / temperature);
        sum = sum.add(Pairs.ownLosses(scope, logits).mean())
            .add(Pairs.ownLosses(scope, logits.transpose()).mean());
        directions += 2;
      }
    }
    return kernels.divided(scope, sum.sum(), Math.max(1, directions));
  }

  @Override
  public Sensitivity sensitivity() {
    return Sensitivity.NONE;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
