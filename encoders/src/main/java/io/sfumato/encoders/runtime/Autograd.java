package io.sfumato.encoders.runtime;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.sfumato.encoders.EncoderException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Backward passes and gradients. DJL allows one {@code GradientCollector} a JVM and leaves gradients on the parameter's
 * manager; these calls go around both. A backward pass runs on the calling thread.
 */
public final class Autograd {
  /** An array without values stands for a gradient that is not there. */
  private static final Script SCRIPT = Script.of("autograd", """
    def gradients(self: __torch__.Script, loss: Tensor, by: List[Tensor]) -> List[Tensor]:
      found = torch.grad([loss], by, None, None, False, True)
      result = annotate(List[Tensor], [])
      for i in range(torch.len(found)):
        g = found[i]
        if torch.__is__(g, None):
          _0 = torch.append(result, torch.new_empty(loss, [0]))
        else:
          _1 = torch.append(result, torch.contiguous(unchecked_cast(Tensor, g)))
      return result
    def probe(self: __torch__.Script, x: Tensor) -> Tensor:
      e = torch.expand(torch.new_zeros(x, [1]), torch.size(x))
      e = torch.requires_grad_(e, True)
      _0 = torch.add_(x, e)
      return e
    """);

  private Autograd() {}

  /**
   * Adds the gradient of a scalar to every array that it depends on and that requires one.
   *
   * @throws EncoderException {@code NO_GRADIENT} when the loss depends on nothing that requires a gradient
   */
  public static void backward(NDArray loss) {
    checkScalar(loss);
    try (NDArray one = loss.onesLike()) {
      JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
    } catch (EngineException e) {
      throw noGradient(e);
    }
  }

  /**
   * The gradients of a scalar by arrays that it was computed from, without touching what {@link #backward} adds up. Frees
   * what the forward pass kept for it, so it is for one call a loss.
   *
   * @param by each requires a gradient or depends on something that does
   * @return one an array, owned by {@code scope}; null where the scalar does not depend on the array
   * @throws EncoderException {@code NO_GRADIENT} when the loss depends on nothing that requires a gradient
   */
  public static List<@Nullable NDArray> gradients(Scope scope, NDArray loss, List<NDArray> by) {
    checkScalar(loss);
    List<@Nullable NDArray> gradients = new ArrayList<>(by.size());
    for (NDArray gradient : raw(scope, loss, by)) {
      if (gradient.size() == 0) {
        gradient.close();
        gradients.add(null);
      } else {
        gradients.add(gradient);
      }
    }
    return gradients;
  }

  private static NDArray[] raw(Scope scope, NDArray loss, List<NDArray> by) {
    try {
      return SCRIPT.callAll(scope, "gradients", loss, by);
    } catch (EncoderException e) {
      throw noGradient(e);
    }
  }

  private static EncoderException noGradient(RuntimeException e) {
    return new EncoderException("NO_GRADIENT", "The backward pass failed: "
        + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
        + " (are all parameters frozen, or was the forward pass made inside inference()?)", e);
  }

  private static void checkScalar(NDArray loss) {
    if (loss.size() != 1) {
      throw new IllegalArgumentException("a loss must be one number but has shape " + loss.getShape());
    }
  }

  /** The gradient of an array, owned by {@code scope}, sharing memory with what accumulates; null where there is none. */
  public static @Nullable NDArray gradient(Scope scope, NDArray array) {
    PtNDArray gradient = JniUtils.getGradient((PtNDArray) array);
    return gradient == null ? null : scope.own(gradient);
  }

  /** Sets the gradient of an array to zero, where it has one. */
  public static void zeroGradient(NDArray array) {
    JniUtils.zeroGrad((PtNDArray) array);
  }

  /** The same memory as a constant: gradients do not flow through it. The result lands in {@code scope}. */
  public static NDArray constant(Scope scope, NDArray array) {
    return scope.own(JniUtils.detachGradient((PtNDArray) array));
  }

  /**
   * Zeros that are added to an array in place, so that the gradient by them is that by the array, which need not be kept
   * for it. They take no memory.
   *
   * @param array a result that its own operation does not need for its gradient, such as a linear layer's
   * @return of the array's shape, requiring a gradient
   */
  public static NDArray probe(Scope scope, NDArray array) {
    return SCRIPT.call(scope, "probe", array);
  }
}
