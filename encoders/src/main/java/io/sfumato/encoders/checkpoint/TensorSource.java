package io.sfumato.encoders.checkpoint;

import io.sfumato.encoders.EncoderException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Named tensors that can be read one by one. */
public interface TensorSource {
  /** Where they come from, for messages. */
  String origin();

  /** The names of all tensors, in the order of the file. */
  Set<String> names();

  /**
   * Reads one tensor, widened or narrowed to float32.
   *
   * @throws EncoderException {@code TENSOR_MISSING} when there is none of this name
   */
  FloatTensor tensor(String name);

  /**
   * The sizes of one tensor, outermost first, without reading it.
   *
   * @throws EncoderException {@code TENSOR_MISSING} when there is none of this name
   */
  long[] shape(String name);

  /**
   * Checks one tensor's shape without reading it.
   *
   * @throws EncoderException {@code TENSOR_MISSING} or {@code SHAPE_MISMATCH}, naming the tensor
   */
  default void check(String name, long... shape) {
    if (!Arrays.equals(shape(name), shape)) {
      throw new EncoderException("SHAPE_MISMATCH", origin() + ": tensor '" + name + "' has shape "
          + Arrays.toString(shape(name)) + " but the model needs " + Arrays.toString(shape));
    }
  }

  /** Whether there is a tensor of this name. */
  default boolean has(String name) {
    return names().contains(name);
  }

  /**
   * The same tensors under other names; where two would have the same name, the one that is not renamed wins, then the
   * first. What is read through it is read from this source, which the caller still closes.
   *
   * @param rename from the names here to those of the view
   */
  default TensorSource renamed(UnaryOperator<String> rename) {
    return new RenamedTensors(this, rename);
  }

  /**
   * The same tensors without a prefix that some checkpoints put before the names, such as {@code bert.} where the
   * encoder is one part of a larger model; names without it stay as they are. See {@link #renamed}.
   *
   * @param prefixes the first one that a name begins with is removed
   */
  default TensorSource withoutPrefix(String... prefixes) {
    return renamed(name -> Arrays.stream(prefixes)
        .filter(name::startsWith)
        .findFirst()
        .map(prefix -> name.substring(prefix.length()))
        .orElse(name));
  }
}
