package io.sfumato.fusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trained weights that depend on the item: the softmax, over the modalities that it has, of {@code G [v_1; …; v_N] + b}, where the vectors of those that it lacks count as zeros.
 * G begins at zero, so that all items begin with the same weights.
 */
public final class GatedFusion implements Fusion {
  private final List<String> modalities;
  private final Linear gate;

  /**
   * @param modalities names, at least one
   * @param weights weights at the start, in [0, 1], summing to one; a zero becomes a very small weight, since a softmax has none
   * @param dimension length d of the vectors
   */
  public GatedFusion(List<String> modalities, double[] weights, int dimension) {
    double[] checked = Fusion.check(modalities, weights);
    this.modalities = List.copyOf(modalities);
    int count = checked.length;
    this.gate = new Linear(
        new Parameter("fusion.gate", new Shape(count, (long) count * dimension), new float[count * count * dimension]),
        new Parameter("fusion.logits", new Shape(count), LearnedFusion.logits(checked)));
  }

  @Override
  public FusionKind kind() {
    return FusionKind.GATED;
  }

  @Override
  public List<String> modalities() {
    return modalities;
  }

  @Override
  public NDArray weights(Scope scope, List<NDArray> vectors, NDArray presence, @Nullable Tape tape) {
    List<NDArray> masked = new ArrayList<>();
    for (int m = 0; m < vectors.size(); m++) {
      masked.add(scope.own(vectors.get(m).mul(presence.get(":, " + m + ":" + (m + 1)))));
    }
    NDArray all = scope.own(NDArrays.concat(new NDList(masked), 1));
    NDArray raw = gate.forward(scope, all, tape).softmax(1);
    return Fusion.normalise(presence.mul(raw));
  }

  @Override
  public List<Parameter> parameters() {
    return gate.parameters();
  }

  @Override
  public void close() {
    gate.close();
  }
}
