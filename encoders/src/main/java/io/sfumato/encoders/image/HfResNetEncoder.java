package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.nn.Activation;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The residual network (He et al. 2016) of Hugging Face's model type {@code resnet}, with basic or bottleneck blocks. The
 * vector is the mean of the last states over all places. Batch statistics stay those of the checkpoint, also while
 * everything else learns, so that no example depends on its neighbours and private training works.
 *
 * <p>A layer in the sense of {@link io.sfumato.encoders.FineTuning.LastLayers} is a stage. Owns its parameters: close it.
 * See {@link io.sfumato.encoders.Encoder} for threads.
 */
public final class HfResNetEncoder extends PretrainedVision {
  static final String MODEL_TYPE = "resnet";

  /** Many times what any network has. */
  private static final int MAX_BLOCKS = 10_000;

  private final ConvNorm stem;
  private final List<Stage<HfResidualBlock>> stages;
  private final Backbone backbone;
  private final int width;

  /** The convolutions of a network, before any memory is taken for them. */
  private record Plan(ConvNorm.Spec stem, List<List<HfResidualBlock.Spec>> stages, int width) {
    List<ConvNorm.Spec> convolutions() {
      List<ConvNorm.Spec> all = new ArrayList<>(List.of(stem));
      stages.forEach(stage -> stage.forEach(block -> all.addAll(block.all())));
      return all;
    }
  }

  /**
   * An encoder with fresh weights, of which none learns before {@link #setTraining}; its batch statistics are mean 0 and
   * variance 1.
   *
   * @param config a {@code config.json} of model type {@code resnet}
   * @throws EncoderException {@code INVALID_CONFIG} or {@code UNSUPPORTED_MODEL}
   */
  public HfResNetEncoder(JsonNode config, ImagePreprocessing preprocessing, Init init) {
    super(config, preprocessing);
    Plan plan = plan(config);
    width = plan.width();
    stem = new ConvNorm(plan.stem(), init);
    stages = plan.stages()
        .stream()
        .map(stage -> new Stage<>(stage.stream().map(block -> new HfResidualBlock(block, init)).toList()))
        .toList();
    backbone = new Backbone(List.of(stem), stages, List.of());
  }

  /**
   * An encoder with the weights of a checkpoint, whose names may begin with {@code resnet.}.
   *
   * @throws EncoderException naming the tensor that is missing or has another shape
   */
  public static HfResNetEncoder of(JsonNode config, ImagePreprocessing preprocessing, TensorSource weights) {
    TensorSource own = weights.withoutPrefix("resnet.");
    // Before memory is taken for what the configuration claims.
    for (ConvNorm.Spec spec : plan(config).convolutions()) {
      own.check(spec.name() + ".convolution.weight", spec.out(), spec.in(), spec.kernel(), spec.kernel());
    }
    HfResNetEncoder encoder = new HfResNetEncoder(config, preprocessing, Init.none());
    encoder.fill(own);
    return encoder;
  }

  /**
   * Opens a folder with {@code config.json}, weights and, where it is there, {@code preprocessor_config.json}; without
   * the last, pictures are prepared as ImageNet's usually are: the shorter side on 256 pixels by a bicubic filter, the
   * middle 224 by 224 of it.
   *
   * @throws EncoderException when a file or a tensor is missing or does not fit
   */
  public static HfResNetEncoder loadFolder(Path folder) {
    return loadFolder(folder, Encoders.config(folder));
  }

  static HfResNetEncoder loadFolder(Path folder, JsonNode config) {
    ImagePreprocessing usual = ImagePreprocessing.shortestEdge(256, 224, 224, Filter.BICUBIC)
        .normalized(ImagePreprocessing.IMAGENET_MEAN, ImagePreprocessing.IMAGENET_STD);
    ImagePreprocessing preprocessing = PreprocessorConfig.read(folder, usual);
    return open(folder, weights -> of(config, preprocessing, weights));
  }

  private static Plan plan(JsonNode config) {
    VisionConfig read = new VisionConfig("ResNet", config);
    read.checkChannels();
    Activation activation = Activation.parse(read.text("hidden_act", "relu"));
    String type = read.text("layer_type", "bottleneck");
    if (!type.equals("basic") && !type.equals("bottleneck")) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          "ResNet with layer_type '" + type + "' is not supported; supported are 'basic' and 'bottleneck'");
    }
    List<Integer> widths = read.positives("hidden_sizes", List.of(256, 512, 1024, 2048));
    List<Integer> depths = read.positives("depths", List.of(3, 4, 6, 3));
    if (widths.size() != depths.size()) {
      throw read.invalid("hidden_sizes and depths must be equally many but are " + widths + " and " + depths);
    }
    if (depths.stream().mapToLong(depth -> depth).sum() > MAX_BLOCKS) {
      throw read.invalid("depths must sum to at most " + MAX_BLOCKS + " but are " + depths);
    }
    if (type.equals("bottleneck") && widths.stream().anyMatch(width -> width < 4)) {
      throw read.invalid("hidden_sizes of bottlenecks must be at least 4 but are " + widths);
    }
    int in = read.positive("embedding_size", 64);
    ConvNorm.Spec stem = new ConvNorm.Spec("embedder.embedder", Pixels.CHANNELS, in, 7, 2, activation);
    boolean early = read.flag("downsample_in_bottleneck", false);
    List<List<HfResidualBlock.Spec>> stages = new ArrayList<>();
    for (int s = 0; s < widths.size(); s++) {
      List<HfResidualBlock.Spec> stage = new ArrayList<>();
      for (int b = 0; b < depths.get(s); b++) {
        boolean halves = b == 0 && (s > 0 || read.flag("downsample_in_first_stage", false));
        String name = "encoder.stages." + s + ".layers." + b;
        int out = widths.get(s);
        stage.add(type.equals("basic")
            ? HfResidualBlock.Spec.basic(name, in, out, halves ? 2 : 1, activation)
            : HfResidualBlock.Spec.bottleneck(name, in, out, halves ? 2 : 1, early, activation));
        in = out;
      }
      stages.add(stage);
    }
    return new Plan(stem, stages, in);
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
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray x = kernels.maxPool2d(scope, stem.forward(scope, pixelValues, tape), 3, 2, 1);
    for (Stage<HfResidualBlock> stage : stages) {
      for (HfResidualBlock block : stage.blocks()) {
        x = block.forward(scope, x, tape);
      }
    }
    return x;
  }

  @Override
  public NDArray forward(Scope scope, NDArray pixelValues, @Nullable Tape tape) {
    return TensorRuntime.get().kernels().meanPool2d(scope, states(scope, pixelValues, tape));
  }

  @Override
  List<Parameter> buffers() {
    List<Parameter> all = new ArrayList<>(stem.normalization().buffers());
    stages.forEach(stage -> stage.blocks()
        .forEach(block -> block.convolutions()
            .forEach(convolution -> all.addAll(convolution.normalization().buffers()))));
    return all;
  }
}
