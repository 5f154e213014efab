package io.sfumato.encoders.nn;

import io.sfumato.encoders.runtime.Scope;
import java.util.List;

/**
 * A layer that owns parameters directly and can say what each example's gradient of them is, from what a {@link Tape}
 * recorded. Whoever adds a layer adds this rule; layers that only combine others need none.
 */
public interface TapedLayer extends Layer {
  @Override
  List<Parameter> parameters();

  /**
   * The per-example gradients of this layer's trainable parameters.
   *
   * @param uses every use of the layer in one forward pass, in order; a weight that is used twice has the sum of both
   *     uses as its gradient, cross terms included
   * @param examples number n of examples
   * @param scope owner of the results
   */
  PerExampleGradient perExample(Scope scope, List<Tape.Use> uses, int examples);
}
