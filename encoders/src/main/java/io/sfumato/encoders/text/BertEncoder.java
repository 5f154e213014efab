package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.adapter.Adapters;
import io.sfumato.encoders.checkpoint.SafeTensors;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.checkpoint.Weights;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.Embedding;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.PositionEmbedding;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.nn.TransformerBlock;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BERT (Devlin et al. 2019) as a sentence encoder: the mean of the last states over the text's own tokens, by default
 * scaled to unit length. Made of native layers that can be fine-tuned, under the names of Hugging Face checkpoints.
 *
 * <p>Owns its parameters and its tokenizer: close it. See {@link io.sfumato.encoders.Encoder} for threads.
 */
public final class BertEncoder implements TextEncoder {
  static final String WEIGHTS = "model.safetensors";
  static final String TOKENIZER = "tokenizer.json";

  /** Where neither the folder nor its tokenizer says how long a text may be. */
  private static final int DEFAULT_MAX_TOKENS = 256;

  private final BertConfig config;
  private final HfTokenizer tokenizer;
  private final Embedding words;
  private final Embedding types;
  private final PositionEmbedding positions;
  private final LayerNorm norm;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final Backbone backbone;

  /**
   * An encoder with fresh weights.
   *
   * @param tokenizer becomes this encoder's own; made for {@code config.maxTokens()}
   */
  public BertEncoder(BertConfig config, HfTokenizer tokenizer, Init init) {
    this.config = config;
    this.tokenizer = tokenizer;
    words = new Embedding("embeddings.word_embeddings", config.vocabulary(), config.width(), init);
    types = new Embedding("embeddings.token_type_embeddings", config.tokenTypes(), config.width(), init);
    positions = new PositionEmbedding("embeddings.position_embeddings", config.positions(), config.width(), init);
    norm = new LayerNorm("embeddings.LayerNorm", config.width(), config.eps(), init);
    for (int i = 0; i < config.layers(); i++) {
      blocks.add(TransformerBlock.bert("encoder.layer." + i,
          BlockShape.of(config.width(), config.heads(), config.inner(), config.eps()), init));
    }
    backbone = new Backbone(List.of(words, types, positions, norm), blocks, List.of());
  }

  /**
   * An encoder with the weights of a checkpoint.
   *
   * @param tokenizer becomes this encoder's own, and is closed when a tensor is missing
   * @throws EncoderException naming the tensor that is missing or has another shape
   */
  public static BertEncoder of(BertConfig config, HfTokenizer tokenizer, TensorSource weights) {
    try {
      // Before memory is taken for what the configuration claims.
      weights.check("embeddings.word_embeddings.weight", config.vocabulary(), config.width());
      weights.check("embeddings.position_embeddings.weight", config.positions(), config.width());
      weights.check("embeddings.token_type_embeddings.weight", config.tokenTypes(), config.width());
      for (int i = 0; i < config.layers(); i++) {
        weights.check("encoder.layer." + i + ".intermediate.dense.weight", config.inner(), config.width());
      }
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
    BertEncoder encoder = new BertEncoder(config, tokenizer, Init.none());
    try {
      Weights.load(weights, encoder.backbone.weights());
      return encoder;
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /**
   * Opens a folder with {@code config.json}, {@code model.safetensors} and {@code tokenizer.json}, made by Hugging
   * Face's tools or by {@link #save}.
   *
   * @throws EncoderException when a file or a tensor is missing or does not fit
   */
  public static BertEncoder loadFolder(Path folder) {
    return loadFolder(folder, Encoders.config(folder));
  }

  static BertEncoder loadFolder(Path folder, JsonNode json) {
    BertConfig config = BertConfig.parse(json, maxTokensOf(folder.resolve(TOKENIZER)));
    try (SafeTensors weights = SafeTensors.read(folder.resolve(WEIGHTS))) {
      return of(config, HfTokenizer.load(folder.resolve(TOKENIZER), config.maxTokens()), weights);
    }
  }

  @Override
  public int dimension() {
    return config.width();
  }

  /** The shape of this encoder. */
  public BertConfig config() {
    return config;
  }

  @Override
  public String fingerprint() {
    byte[] json = config.toJson().getBytes(StandardCharsets.UTF_8);
    byte[] vocabulary = tokenizer.json();
    byte[] description = Arrays.copyOf(json, json.length + vocabulary.length);
    System.arraycopy(vocabulary, 0, description, json.length, vocabulary.length);
    return Weights.fingerprint(description, parameters());
  }

  @Override
  public Backbone backbone() {
    return backbone;
  }

  @Override
  public List<Parameter> parameters() {
    return backbone.parameters();
  }

  @Override
  public void setTraining(FineTuning how) {
    backbone.setTraining(how);
  }

  /**
   * Tokenises.
   *
   * @throws EncoderException {@code TOKENIZER_MISMATCH} when the tokenizer knows ids that the model does not
   */
  @Override
  public TokenIds prepare(String text) {
    TokenIds tokens = tokenizer.encode(text);
    if (tokens.largest() >= config.vocabulary()) {
      throw new EncoderException("TOKENIZER_MISMATCH", "the tokenizer gives the id " + tokens.largest()
          + " but the model has a vocabulary of " + config.vocabulary()
          + ": take the tokenizer.json of the same model");
    }
    return tokens;
  }

  @Override
  public NDArray forward(Scope scope, List<TokenIds> batch, @Nullable Tape tape) {
    Padded padded = Padded.of(scope, batch);
    NDArray states = states(scope, padded, tape);
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray pooled = kernels.maskedMean(scope, states, padded.mask());
    return config.normalize() ? kernels.unit(scope, pooled) : pooled;
  }

  /**
   * The last states of a batch, float32 [n, t, width] with t the tokens of the longest text; those of padding mean
   * nothing.
   */
  public NDArray states(Scope scope, List<TokenIds> batch, @Nullable Tape tape) {
    return states(scope, Padded.of(scope, batch), tape);
  }

  private NDArray states(Scope scope, Padded batch, @Nullable Tape tape) {
    NDArray x = words.forward(scope, batch.ids(), tape);
    x = x.add(types.forward(scope, batch.ids().zerosLike(), tape));
    x = norm.forward(scope, positions.forward(scope, x, tape), tape);
    NDArray mask = batch.ragged() ? batch.mask() : null;
    for (TransformerBlock block : blocks) {
      x = block.forward(scope, x, mask, tape);
    }
    return x;
  }

  @Override
  public void save(Path directory) {
    WholeFile.write(directory.resolve("config.json"), config.toJson());
    WholeFile.write(directory.resolve(TOKENIZER), tokenizer.json());
    Weights.save(directory.resolve(WEIGHTS), backbone.weights());
    Adapters.saveAny(backbone, directory);
  }

  @Override
  public void close() {
    backbone.close();
    tokenizer.close();
  }

  /** How long a text may be, by the truncation that the tokenizer's file asks for. */
  private static int maxTokensOf(Path tokenizer) {
    try {
      return new ObjectMapper().readTree(tokenizer.toFile())
          .path("truncation")
          .path("max_length")
          .asInt(DEFAULT_MAX_TOKENS);
    } catch (IOException e) {
      return DEFAULT_MAX_TOKENS; // The tokenizer itself says better what is wrong with its file.
    }
  }

  /** A batch as the engine reads it. */
  private record Padded(NDArray ids, NDArray mask, boolean ragged) {
    static Padded of(Scope scope, List<TokenIds> batch) {
      int n = batch.size();
      int longest = batch.stream()
          .mapToInt(TokenIds::size)
          .max()
          .orElseThrow(() -> new IllegalArgumentException("a batch needs at least one text"));
      long[] ids = new long[n * longest];
      float[] mask = new float[n * longest];
      boolean ragged = false;
      for (int i = 0; i < n; i++) {
        TokenIds text = batch.get(i);
        text.copyTo(ids, i * longest);
        Arrays.fill(mask, i * longest, i * longest + text.size(), 1f);
        ragged |= text.size() < longest;
      }
      return new Padded(scope.longs(ids, n, longest), scope.floats(mask, n, longest), ragged);
    }
  }
}
