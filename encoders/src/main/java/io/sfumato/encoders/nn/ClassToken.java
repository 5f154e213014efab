package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.Script;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a learned vector before the first position of every sequence, where a vision transformer gathers what it sees
 * (Dosovitskiy et al. 2021). The parameter has the whole of the given name, without a suffix.
 *
 * <p>Per-example gradients are those of {@link Replicated}: every example has a copy of the vector.
 */
public final class ClassToken implements Layer {
  private static final Script SCRIPT = Script.of("class_token", """
    def before(self: __torch__.Script, token: Tensor, x: Tensor) -> Tensor:
      return torch.cat([torch.unsqueeze(token, 1), x], 1)
    """);

  private final Replicated token;

  /**
   * A token of normal values.
   *
   * @param name of the parameter, such as {@code embeddings.cls_token}
   * @param shape in the checkpoint, [1, 1, width] for ViT and [width] for CLIP
   */
  public ClassToken(String name, Init init, long... shape) {
    token = new Replicated(init.normal(name, shape));
  }

  /** x [n, t, width]; result [n, 1 + t, width]. */
  public NDArray forward(Scope scope, NDArray x, @Nullable Tape tape) {
    int rows = Math.toIntExact(x.getShape().get(0));
    return SCRIPT.call(scope, "before", token.forward(scope, rows, tape), x);
  }

  @Override
  public List<Parameter> parameters() {
    return token.parameters();
  }
}
