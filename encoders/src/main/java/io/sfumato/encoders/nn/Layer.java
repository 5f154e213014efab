package io.sfumato.encoders.nn;

import java.util.List;

/**
 * A differentiable function with parameters that it owns: closing the layer frees them. Forward passes are thread-safe
 * while no parameter changes. A layer either owns parameters directly ({@link TapedLayer}) or combines others, its
 * {@link #children}, whose parameters are its own.
 */
public interface Layer extends AutoCloseable {
  /** The layers that this one combines, in the order of the forward pass; none where it owns its parameters directly. */
  default List<Layer> children() {
    return List.of();
  }

  /** All parameters, frozen ones too, in the order of the forward pass. */
  default List<Parameter> parameters() {
    return children().stream().flatMap(child -> child.parameters().stream()).toList();
  }

  /** Frees the native memory of all parameters. */
  @Override
  default void close() {
    if (children().isEmpty()) {
      parameters().forEach(Parameter::close);
    } else {
      children().forEach(Layer::close);
    }
  }
}
