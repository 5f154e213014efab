package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.TransformerBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * BERT (Devlin et al. 2019) as a sentence encoder. Where the folder does not say otherwise, a text's vector is the mean
 * of the last states over its own tokens, scaled to unit length.
 */
public final class BertEncoder extends TransformerTextEncoder {
  static final String MODEL_TYPE = "bert";
  private static final String INNER = "encoder.layer.%d.intermediate.dense.weight";

  private final @Nullable JsonNode original;

  private BertEncoder(TransformerConfig config, Reader reader, SentenceHead head, @Nullable JsonNode original,
      Init init) {
    super(config, reader, new TokenEmbeddings(TokenEmbeddings.Names.BERT, config, init),
        blocks(config, init), List.of(), head);
    this.original = original;
  }

  /**
   * An encoder with fresh weights, whose vectors are means of unit length.
   *
   * @param tokenizer becomes this encoder's own, and says how long a text may be
   */
  public BertEncoder(TransformerConfig config, HfTokenizer tokenizer, Init init) {
    this(config, new Reader(TextReading.upTo(tokenizer.maxTokens()), tokenizer), SentenceHead.mean(true), null, init);
  }

  /**
   * An encoder with the weights of a checkpoint, whose vectors are means of unit length.
   *
   * @param tokenizer becomes this encoder's own, and is closed when a tensor is missing
   * @throws EncoderException naming the tensor that is missing or has another shape
   */
  public static BertEncoder of(TransformerConfig config, HfTokenizer tokenizer, TensorSource weights) {
    return LoadSteps.load(weights, tokenizer, SentenceHead.mean(true), () -> {
      checkSizes(weights, config, TokenEmbeddings.Names.BERT, INNER);
      return new BertEncoder(config, tokenizer, Init.none());
    });
  }

  /**
   * Opens a folder of Hugging Face's or of sentence-transformers', or one that {@link #save} made.
   *
   * @throws EncoderException when a file or a tensor is missing or does not fit
   */
  public static BertEncoder loadFolder(Path folder) {
    return loadFolder(TextFolder.of(folder));
  }

  static BertEncoder loadFolder(TextFolder folder) {
    TransformerConfig config = parse(folder.config());
    return LoadSteps.load(folder, config, LoadSteps.names("bert."), (weights, reader, head) -> {
      checkSizes(weights, config, TokenEmbeddings.Names.BERT, INNER);
      return new BertEncoder(config, reader, head, folder.config(), Init.none());
    });
  }

  static TransformerConfig parse(JsonNode json) {
    ConfigFields fields = new ConfigFields("BERT", json);
    fields.absolutePositions();
    BlockShape shape = BlockShape.of(fields.positive("hidden_size", 768), fields.positive("num_attention_heads", 12),
        fields.positive("intermediate_size", 3072), fields.fraction("layer_norm_eps", 1e-12));
    return new TransformerConfig(fields.positive("vocab_size", 30522), fields.positive("num_hidden_layers", 12),
        fields.positive("max_position_embeddings", 512), 0, fields.positive("type_vocab_size", 2),
        shape.with(Activation.parse(fields.text("hidden_act", "gelu"))));
  }

  static List<TransformerBlock> blocks(TransformerConfig config, Init init) {
    return IntStream.range(0, config.layers())
        .mapToObj(i -> TransformerBlock.bert("encoder.layer." + i, config.shape(), init))
        .toList();
  }

  @Override
  boolean hasTypes() {
    return true;
  }

  /** For what is BERT's oldest form, the words that vectors have been cached under since. */
  @Override
  String description() {
    boolean oldest = config().activation() == Activation.GELU && head().isPlainMean() && !reading().lowerCase()
        && reading().prefix().isEmpty();
    if (!oldest) {
      return super.description();
    }
    ObjectNode json = json(config());
    json.putObject("sfumato")
        .put("pooling", "mean")
        .put("max_tokens", maxTokens())
        .put("normalize", head().normalizes());
    return json.toPrettyString() + "\n";
  }

  private static ObjectNode json(TransformerConfig config) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("model_type", MODEL_TYPE);
    json.putArray("architectures").add("BertModel");
    json.put("vocab_size", config.vocabulary());
    json.put("hidden_size", config.width());
    json.put("num_hidden_layers", config.layers());
    json.put("num_attention_heads", config.shape().heads());
    json.put("intermediate_size", config.shape().inner());
    json.put("max_position_embeddings", config.positions());
    json.put("type_vocab_size", config.tokenTypes());
    json.put("layer_norm_eps", config.shape().eps());
    json.put("hidden_act", config.activation().configName());
    json.put("position_embedding_type", "absolute");
    return json;
  }

  @Override
  ObjectNode configJson() {
    return original == null ? json(config()) : LoadSteps.config(original, "BertModel");
  }

  @Override
  public void save(Path directory) {
    super.save(directory);
    head().save(directory, config().width(), reading());
  }
}
