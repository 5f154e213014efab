package io.sfumato.encoders.text;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.checkpoint.Checkpoint;
import io.sfumato.encoders.checkpoint.Checkpoints;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.nn.TransformerBlock;
import io.sfumato.encoders.runtime.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * CLIP's text tower (Radford et al. 2021): a causal transformer; a text's vector is the last norm's state of its end
 * token, projected to the space that texts and pictures share, and scaled to unit length. Opened from a whole CLIP
 * folder or from one of the text tower alone, with or without the projection; saved as the text tower alone.
 */
public final class ClipTextEncoder extends TransformerTextEncoder {
  static final String MODEL_TYPE = "clip_text_model";
  private static final String PROJECTION = "text_projection";
  private static final String TOWER = "text_model.";
  private static final String INNER = TOWER + "encoder.layers.%d.mlp.fc1.weight";

  /** Folders that were written before the end token was told apart say 2, and mean the largest id of the text. */
  private static final int LARGEST = 2;

  private final LayerNorm norm;
  private final JsonNode original;
  private final int endToken;
  private final boolean projected;

  private ClipTextEncoder(TransformerConfig config, Reader reader, LayerNorm norm, SentenceHead head,
      JsonNode original, boolean projected) {
    super(config, reader, new TokenEmbeddings(TokenEmbeddings.Names.CLIP, config, Init.none()),
        IntStream.range(0, config.layers())
            .mapToObj(i -> TransformerBlock.clip(TOWER + "encoder.layers." + i, config.shape(), Init.none()))
            .toList(),
        List.of(norm), head);
    this.norm = norm;
    this.original = original;
    this.endToken = new ConfigFields("CLIP", original).id("eos_token_id", 49407);
    this.projected = projected;
  }

  /**
   * Opens a folder of a whole CLIP or of its text tower.
   *
   * @throws EncoderException when a file or a tensor is missing or does not fit
   */
  public static ClipTextEncoder loadFolder(Path folder) {
    return loadFolder(TextFolder.of(folder));
  }

  static ClipTextEncoder loadFolder(TextFolder folder) {
    try (Checkpoint checkpoint = Checkpoints.open(folder.model())) {
      JsonNode tower = tower(folder.config());
      TransformerConfig config = parse(tower);
      TensorSource weights = checkpoint.renamed(ClipTextEncoder::named);
      TextReading reading = folder.reading(config.longest());
      Reader reader = folder.reader(reading);
      SentenceHead none = SentenceHead.mean(false);
      return LoadSteps.load(weights, reader.tokenizer(), none, () -> {
        checkSizes(weights, config, TokenEmbeddings.Names.CLIP, INNER);
        List<HeadStep> steps = new ArrayList<>();
        boolean projected = weights.has(PROJECTION + ".weight") || folder.config()
            .path("model_type")
            .asText()
            .equals(
                "clip");
        if (projected) {
          int out = new ConfigFields("CLIP", folder.config()).positive("projection_dim", 512);
          weights.check(PROJECTION + ".weight", out, config.width());
          steps.add(new HeadStep.Dense(new Linear(PROJECTION, config.width(), out, false, Init.none()), null, out,
              false));
        }
        steps.add(new HeadStep.Normalize());
        LayerNorm norm = new LayerNorm(TOWER + "final_layer_norm", config.width(), config.shape().eps(), Init.none());
        return new ClipTextEncoder(config, reader, norm,
            new SentenceHead(Pooling.of(Pooling.Mode.LAST_TOKEN), steps), tower, projected);
      });
    }
  }

  /** The text tower's own part of a configuration, which older files have twice. */
  private static JsonNode tower(JsonNode config) {
    if (!config.path("text_config").isObject()) {
      return config;
    }
    ObjectNode tower = config.path("text_config").deepCopy();
    if (config.path("text_config_dict").isObject()) {
      tower.setAll((ObjectNode) config.path("text_config_dict"));
    }
    if (config.has("projection_dim")) {
      tower.set("projection_dim", config.path("projection_dim"));
    }
    return tower;
  }

  private static TransformerConfig parse(JsonNode tower) {
    ConfigFields fields = new ConfigFields("CLIP text", tower);
    BlockShape shape = BlockShape.of(fields.positive("hidden_size", 512), fields.positive("num_attention_heads", 8),
        fields.positive("intermediate_size", 2048), fields.fraction("layer_norm_eps", 1e-5));
    return new TransformerConfig(fields.positive("vocab_size", 49408), fields.positive("num_hidden_layers", 12),
        fields.positive("max_position_embeddings", 77), 0, 0,
        shape.with(Activation.parse(fields.text("hidden_act", "quick_gelu"))).asCausal());
  }

  /** Folders of the tower alone may have its tensors without the tower's name. */
  private static String named(String name) {
    return name.startsWith("embeddings.") || name.startsWith("encoder.") || name.startsWith("final_layer_norm.")
        ? TOWER + name
        : name;
  }

  @Override
  NDArray after(Scope scope, NDArray states, @Nullable Tape tape) {
    return norm.forward(scope, states, tape);
  }

  @Override
  NDArray pool(Scope scope, NDArray states, PaddedTokens batch) {
    int t = batch.longest();
    float[] ends = new float[batch.texts().size() * t];
    for (int i = 0; i < batch.texts().size(); i++) {
      TokenIds text = batch.texts().get(i);
      // As transformers does it: where there is no end token, the first state is taken.
      int end = text.indexOf(endToken == LARGEST ? text.largest() : endToken);
      ends[i * t + Math.max(0, end)] = 1;
    }
    return Pooling.pick(scope, states, ends);
  }

  /** @throws EncoderException {@code INVALID_CONFIG} always: CLIP was trained for the state of the end token */
  @Override
  public void setPooling(Pooling pooling) {
    throw new EncoderException("INVALID_CONFIG",
        "CLIP's vectors are those of the end token; a pooling of '" + pooling + "' is for sentence encoders");
  }

  @Override
  List<Parameter> weightsOfModules() {
    return List.of();
  }

  @Override
  String description() {
    return "end token " + endToken + " " + super.description();
  }

  /** The tower's configuration, with the model type that it has when it stands alone. */
  @Override
  ObjectNode configJson() {
    return LoadSteps.config(original, projected ? "CLIPTextModelWithProjection" : "CLIPTextModel")
        .put("model_type", MODEL_TYPE);
  }
}
