package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.ClassToken;
import io.sfumato.encoders.nn.Conv2d;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.PositionEmbedding;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.nn.TransformerBlock;
import io.sfumato.encoders.runtime.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vision transformer (Dosovitskiy et al. 2021) of Hugging Face's model type {@code vit}: square patches, a class token,
 * pre-norm blocks. The vector is the class token's last state after the last layer norm, without the pooler. Checkpoints
 * of classifiers load too; what they have beyond the encoder is not read.
 *
 * <p>Owns its parameters: close it. See {@link io.sfumato.encoders.Encoder} for threads.
 */
public final class ViTEncoder extends PretrainedVision {
  static final String MODEL_TYPE = "vit";

  private final Conv2d patches;
  private final ClassToken token;
  private final PositionEmbedding positions;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final LayerNorm norm;
  private final Backbone backbone;
  private final int width;

  /**
   * An encoder with fresh weights, of which none learns before {@link #setTraining}.
   *
   * @param config a {@code config.json} of model type {@code vit}
   * @throws io.sfumato.encoders.EncoderException {@code INVALID_CONFIG} or {@code UNSUPPORTED_MODEL}
   */
  public ViTEncoder(JsonNode config, ImagePreprocessing preprocessing, Init init) {
    super(config, preprocessing);
    VisionConfig read = new VisionConfig("ViT", config);
    VisionConfig.Patches cut = checked(read, preprocessing);
    BlockShape shape = shape(read);
    width = shape.width();
    patches = new Conv2d("embeddings.patch_embeddings.projection", Pixels.CHANNELS, width, cut.side(), cut.side(), 0,
        true, init);
    token = new ClassToken("embeddings.cls_token", init, 1, 1, width);
    positions = new PositionEmbedding(init.normal("embeddings.position_embeddings", 1, cut.count() + 1L, width), 0);
    for (int i = 0; i < read.positive("num_hidden_layers", 12); i++) {
      blocks.add(TransformerBlock.vit("encoder.layer." + i, shape, init));
    }
    norm = new LayerNorm("layernorm", width, shape.eps(), init);
    backbone = new Backbone(List.of(patches, token, positions), blocks, List.of(norm));
  }

  /**
   * An encoder with the weights of a checkpoint, whose names may begin with {@code vit.}.
   *
   * @throws io.sfumato.encoders.EncoderException naming the tensor that is missing or has another shape
   */
  public static ViTEncoder of(JsonNode config, ImagePreprocessing preprocessing, TensorSource weights) {
    TensorSource own = weights.withoutPrefix("vit.");
    VisionConfig read = new VisionConfig("ViT", config);
    VisionConfig.Patches cut = checked(read, preprocessing);
    BlockShape shape = shape(read);
    // Before memory is taken for what the configuration claims.
    own.check("embeddings.patch_embeddings.projection.weight", shape.width(), Pixels.CHANNELS, cut.side(), cut.side());
    own.check("embeddings.position_embeddings", 1, cut.count() + 1L, shape.width());
    for (int i = 0; i < read.positive("num_hidden_layers", 12); i++) {
      own.check("encoder.layer." + i + ".intermediate.dense.weight", shape.inner(), shape.width());
    }
    ViTEncoder encoder = new ViTEncoder(config, preprocessing, Init.none());
    encoder.fill(own);
    return encoder;
  }

  /**
   * Opens a folder with {@code config.json}, weights and, where it is there, {@code preprocessor_config.json}; without
   * the last, pictures are stretched to the model's size, to values in [−1, 1].
   *
   * @throws io.sfumato.encoders.EncoderException when a file or a tensor is missing or does not fit
   */
  public static ViTEncoder loadFolder(Path folder) {
    return loadFolder(folder, Encoders.config(folder));
  }

  static ViTEncoder loadFolder(Path folder, JsonNode config) {
    int[] sides = new VisionConfig("ViT", config).sides("image_size", VisionConfig.IMAGE_SIZE);
    ImagePreprocessing preprocessing = PreprocessorConfig.read(folder, ImagePreprocessing.stretch(sides[1], sides[0]));
    return open(folder, weights -> of(config, preprocessing, weights));
  }

  private static VisionConfig.Patches checked(VisionConfig read, ImagePreprocessing preprocessing) {
    read.checkChannels();
    VisionConfig.Patches cut = read.patches(16);
    checkSize(preprocessing, cut);
    return cut;
  }

  private static BlockShape shape(VisionConfig read) {
    return new BlockShape(read.positive("hidden_size", 768), read.positive("num_attention_heads", 12),
        read.positive("intermediate_size", 3072), read.eps("layer_norm_eps", 1e-12),
        Activation.parse(read.text("hidden_act", "gelu")), read.flag("qkv_bias", true), false);
  }

  @Override
  public Backbone backbone() {
    return backbone;
  }

  @Override
  public int dimension() {
    return width;
  }

  @Override
  public NDArray states(Scope scope, NDArray pixelValues, @Nullable Tape tape) {
    NDArray x = VisionConfig.sequence(patches.forward(scope, pixelValues, tape));
    x = positions.forward(scope, token.forward(scope, x, tape), tape);
    for (TransformerBlock block : blocks) {
      x = block.forward(scope, x, null, tape);
    }
    return norm.forward(scope, x, tape);
  }

  @Override
  public NDArray forward(Scope scope, NDArray pixelValues, @Nullable Tape tape) {
    return states(scope, pixelValues, tape).get(":, 0");
  }
}
