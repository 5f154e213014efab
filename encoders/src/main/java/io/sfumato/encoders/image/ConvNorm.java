package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.Conv2d;
import io.sfumato.encoders.nn.FrozenBatchNorm;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A convolution without bias, batch normalisation with fixed statistics and, where wanted, an activation. */
final class ConvNorm implements Layer {
  private static final double EPS = 1e-5;

  private final Conv2d convolution;
  private final FrozenBatchNorm normalization;
  private final @Nullable Activation activation;

  /** One such layer; padding keeps the size where the stride is 1. */
  ConvNorm(Spec spec, Init init) {
    convolution = new Conv2d(spec.name() + ".convolution", spec.in(), spec.out(), spec.kernel(), spec.stride(),
        spec.kernel() / 2, false, init);
    normalization = new FrozenBatchNorm(spec.name() + ".normalization", spec.out(), EPS, init);
    activation = spec.activation();
  }

  /**
   * What such a layer is.
   *
   * @param name prefix of the parameters' names
   * @param in number of input channels
   * @param out number of output channels
   * @param kernel height and width of the kernel, odd, in pixels
   * @param stride in pixels
   * @param activation null for none
   */
  record Spec(String name, int in, int out, int kernel, int stride, @Nullable Activation activation) {}

  /** x [n, in, h, w]; result [n, out, ⌈h/stride⌉, ⌈w/stride⌉]. */
  NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray y = normalization.forward(scope, convolution.forward(scope, x, tape), tape);
    return activation == null ? y : activation.apply(scope, y);
  }

  FrozenBatchNorm normalization() {
    return normalization;
  }

  @Override
  public List<Layer> children() {
    return List.of(convolution, normalization);
  }
}
