package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.TransformerBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * DistilBERT (Sanh et al. 2019) as a sentence encoder: BERT with half the layers and without types. A text's vector is
 * made as in {@link BertEncoder}.
 */
public final class DistilBertEncoder extends TransformerTextEncoder {
  static final String MODEL_TYPE = "distilbert";
  private static final double EPS = 1e-12;
  private static final String INNER = "transformer.layer.%d.ffn.lin1.weight";

  private final JsonNode original;

  private DistilBertEncoder(TransformerConfig config, Reader reader, SentenceHead head, JsonNode original) {
    super(config, reader, new TokenEmbeddings(TokenEmbeddings.Names.DISTILBERT, config, Init.none()),
        IntStream.range(0, config.layers())
            .mapToObj(i -> TransformerBlock.distilbert("transformer.layer." + i, config.shape(), Init.none()))
            .toList(),
        List.of(), head);
    this.original = original;
  }

  /**
   * Opens a folder of Hugging Face's or of sentence-transformers', or one that {@link #save} made.
   *
   * @throws EncoderException when a file or a tensor is missing or does not fit
   */
  public static DistilBertEncoder loadFolder(Path folder) {
    return loadFolder(TextFolder.of(folder));
  }

  static DistilBertEncoder loadFolder(TextFolder folder) {
    TransformerConfig config = parse(folder.config());
    return LoadSteps.load(folder, config, LoadSteps.names("distilbert."), (weights, reader, head) -> {
      checkSizes(weights, config, TokenEmbeddings.Names.DISTILBERT, INNER);
      return new DistilBertEncoder(config, reader, head, folder.config());
    });
  }

  static TransformerConfig parse(JsonNode json) {
    ConfigFields fields = new ConfigFields("DistilBERT", json);
    BlockShape shape = BlockShape.of(fields.positive("dim", 768), fields.positive("n_heads", 12),
        fields.positive("hidden_dim", 3072), EPS);
    return new TransformerConfig(fields.positive("vocab_size", 30522), fields.positive("n_layers", 6),
        fields.positive("max_position_embeddings", 512), 0, 0,
        shape.with(Activation.parse(fields.text("activation", "gelu"))));
  }

  @Override
  ObjectNode configJson() {
    return LoadSteps.config(original, "DistilBertModel");
  }

  @Override
  public void save(Path directory) {
    super.save(directory);
    head().save(directory, config().width(), reading());
  }
}
