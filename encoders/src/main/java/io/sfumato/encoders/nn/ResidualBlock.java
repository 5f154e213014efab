package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The basic block of a residual network (He et al. 2016): 3x3 convolution, group norm, ReLU, 3x3 convolution, group
 * norm, plus the input, ReLU. Where the shape changes, a 1x1 convolution and a norm bring the input to it. Named as in
 * torchvision: {@code <name>.conv1}, {@code .bn1}, {@code .conv2}, {@code .bn2}, {@code .downsample.0} and {@code .1}
 * (timm's group-norm networks keep {@code bn} too).
 */
public final class ResidualBlock implements Layer {
  private final Conv2d conv1;
  private final GroupNorm norm1;
  private final Conv2d conv2;
  private final GroupNorm norm2;
  private final @Nullable Conv2d shortcut;
  private final @Nullable GroupNorm shortcutNorm;

  /**
   * Makes a block, with a shortcut projection where {@code stride} or the number of channels asks for one.
   *
   * @param name prefix, such as {@code layer1.0}
   * @param in number of input channels
   * @param out number of output channels
   * @param stride of the first convolution; 2 halves height and width
   * @param groups of the norms; divides {@code out}
   */
  public ResidualBlock(String name, int in, int out, int stride, int groups, Init init) {
    conv1 = new Conv2d(name + ".conv1", in, out, 3, stride, 1, false, init);
    norm1 = new GroupNorm(name + ".bn1", groups, out, init);
    conv2 = new Conv2d(name + ".conv2", out, out, 3, 1, 1, false, init);
    norm2 = new GroupNorm(name + ".bn2", groups, out, init);
    boolean same = in == out && stride == 1;
    shortcut = same ? null : new Conv2d(name + ".downsample.0", in, out, 1, stride, 0, false, init);
    shortcutNorm = same ? null : new GroupNorm(name + ".downsample.1", groups, out, init);
  }

  /** x [n, in, h, w]; result [n, out, ⌈h/stride⌉, ⌈w/stride⌉]. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray y = kernels.relu(scope, norm1.forward(scope, conv1.forward(scope, x, tape), tape));
    y = norm2.forward(scope, conv2.forward(scope, y, tape), tape);
    NDArray around = shortcut == null || shortcutNorm == null
        ? x
        : shortcutNorm.forward(scope, shortcut.forward(scope, x, tape), tape);
    return kernels.relu(scope, y.add(around));
  }

  @Override
  public List<Layer> children() {
    List<Layer> all = new ArrayList<>(List.of(conv1, norm1, conv2, norm2));
    if (shortcut != null && shortcutNorm != null) {
      all.addAll(List.of(shortcut, shortcutNorm));
    }
    return all;
  }
}
