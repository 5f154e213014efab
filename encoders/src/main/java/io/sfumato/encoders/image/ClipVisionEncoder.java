package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.image.ImagePreprocessing.Rgb;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.BlockShape;
import io.sfumato.encoders.nn.ClassToken;
import io.sfumato.encoders.nn.Conv2d;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Layer;
import io.sfumato.encoders.nn.LayerNorm;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.PositionEmbedding;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.nn.TransformerBlock;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vision tower of CLIP (Radford et al. 2021): a vision transformer whose class token, after a layer norm, is projected
 * into the space that it shares with texts. Vectors are of unit length where there is a projection; a checkpoint without
 * one ({@code clip_vision_model} of the bare tower) gives the class token after the norm, as it is.
 *
 * <p>Owns its parameters: close it. See {@link io.sfumato.encoders.Encoder} for threads.
 */
public final class ClipVisionEncoder extends PretrainedVision {
  static final String MODEL_TYPE = "clip_vision_model";

  /** The channel means of CLIP's own training pictures. */
  public static final Rgb MEAN = new Rgb(0.48145467f, 0.4578275f, 0.40821072f);

  /** The channel deviations of CLIP's own training pictures. */
  public static final Rgb STD = new Rgb(0.26862955f, 0.2613026f, 0.2757771f);

  private static final String TOWER = "vision_model.";
  private static final String PROJECTION = "visual_projection";

  private final ClassToken token;
  private final Conv2d patches;
  private final PositionEmbedding positions;
  private final LayerNorm before;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final LayerNorm after;
  private final @Nullable Linear projection;
  private final Backbone backbone;
  private final int dimension;

  /**
   * An encoder with fresh weights, of which none learns before {@link #setTraining}.
   *
   * @param config the {@code config.json} of a whole CLIP or of its vision part
   * @param projected whether vectors are projected into the space of the texts
   * @throws EncoderException {@code INVALID_CONFIG} or {@code UNSUPPORTED_MODEL}
   */
  public ClipVisionEncoder(JsonNode config, ImagePreprocessing preprocessing, boolean projected, Init init) {
    super(part(config), preprocessing);
    VisionConfig read = read(config);
    VisionConfig.Patches cut = checked(read, preprocessing);
    BlockShape shape = shape(read);
    int width = shape.width();
    token = new ClassToken(TOWER + "embeddings.class_embedding", init, width);
    patches = new Conv2d(TOWER + "embeddings.patch_embedding", Pixels.CHANNELS, width, cut.side(), cut.side(), 0, false,
        init);
    positions = new PositionEmbedding(TOWER + "embeddings.position_embedding", cut.count() + 1, width, init);
    before = new LayerNorm(TOWER + "pre_layrnorm", width, shape.eps(), init);
    for (int i = 0; i < read.positive("num_hidden_layers", 12); i++) {
      blocks.add(TransformerBlock.clip(TOWER + "encoder.layers." + i, shape, init));
    }
    after = new LayerNorm(TOWER + "post_layernorm", width, shape.eps(), init);
    dimension = projected ? read.positive("projection_dim", 512) : width;
    projection = projected ? new Linear(PROJECTION, width, dimension, false, init) : null;
    List<Layer> head = projection == null ? List.of(after) : List.of(after, projection);
    backbone = new Backbone(List.of(token, patches, positions, before), blocks, head);
  }

  /**
   * An encoder with the weights of a checkpoint of a whole CLIP or of its vision part; what belongs to texts is not read.
   * Vectors are projected where the checkpoint has {@code visual_projection.weight}.
   *
   * @param config of either
   * @throws EncoderException naming the tensor that is missing or has another shape
   */
  public static ClipVisionEncoder of(JsonNode config, ImagePreprocessing preprocessing, TensorSource weights) {
    TensorSource own = weights.has(TOWER + "embeddings.class_embedding") ? weights
        : weights.renamed(name -> name.startsWith(PROJECTION) ? name : TOWER + name);
    VisionConfig read = read(config);
    VisionConfig.Patches cut = checked(read, preprocessing);
    BlockShape shape = shape(read);
    // Before memory is taken for what the configuration claims.
    own.check(TOWER + "embeddings.patch_embedding.weight", shape.width(), Pixels.CHANNELS, cut.side(), cut.side());
    own.check(TOWER + "embeddings.position_embedding.weight", cut.count() + 1L, shape.width());
    for (int i = 0; i < read.positive("num_hidden_layers", 12); i++) {
      own.check(TOWER + "encoder.layers." + i + ".mlp.fc1.weight", shape.inner(), shape.width());
    }
    boolean projected = own.has(PROJECTION + ".weight") || whole(config);
    if (projected) {
      own.check(PROJECTION + ".weight", read.positive("projection_dim", 512), shape.width());
    }
    ClipVisionEncoder encoder = new ClipVisionEncoder(config, preprocessing, projected, Init.none());
    encoder.fill(own);
    return encoder;
  }

  /**
   * Opens the vision tower of a folder with {@code config.json}, weights and, where it is there,
   * {@code preprocessor_config.json}; see {@link #preprocessing(Path, JsonNode)}.
   *
   * @throws EncoderException when a file or a tensor is missing or does not fit
   */
  public static ClipVisionEncoder loadFolder(Path folder) {
    return loadFolder(folder, Encoders.config(folder));
  }

  static ClipVisionEncoder loadFolder(Path folder, JsonNode config) {
    ImagePreprocessing preprocessing = preprocessing(folder, config);
    return open(folder, weights -> of(config, preprocessing, weights));
  }

  /**
   * How a CLIP folder wants pictures: by its {@code preprocessor_config.json}; without one, the shorter side on the model's
   * size by a bicubic filter, the middle of it, with {@link #MEAN} and {@link #STD}.
   *
   * @param config of the whole CLIP or of its vision part
   */
  public static ImagePreprocessing preprocessing(Path folder, JsonNode config) {
    int[] sides = read(config).sides("image_size", VisionConfig.IMAGE_SIZE);
    ImagePreprocessing usual = ImagePreprocessing
        .shortestEdge(Math.min(sides[0], sides[1]), sides[1], sides[0], Filter.BICUBIC)
        .normalized(MEAN, STD);
    return PreprocessorConfig.read(folder, usual);
  }

  private static boolean whole(JsonNode config) {
    return config.path("vision_config").isObject();
  }

  /** The vision part, with the projection's length and the model type that says what it is. */
  private static JsonNode part(JsonNode config) {
    if (!whole(config)) {
      return config;
    }
    ObjectNode part = config.path("vision_config").deepCopy();
    if (config.hasNonNull("projection_dim")) {
      part.set("projection_dim", config.path("projection_dim"));
    }
    part.putArray("architectures").add("CLIPVisionModelWithProjection");
    return part.put("model_type", MODEL_TYPE);
  }

  private static VisionConfig read(JsonNode config) {
    return new VisionConfig("CLIP vision", part(config));
  }

  private static VisionConfig.Patches checked(VisionConfig read, ImagePreprocessing preprocessing) {
    read.checkChannels();
    VisionConfig.Patches cut = read.patches(32);
    checkSize(preprocessing, cut);
    return cut;
  }

  /** Absent fields have the values of transformers' {@code CLIPVisionConfig}, which old files leave out. */
  private static BlockShape shape(VisionConfig read) {
    return new BlockShape(read.positive("hidden_size", 768), read.positive("num_attention_heads", 12),
        read.positive("intermediate_size", 3072), read.eps("layer_norm_eps", 1e-5),
        Activation.parse(read.text("hidden_act", "quick_gelu")), true, false);
  }

  @Override
  public Backbone backbone() {
    return backbone;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  /** {@inheritDoc} Before the last layer norm, as in Hugging Face's own model. */
  @Override
  public NDArray states(Scope scope, NDArray pixelValues, @Nullable Tape tape) {
    NDArray x = VisionConfig.sequence(patches.forward(scope, pixelValues, tape));
    x = before.forward(scope, positions.forward(scope, token.forward(scope, x, tape), tape), tape);
    for (TransformerBlock block : blocks) {
      x = block.forward(scope, x, null, tape);
    }
    return x;
  }

  @Override
  public NDArray forward(Scope scope, NDArray pixelValues, @Nullable Tape tape) {
    NDArray pooled = after.forward(scope, states(scope, pixelValues, tape).get(":, 0"), tape);
    if (projection == null) {
      return pooled;
    }
    return TensorRuntime.get().kernels().unit(scope, projection.forward(scope, pooled, tape));
  }
}
