package io.sfumato.fusion;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Weights that are given and never trained. Owns no native memory. */
public final class FixedFusion implements Fusion {
  private final List<String> modalities;
  private final float[] weights;

  /**
   * @param modalities names, at least one
   * @param weights one a modality, in [0, 1], summing to one
   */
  public FixedFusion(List<String> modalities, double[] weights) {
    double[] checked = Fusion.check(modalities, weights);
    this.modalities = List.copyOf(modalities);
    this.weights = new float[checked.length];
    for (int m = 0; m < checked.length; m++) {
      this.weights[m] = (float) checked[m];
    }
  }

  /** {@code (1−a)·text + a·image}. */
  public static FixedFusion textImage(double imageWeight) {
    return new FixedFusion(List.of("text", "image"), new double[]{1 - imageWeight, imageWeight});
  }

  @Override
  public FusionKind kind() {
    return FusionKind.FIXED;
  }

  @Override
  public List<String> modalities() {
    return modalities;
  }

  /** The given weights, a fresh array. */
  public float[] given() {
    return weights.clone();
  }

  @Override
  public NDArray weights(Scope scope, List<NDArray> vectors, NDArray presence, @Nullable Tape tape) {
    NDArray raw = presence.mul(scope.floats(weights, 1, weights.length));
    NDArray nothingLeft = raw.sum(new int[]{1}, true).lte(0).toType(raw.getDataType(), false);
    return Fusion.normalise(raw.add(presence.mul(nothingLeft)));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public void close() {}
}
