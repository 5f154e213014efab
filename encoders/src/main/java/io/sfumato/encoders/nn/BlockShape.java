package io.sfumato.encoders.nn;

import io.sfumato.encoders.EncoderException;

/**
 * The sizes of a {@link TransformerBlock}.
 *
 * @param width of the states, divisible by {@code heads}
 * @param heads attention heads
 * @param inner width of the perceptron's middle, usually 4 times {@code width}
 * @param eps added to the variance by layer normalisation
 * @param activation of the perceptron
 * @param qkvBias whether query, key and value have biases
 * @param causal whether a position sees itself and those before it only
 */
public record BlockShape(int width, int heads, int inner, double eps, Activation activation, boolean qkvBias,
    boolean causal) {

  /** Larger numbers are surely a broken configuration, and would ask for absurd memory. */
  private static final int MAX = 1 << 20;

  public BlockShape {
    positive("width", width);
    positive("heads", heads);
    positive("inner width", inner);
    if (width % heads != 0) {
      throw new EncoderException("INVALID_CONFIG", "width " + width + " does not divide into " + heads + " heads");
    }
    if (!(eps > 0 && eps < 1)) {
      throw new EncoderException("INVALID_CONFIG",
          "the epsilon of layer normalisation must be between 0 and 1 but is " + eps);
    }
  }

  /** Exact GELU, biases everywhere, every position sees every other: BERT and ViT. */
  public static BlockShape of(int width, int heads, int inner, double eps) {
    return new BlockShape(width, heads, inner, eps, Activation.GELU, true, false);
  }

  /** The same with another activation. */
  public BlockShape with(Activation other) {
    return new BlockShape(width, heads, inner, eps, other, qkvBias, causal);
  }

  /** The same, but each position sees itself and those before it only. */
  public BlockShape asCausal() {
    return new BlockShape(width, heads, inner, eps, activation, qkvBias, true);
  }

  private static void positive(String name, int value) {
    if (value < 1 || value > MAX) {
      throw new EncoderException("INVALID_CONFIG",
          "a transformer's " + name + " must be 1 to " + MAX + " but is " + value);
    }
  }
}
