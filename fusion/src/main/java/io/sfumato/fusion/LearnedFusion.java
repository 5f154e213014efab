package io.sfumato.fusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Replicated;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One trained weight a modality, the same for all items: the softmax of trained logits over the modalities that the item has. */
public final class LearnedFusion implements Fusion {
  private final List<String> modalities;
  private final Replicated logits;

  /**
   * @param modalities names, at least one
   * @param weights weights at the start, in [0, 1], summing to one; a zero becomes a very small weight, since a softmax has none
   */
  public LearnedFusion(List<String> modalities, double[] weights) {
    double[] checked = Fusion.check(modalities, weights);
    this.modalities = List.copyOf(modalities);
    this.logits = new Replicated(new Parameter("fusion.logits", new Shape(checked.length), logits(checked)));
  }

  /** Logits whose softmax is these weights; zeros become one in ten million. */
  static float[] logits(double[] weights) {
    float[] out = new float[weights.length];
    for (int m = 0; m < out.length; m++) {
      out[m] = (float) Math.log(Math.max(weights[m], 1e-7));
    }
    return out;
  }

  @Override
  public FusionKind kind() {
    return FusionKind.LEARNED;
  }

  @Override
  public List<String> modalities() {
    return modalities;
  }

  @Override
  public NDArray weights(Scope scope, List<NDArray> vectors, NDArray presence, @Nullable Tape tape) {
    NDArray raw = scope.own(logits.forward(scope, Math.toIntExact(presence.getShape().get(0)), tape).softmax(1));
    return Fusion.normalise(presence.mul(raw));
  }

  @Override
  public List<Parameter> parameters() {
    return logits.parameters();
  }

  @Override
  public void close() {
    logits.close();
  }
}
