package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.adapter.Adapters;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.checkpoint.Weights;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.nn.TransformerBlock;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transformer that turns tokens into states and the states of a text into one vector. Made of native layers that can be
 * fine-tuned, under the names of Hugging Face checkpoints; a subclass says which names, and what its folder looks like.
 *
 * <p>Owns its parameters and its tokenizer: close it. See {@link io.sfumato.encoders.Encoder} for threads.
 */
public abstract sealed class TransformerTextEncoder implements TextEncoder
    permits BertEncoder, RobertaEncoder, DistilBertEncoder, ClipTextEncoder {
  static final String WEIGHTS = "model.safetensors";
  static final String CONFIG = "config.json";

  private final TransformerConfig config;
  private final TextReading reading;
  private final HfTokenizer tokenizer;
  private final ObjectNode tokenizerConfig;
  private final TokenEmbeddings embeddings;
  private final List<TransformerBlock> blocks;
  private final SentenceHead head;
  private final Backbone backbone;
  private SentenceHead chosen;

  /**
   * Puts layers together.
   *
   * @param before layers between the blocks and the head, in their order
   */
  TransformerTextEncoder(TransformerConfig config, Reader reader, TokenEmbeddings embeddings,
      List<TransformerBlock> blocks, List<? extends Layer> before, SentenceHead head) {
    this.config = config;
    this.reading = reader.reading();
    this.tokenizer = reader.tokenizer();
    this.tokenizerConfig = reader.tokenizerConfig();
    this.embeddings = embeddings;
    this.blocks = List.copyOf(blocks);
    this.head = head;
    this.chosen = head;
    List<Layer> last = new ArrayList<>(before);
    last.addAll(head.layers());
    this.backbone = new Backbone(List.of(embeddings), blocks, last);
  }

  /**
   * What reads texts.
   *
   * @param tokenizer becomes the encoder's own
   * @param tokenizerConfig what the folder says of the tokenizer beside its file
   */
  record Reader(TextReading reading, HfTokenizer tokenizer, ObjectNode tokenizerConfig) {
    Reader(TextReading reading, HfTokenizer tokenizer) {
      this(reading, tokenizer, new ObjectMapper().createObjectNode());
    }
  }

  /**
   * Checks the sizes that a configuration claims against a checkpoint, before memory is taken for them.
   *
   * @param names prefixes of the embeddings' names
   * @param inner name of the widest layer of block i, with {@code %d} for i
   */
  static void checkSizes(TensorSource weights, TransformerConfig config, TokenEmbeddings.Names names, String inner) {
    weights.check(names.words() + ".weight", config.vocabulary(), config.width());
    weights.check(names.positions() + ".weight", config.positions(), config.width());
    if (names.types() != null) {
      weights.check(names.types() + ".weight", config.tokenTypes(), config.width());
    }
    for (int i = 0; i < config.layers(); i++) {
      weights.check(inner.formatted(i), config.shape().inner(), config.width());
    }
  }

  /** Sets the weights that the model's own checkpoint has. */
  final void load(TensorSource weights) {
    Weights.load(weights, ownWeights());
  }

  private List<Parameter> ownWeights() {
    List<Parameter> elsewhere = weightsOfModules();
    return backbone.weights().stream().filter(weight -> !elsewhere.contains(weight)).toList();
  }

  /** The weights that lie in files of their own, beside the model's. */
  List<Parameter> weightsOfModules() {
    return head.layers().stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  @Override
  public final int dimension() {
    return chosen.dimension(config.width());
  }

  /** The sizes of this encoder. */
  public final TransformerConfig config() {
    return config;
  }

  /** Texts are cut to this many tokens, special ones included. */
  public final int maxTokens() {
    return reading.maxTokens();
  }

  final TextReading reading() {
    return reading;
  }

  final HfTokenizer tokenizer() {
    return tokenizer;
  }

  final SentenceHead head() {
    return chosen;
  }

  /**
   * Chooses how states become one vector, in place of what the folder says; layers behind the pooling are left out then.
   *
   * @throws EncoderException {@code INVALID_CONFIG} where the encoder learns layers that would be left out
   */
  public void setPooling(Pooling pooling) {
    if (!head.layers().isEmpty()) {
      throw new EncoderException("INVALID_CONFIG",
          "the encoder has layers behind its pooling, which were trained for it; its pooling stays " + head.pooling());
    }
    chosen = new SentenceHead(pooling, chosen.steps());
  }

  /** Chooses whether vectors have unit length, in place of what the folder says. */
  public void setNormalize(boolean normalize) {
    chosen = chosen.normalizing(normalize);
  }

  @Override
  public final String fingerprint() {
    byte[] json = description().getBytes(StandardCharsets.UTF_8);
    byte[] vocabulary = tokenizer.json();
    byte[] description = Arrays.copyOf(json, json.length + vocabulary.length);
    System.arraycopy(vocabulary, 0, description, json.length, vocabulary.length);
    return Weights.fingerprint(description, backbone, List.of());
  }

  /** Everything beside weights and tokenizer that decides what is computed. */
  String description() {
    return getClass().getSimpleName() + " " + config.description() + " " + reading + " " + chosen.description();
  }

  @Override
  public final Backbone backbone() {
    return backbone;
  }

  @Override
  public final List<Parameter> parameters() {
    return backbone.parameters();
  }

  @Override
  public final void setTraining(FineTuning how) {
    backbone.setTraining(how);
  }

  /**
   * Tokenises.
   *
   * @throws EncoderException {@code TOKENIZER_MISMATCH} when the tokenizer knows ids that the model does not
   */
  @Override
  public final TokenIds prepare(String text) {
    return known(tokenizer.encode(reading.apply(text)));
  }

  /** Two texts as one input, told apart by special tokens and, where the model has them, by types. */
  @Override
  public final TokenIds prepare(String first, String second) {
    return known(tokenizer.encode(reading.apply(first), reading.apply(second)));
  }

  private TokenIds known(TokenIds tokens) {
    if (tokens.largest() >= config.vocabulary()) {
      throw new EncoderException("TOKENIZER_MISMATCH", "the tokenizer gives the id " + tokens.largest()
          + " but the model has a vocabulary of " + config.vocabulary()
          + ": take the tokenizer.json of the same model");
    }
    // Models of one type, and those without types, are given none, as their own tokenizers do.
    return tokens.largestType() < config.tokenTypes() && hasTypes() ? tokens : new TokenIds(tokens.ids());
  }

  /** Whether the model is told which part of a pair a token belongs to. */
  boolean hasTypes() {
    return false;
  }

  @Override
  public final NDArray forward(Scope scope, List<TokenIds> batch, @Nullable Tape tape) {
    PaddedTokens padded = PaddedTokens.of(scope, batch);
    NDArray states = TensorRuntime.get().kernels().toFloat(scope, states(scope, padded, tape));
    return chosen.finish(scope, pool(scope, states, padded), tape);
  }

  /** States [n, t, width] to one vector a text, [n, …]. */
  NDArray pool(Scope scope, NDArray states, PaddedTokens batch) {
    return chosen.pooling().apply(scope, states, batch);
  }

  /**
   * The last states of a batch, float32 [n, t, width] with t the tokens of the longest text; those of padding mean
   * nothing.
   */
  @Override
  public final NDArray states(Scope scope, List<TokenIds> batch, @Nullable Tape tape) {
    return TensorRuntime.get().kernels().toFloat(scope, states(scope, PaddedTokens.of(scope, batch), tape));
  }

  private NDArray states(Scope scope, PaddedTokens batch, @Nullable Tape tape) {
    NDArray x = embeddings.forward(scope, batch, tape);
    NDArray mask = batch.maskOrNull();
    for (TransformerBlock block : blocks) {
      x = block.forward(scope, x, mask, tape);
    }
    return after(scope, x, tape);
  }

  /** What is done with the last block's states before they are handed out. */
  NDArray after(Scope scope, NDArray states, @Nullable Tape tape) {
    return states;
  }

  @Override
  public void save(Path directory) {
    WholeFile.write(directory.resolve(CONFIG), configJson().toPrettyString() + "\n");
    saveTokenizer(directory);
    Weights.save(directory.resolve(WEIGHTS), ownWeights());
    Adapters.saveAny(backbone, directory);
  }

  /** Writes {@code tokenizer.json}, and {@code tokenizer_config.json} with the length that texts are cut to. */
  public final void saveTokenizer(Path directory) {
    WholeFile.write(directory.resolve(TextFolder.TOKENIZER), tokenizer.json());
    ObjectNode beside = tokenizerConfig.deepCopy();
    WholeFile.write(directory.resolve(TextFolder.TOKENIZER_CONFIG),
        beside.put("model_max_length", maxTokens()).toPrettyString() + "\n");
  }

  /** The {@code config.json} that Hugging Face's tools read. */
  abstract ObjectNode configJson();

  @Override
  public final void close() {
    backbone.close();
    tokenizer.close();
  }
}
