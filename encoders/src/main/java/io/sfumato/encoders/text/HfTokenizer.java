package io.sfumato.encoders.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sfumato.encoders.EncoderException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A Hugging Face tokenizer as its {@code tokenizer.json} describes it (normalisation, splitting, vocabulary, special
 * tokens), run by DJL's binding of the Rust library. The file's own truncation and padding are replaced: texts are cut
 * to {@link #maxTokens()}, special tokens included, at the end that the file names, and not padded.
 *
 * <p>The file is checked before the library sees it, so that a malformed one is an error and not the end of the process.
 *
 * <p>Thread-safe. Owns native memory: close it, once nobody uses it any more.
 */
public final class HfTokenizer implements AutoCloseable {
  private final byte[] json;
  private final int maxTokens;
  private final HuggingFaceTokenizer tokenizer;
  private final String origin;

  private HfTokenizer(byte[] json, int maxTokens, HuggingFaceTokenizer tokenizer, String origin) {
    this.json = json;
    this.maxTokens = maxTokens;
    this.tokenizer = tokenizer;
    this.origin = origin;
  }

  /**
   * Makes a tokenizer from the bytes of a {@code tokenizer.json}.
   *
   * @param maxTokens longer texts are cut to this, at least 3 so that one token fits between the special ones
   * @param origin where the bytes come from, for messages
   * @throws EncoderException {@code CHECKPOINT_CORRUPT} when they describe no tokenizer
   */
  public static HfTokenizer of(byte[] json, int maxTokens, String origin) {
    if (maxTokens < 3) {
      throw new IllegalArgumentException("a text needs room for 3 tokens at least but maxTokens is " + maxTokens);
    }
    TokenizerJson checked = TokenizerJson.check(json, maxTokens, origin);
    Map<String, String> options = Map.of("truncation", "true", "padding", "false", "maxLength",
        String.valueOf(maxTokens), "modelMaxLength", String.valueOf(maxTokens));
    try {
      InputStream cleaned = new ByteArrayInputStream(checked.cleaned().getBytes(StandardCharsets.UTF_8));
      return new HfTokenizer(json.clone(), maxTokens, HuggingFaceTokenizer.newInstance(cleaned, options), origin);
    } catch (IOException | RuntimeException e) {
      throw TokenizerJson.corrupt(origin, String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown cause"),
          e);
    }
  }

  /** Makes a tokenizer from a {@code tokenizer.json} on disk; see {@link #of}. */
  public static HfTokenizer load(Path file, int maxTokens) {
    if (!Files.isRegularFile(file)) {
      boolean words = Files.isRegularFile(file.resolveSibling("vocab.txt"))
          || Files.isRegularFile(file.resolveSibling("vocab.json"))
          || Files.isRegularFile(file.resolveSibling("sentencepiece.bpe.model"));
      throw new EncoderException("MODEL_NOT_FOUND", "no tokenizer at " + file + "; a tokenizer.json is needed there"
          + (words ? ": the vocabulary beside it does not say how texts are split; make it in Python by"
              + " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)" : ""));
    }
    try {
      if (Files.size(file) > TokenizerJson.MAX_BYTES) {
        throw new EncoderException("CHECKPOINT_CORRUPT", file + ": no readable tokenizer: it has " + Files.size(file)
            + " bytes; at most " + TokenizerJson.MAX_BYTES + " are accepted");
      }
      return of(Files.readAllBytes(file), maxTokens, file.toString());
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + file + ": " + e, e);
    }
  }

  /** Tokenises one text; characters that are no Unicode text (lone surrogates) become question marks. */
  public TokenIds encode(String text) {
    return tokens(() -> tokenizer.encode(valid(text), true, false));
  }

  /**
   * Tokenises two texts as one input, with special tokens and types as the file says for pairs; where they are too long
   * together, the longer one is cut first.
   */
  public TokenIds encode(String first, String second) {
    return tokens(() -> tokenizer.encode(valid(first), valid(second), true, false));
  }

  private static String valid(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private TokenIds tokens(Supplier<Encoding> run) {
    Encoding encoding;
    try {
      encoding = run.get();
    } catch (RuntimeException e) {
      throw new EncoderException("INVALID_CONFIG", origin + ": the tokenizer cannot split a text: "
          + TokenizerParts.shortened(String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown cause")), e);
    }
    long[] ids = encoding.getIds();
    if (ids.length == 0 || ids.length > maxTokens) {
      throw new EncoderException("INVALID_CONFIG", origin + ": a text became " + ids.length + " tokens where 1 to "
          + maxTokens + " are possible; its special tokens leave no room, or there are none");
    }
    return new TokenIds(narrow(ids), narrow(encoding.getTypeIds()));
  }

  private static int[] narrow(long[] values) {
    int[] compact = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      compact[i] = (int) values[i]; // Checked to fit when the file was read.
    }
    return compact;
  }

  /** The largest number of tokens of a text, special ones included. */
  public int maxTokens() {
    return maxTokens;
  }

  /** The {@code tokenizer.json} that this was made from. */
  public byte[] json() {
    return json.clone();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
