package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.Init;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * RoBERTa (Liu et al. 2019) as a sentence encoder, and what has its shape: XLM-RoBERTa, which reads a hundred languages,
 * and CamemBERT. BERT with other positions: a text's first token has the row behind that of the padding token. A text's
 * vector is made as in {@link BertEncoder}; the parts of a pair are told apart by special tokens only.
 */
public final class RobertaEncoder extends TransformerTextEncoder {
  /** Model types, each with the class that has it in transformers. */
  static final Map<String, String> CLASSES = Map.of("roberta", "RobertaModel", "xlm-roberta", "XLMRobertaModel",
      "camembert", "CamembertModel");

  private static final String INNER = "encoder.layer.%d.intermediate.dense.weight";

  private final JsonNode original;

  private RobertaEncoder(TransformerConfig config, Reader reader, SentenceHead head, JsonNode original) {
    super(config, reader, new TokenEmbeddings(TokenEmbeddings.Names.BERT, config, Init.none()),
        BertEncoder.blocks(config, Init.none()), List.of(), head);
    this.original = original;
  }

  /**
   * Opens a folder of Hugging Face's or of sentence-transformers', or one that {@link #save} made.
   *
   * @throws EncoderException when a file or a tensor is missing or does not fit
   */
  public static RobertaEncoder loadFolder(Path folder) {
    return loadFolder(TextFolder.of(folder));
  }

  static RobertaEncoder loadFolder(TextFolder folder) {
    TransformerConfig config = parse(folder.config());
    return LoadSteps.load(folder, config, LoadSteps.names("roberta."), (weights, reader, head) -> {
      checkSizes(weights, config, TokenEmbeddings.Names.BERT, INNER);
      return new RobertaEncoder(config, reader, head, folder.config());
    });
  }

  static TransformerConfig parse(JsonNode json) {
    ConfigFields fields = new ConfigFields("RoBERTa", json);
    fields.absolutePositions();
    BlockShape shape = BlockShape.of(fields.positive("hidden_size", 768), fields.positive("num_attention_heads", 12),
        fields.positive("intermediate_size", 3072), fields.fraction("layer_norm_eps", 1e-12));
    return new TransformerConfig(fields.positive("vocab_size", 50265), fields.positive("num_hidden_layers", 12),
        fields.positive("max_position_embeddings", 512), fields.id("pad_token_id", 1) + 1,
        fields.positive("type_vocab_size", 2), shape.with(Activation.parse(fields.text("hidden_act", "gelu"))));
  }

  @Override
  ObjectNode configJson() {
    return LoadSteps.config(original, CLASSES.getOrDefault(original.path("model_type").asText(), "RobertaModel"));
  }

  @Override
  public void save(Path directory) {
    super.save(directory);
    head().save(directory, config().width(), reading());
  }
}
