package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From a text to a vector. */
public interface TextEncoder extends Encoder<String, TokenIds> {
  @Override
  default String modality() {
    return "text";
  }

  /** The number of tokens: a batch is padded to its longest text. */
  @Override
  default int cost(TokenIds prepared) {
    return prepared.size();
  }

  /** Tokens of an inference batch, padding included. */
  @Override
  default int batchCost() {
    return 2048;
  }

  /**
   * Tokenises two texts as one input, such as a title and a description.
   *
   * @throws EncoderException {@code UNSUPPORTED_MODEL} where the encoder reads single texts only
   */
  default TokenIds prepare(String first, String second) {
    throw new EncoderException("UNSUPPORTED_MODEL",
        "this encoder reads no pairs of texts: join them to one text, or take another encoder");
  }

  /**
   * The last states of a batch, float32 [n, t, width] with t the tokens of the longest text; those of padding mean
   * nothing.
   *
   * @throws EncoderException {@code UNSUPPORTED_MODEL} where the encoder has no states a token
   */
  default NDArray states(Scope scope, List<TokenIds> batch, @Nullable Tape tape) {
    throw new EncoderException("UNSUPPORTED_MODEL", "this encoder has no states of single tokens");
  }
}
