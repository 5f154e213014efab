package io.sfumato.fusion.objective;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Autograd;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.FusionException;
import io.sfumato.privacy.training.Sensitivity;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Aligns the two sides of a private pair through public anchors: both are compared with the same fixed vectors, and each side's softmax over the anchors is to be the other's,
 * {@code ½ [H(p, q) + H(q, p)]} with {@code p = softmax(t·A/τ)}, {@code q = softmax(v·A/τ)} and the target of each cross-entropy held constant.
 *
 * <p>Sensitivity: unit record (a pair), D = C. The term of a pair reads that pair, the anchors and the parameters. The anchors must come from public data; where they are encoded by the model that
 * learns, from parameters that were released before the step.
 */
public final class PublicAnchorObjective implements Objective {
  private final double temperature;
  private final float[][] anchors;

  /**
   * @param temperature τ, positive
   * @param anchors at least two vectors of length d, made from public data alone
   */
  public PublicAnchorObjective(double temperature, float[][] anchors) {
    if (!(temperature > 0)) {
      throw new FusionException("BAD_OPTION", "contrastive temperature must be positive but was " + temperature);
    }
    if (anchors.length < 2) {
      throw new FusionException("BAD_OPTION", "at least two anchors are needed but there are " + anchors.length);
    }
    this.temperature = temperature;
    this.anchors = new float[anchors.length][];
    for (int i = 0; i < anchors.length; i++) {
      this.anchors[i] = anchors[i].clone();
    }
  }

  @Override
  public String name() {
    return "public anchors";
  }

  @Override
  public NDArray loss(Scope scope, StepBatch batch) {
    return unitLosses(scope, batch).mean();
  }

  /** One a row of the batch, [n]; zero for a row without two modalities. */
  @Override
  public NDArray unitLosses(Scope scope, StepBatch batch) {
    int n = batch.presence()[0].length;
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray sum = scope.floats(new float[n], n);
    NDArray columns = kernels.scaled(scope, scope.matrix(anchors).transpose(), 1 / temperature);
    for (Pairs pairs : Pairs.of(scope, batch.vectors(), batch.presence())) {
      if (pairs.count() > 0) {
        NDArray p = pairs.first().matMul(columns).logSoftmax(1);
        NDArray q = pairs.second().matMul(columns).logSoftmax(1);
        NDArray each = kernels.scaled(scope, crossEntropy(scope, p, q).add(crossEntropy(scope, q, p)), 0.5);
        NDArray rows = scope.longs(IntStream.of(pairs.rows()).asLongStream().toArray(), pairs.count());
        sum = sum.add(kernels.indexAdd(scope, n, rows, each));
      }
    }
    return sum;
  }

  /** {@code −Σ exp(teacher) student} a row, the teacher held constant. */
  private static NDArray crossEntropy(Scope scope, NDArray teacher, NDArray student) {
    NDArray constant = Autograd.constant(scope, teacher).exp();
    return student.mul(constant).sum(new int[]{1}).neg();
  }

  @Override
  public Sensitivity sensitivity() {
    return Sensitivity.record(1);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
