package io.sfumato.encoders.text;

import io.sfumato.encoders.EncoderException;
import java.util.Locale;

/**
 * What happens to a text before it is tokenised, and how long it may be.
 *
 * @param maxTokens texts are cut to this many tokens, special ones included; at least 3
 * @param lowerCase whether texts are made lower case first
 * @param prefix what is put before every text, such as {@code "query: "}; empty as a rule
 */
public record TextReading(int maxTokens, boolean lowerCase, String prefix) {
  public TextReading {
    if (maxTokens < 3) {
      throw new EncoderException("INVALID_CONFIG", "texts can be cut to 3 tokens or more, not to " + maxTokens);
    }
  }

  /** Texts as they are, cut to a length. */
  public static TextReading upTo(int maxTokens) {
    return new TextReading(maxTokens, false, "");
  }

  String apply(String text) {
    String whole = prefix + text;
    return lowerCase ? whole.toLowerCase(Locale.ROOT) : whole;
  }
}
