package io.sfumato.encoders;

import java.util.Locale;

/** The number type in which an encoder's linear layers compute; parameters stay float32. */
public enum Precision {
  /** Single precision everywhere. */
  FLOAT32,
  /**
   * Products of bfloat16 operands with float32 sums, for training and inference; norms, losses, optimiser and parameters
   * stay float32. Faster where the processor has AMX or AVX512_BF16, or on a GPU.
   */
  BFLOAT16,
  /**
   * For inference only: weights as 8-bit integers with a scale an output, inputs quantised as they come (dynamic
   * quantisation).
   */
  INT8;

  /**
   * Reads {@code float32}, {@code bfloat16} or {@code int8}.
   *
   * @throws IllegalArgumentException when the text is none of them
   */
  public static Precision parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "float32", "fp32" -> FLOAT32;
      case "bfloat16", "bf16" -> BFLOAT16;
      case "int8" -> INT8;
      default ->
        throw new IllegalArgumentException("precision must be float32, bfloat16 or int8 but was '" + text + "'");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
