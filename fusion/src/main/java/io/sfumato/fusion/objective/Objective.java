package io.sfumato.fusion.objective;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.training.Sensitivity;

/**
 * What training minimises. Each objective declares how far one unit can move a step's clipped gradient sum, with the argument in its doc comment; private training refuses one that declares none.
 * Owns its parameters, such as a trained temperature: close it.
 */
public sealed interface Objective extends Layer
    permits InteractionObjective, ContrastiveObjective, GroupedContrastiveObjective, PublicAnchorObjective,
    WeightedObjective {
  /** Name for logs and reports. */
  String name();

  /** The loss of a step, one number in nats, differentiable: the mean over its units. */
  NDArray loss(Scope scope, StepBatch batch);

  /**
   * The loss of each unit of privacy alone, which reads nothing of another unit but what is public.
   *
   * @return [units], in nats, differentiable
   * @throws FusionException {@code NOT_PRIVATE} where the loss of a unit cannot be told from that of the others
   */
  default NDArray unitLosses(Scope scope, StepBatch batch) {
    throw new FusionException("NOT_PRIVATE", reason());
  }

  /** How far one unit can move the clipped gradient sum. */
  Sensitivity sensitivity();

  /**
   * Refuses an objective that declares no bound.
   *
   * @throws FusionException {@code NOT_PRIVATE}, with the reason and the alternatives
   */
  default void requirePrivate() {
    if (!sensitivity().declared()) {
      throw new FusionException("NOT_PRIVATE", reason());
    }
  }

  private String reason() {
    return ("the objective '%s' has no bound on what one unit can change, so no epsilon would hold: in a batch of n pairs each is a negative of all the others, and one moves the sum by up to "
        + "(2n-1) clipping norms; use GroupedContrastiveObjective or PublicAnchorObjective for private pairs, or set the contrastive weight to 0")
        .formatted(name());
  }
}
