package io.sfumato.encoders.text;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.BlockShape;

/**
 * The sizes of a transformer that reads texts, as in the {@code config.json} of its Hugging Face folder.
 *
 * @param vocabulary number of token ids
 * @param layers number of transformer blocks
 * @param positions rows of the table of positions
 * @param firstPosition the row of a text's first token, 0 but in RoBERTa, whose first rows are for padding
 * @param tokenTypes number of parts that a text may have; 0 where the model does not tell parts apart
 * @param shape of a block
 */
public record TransformerConfig(int vocabulary, int layers, int positions, int firstPosition, int tokenTypes,
    BlockShape shape) {

  private static final int MAX = 1 << 24;
  private static final int MIN_TOKENS = 3;

  public TransformerConfig {
    within("vocabulary", vocabulary, 1);
    within("number of layers", layers, 1);
    within("number of token types", tokenTypes, 0);
    within("first position", firstPosition, 0);
    within("number of positions", positions, firstPosition + MIN_TOKENS);
  }

  /** A transformer as BERT has it: exact GELU, positions from 0 on, two kinds of tokens. */
  public static TransformerConfig of(int vocabulary, int width, int layers, int heads, int inner, int positions) {
    return new TransformerConfig(vocabulary, layers, positions, 0, 2, BlockShape.of(width, heads, inner, 1e-12));
  }

  /** The length of a state. */
  public int width() {
    return shape.width();
  }

  /** The largest number of tokens that a text may have. */
  public int longest() {
    return positions - firstPosition;
  }

  /** Everything that decides what is computed, in words that do not change between versions. */
  String description() {
    return "vocabulary %d layers %d positions %d from %d types %d width %d heads %d inner %d eps %s %s%s".formatted(
        vocabulary, layers, positions, firstPosition, tokenTypes, shape.width(), shape.heads(), shape.inner(),
        shape.eps(), activation(), shape.causal() ? " causal" : "");
  }

  Activation activation() {
    return shape.activation();
  }

  private static void within(String what, int value, int least) {
    if (value < least || value > MAX) {
      throw new EncoderException("INVALID_CONFIG",
          "a transformer's " + what + " must be " + least + " to " + MAX + " but is " + value);
    }
  }
}
