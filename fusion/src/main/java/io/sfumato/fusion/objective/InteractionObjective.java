package io.sfumato.fusion.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Replicated;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.privacy.training.Sensitivity;
import java.util.List;

/**
 * Softmax over items: the user's vector, made from the rest of the history, is to find the items that are held out of it,
 * {@code −Σ_t log softmax(u·V/τ)_t / |T|}, averaged over users. The candidates are a uniform sample of the catalogue, or all of it; items of the history are not candidates.
 *
 * <p>Sensitivity: unit user, D = C. The term of one user reads that user's interactions, items drawn from the public catalogue, and the parameters, nothing of another user. So with each user's gradient
 * clipped to C, adding or removing a user adds or removes one vector of length at most C (replacing one moves the sum by at most 2C). This holds where the user's candidates are drawn with the user's own
 * randomness, without looking at what others took, and where the sum is divided by a constant, not by the number of users, as private training does.
 */
public final class InteractionObjective implements Objective {
  private static final double HIDE = -1e9;

  private final Parameter logScale;
  private final Replicated scales;

  /**
   * @param temperature τ at the start, positive
   * @param learned whether τ is trained
   */
  public InteractionObjective(double temperature, boolean learned) {
    this.logScale = new Parameter("interaction.log_scale", new Shape(1), new float[]{(float) -Math.log(temperature)});
    logScale.setTrainable(learned);
    this.scales = new Replicated(logScale);
  }

  @Override
  public String name() {
    return "interaction";
  }

  /** τ as it is now. */
  public double temperature() {
    return Math.exp(-logScale.toArray()[0]);
  }

  /** −ln τ, which learns at the rate of the fusion's numbers. */
  public Parameter logScale() {
    return logScale;
  }

  @Override
  public NDArray loss(Scope scope, StepBatch batch) {
    return unitLosses(scope, batch).mean();
  }

  @Override
  public NDArray unitLosses(Scope scope, StepBatch batch) {
    int users = Math.toIntExact(batch.users().getShape().get(0));
    NDArray scale = scales.forward(scope, users, batch.tape()).exp();
    NDArray hidden = TensorRuntime.get().kernels().scaled(scope, batch.hidden(), HIDE);
    NDArray logits = batch.users().matMul(batch.items().transpose()).mul(scale).add(hidden);
    NDArray count = batch.targets().sum(new int[]{1});
    return logits.logSoftmax(1).mul(batch.targets()).sum(new int[]{1}).div(count).neg();
  }

  @Override
  public Sensitivity sensitivity() {
    return Sensitivity.user(1);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(logScale);
  }
}
