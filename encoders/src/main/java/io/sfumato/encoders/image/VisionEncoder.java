package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image encoder of native layers from a Hugging Face folder: {@link ViTEncoder}, {@link HfResNetEncoder},
 * {@link ClipVisionEncoder}. Beside vectors it gives the states that they are made of, and it takes pictures that are
 * tensors already.
 */
public interface VisionEncoder extends ImageEncoder {
  /**
   * The last hidden state, differentiably, float32 [n, positions, width] of a transformer (the class token first), [n,
   * channels, h, w] of a convolutional network: {@code last_hidden_state} of Hugging Face's own model.
   *
   * @param pixelValues float32 [n, 3, height, width], resized and normalised as {@link #preprocessing()} says
   */
  NDArray states(Scope scope, NDArray pixelValues, @Nullable Tape tape);

  /**
   * The vectors of pictures that are tensors already, differentiably, float32 [n, {@link #dimension()}].
   *
   * @param pixelValues as {@link #states(Scope, NDArray, Tape)}
   */
  NDArray forward(Scope scope, NDArray pixelValues, @Nullable Tape tape);

  /** The last hidden state of prepared pictures; see {@link #states(Scope, NDArray, Tape)}. */
  default NDArray states(Scope scope, List<Pixels> batch, @Nullable Tape tape) {
    return states(scope, preprocessing().toTensor(scope, batch), tape);
  }

  @Override
  default NDArray forward(Scope scope, List<Pixels> batch, @Nullable Tape tape) {
    return forward(scope, preprocessing().toTensor(scope, batch), tape);
  }
}
