package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A residual block (He et al. 2016) with the names of Hugging Face's {@code resnet}: a row of convolutions
 * {@code <name>.layer.<i>} around which the input goes, through {@code <name>.shortcut} where its shape changes.
 */
final class HfResidualBlock implements Layer {
  private final List<ConvNorm> layers;
  private final @Nullable ConvNorm shortcut;
  private final Activation activation;

  HfResidualBlock(Spec spec, Init init) {
    layers = spec.layers().stream().map(layer -> new ConvNorm(layer, init)).toList();
    shortcut = spec.shortcut() == null ? null : new ConvNorm(spec.shortcut(), init);
    activation = spec.activation();
  }

  /**
   * What a block is made of.
   *
   * @param activation after the sum
   */
  record Spec(List<ConvNorm.Spec> layers, ConvNorm.@Nullable Spec shortcut, Activation activation) {

    /** Two 3x3 convolutions, the first with the stride. */
    static Spec basic(String name, int in, int out, int stride, Activation activation) {
      return new Spec(
          List.of(new ConvNorm.Spec(name + ".layer.0", in, out, 3, stride, activation),
              new ConvNorm.Spec(name + ".layer.1", out, out, 3, 1, null)),
          shortcut(name, in, out, stride), activation);
    }

    /**
     * A 1x1 convolution to a quarter of the channels, a 3x3 one, a 1x1 one back.
     *
     * @param early whether the first convolution has the stride, not the second
     */
    static Spec bottleneck(String name, int in, int out, int stride, boolean early, Activation activation) {
      int narrow = out / 4;
      return new Spec(
          List.of(new ConvNorm.Spec(name + ".layer.0", in, narrow, 1, early ? stride : 1, activation),
              new ConvNorm.Spec(name + ".layer.1", narrow, narrow, 3, early ? 1 : stride, activation),
              new ConvNorm.Spec(name + ".layer.2", narrow, out, 1, 1, null)),
          shortcut(name, in, out, stride), activation);
    }

    private static ConvNorm.@Nullable Spec shortcut(String name, int in, int out, int stride) {
      return in == out && stride == 1 ? null : new ConvNorm.Spec(name + ".shortcut", in, out, 1, stride, null);
    }

    /** Every convolution. */
    List<ConvNorm.Spec> all() {
      return Stream.concat(layers.stream(), Stream.ofNullable(shortcut)).toList();
    }
  }

  /** x [n, in, h, w]; result [n, out, ⌈h/stride⌉, ⌈w/stride⌉]. */
  NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    NDArray y = x;
    for (ConvNorm layer : layers) {
      y = layer.forward(scope, y, tape);
    }
    return activation.apply(scope, y.add(shortcut == null ? x : shortcut.forward(scope, x, tape)));
  }

  /** The convolutions, the shortcut's last. */
  List<ConvNorm> convolutions() {
    List<ConvNorm> all = new ArrayList<>(layers);
    if (shortcut != null) {
      all.add(shortcut);
    }
    return all;
  }

  @Override
  public List<Layer> children() {
    return List.copyOf(convolutions());
  }
}
