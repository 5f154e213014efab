package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.checkpoint.Weights;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Conv2d;
import io.sfumato.encoders.nn.GroupNorm;
import io.sfumato.encoders.nn.Init;
import io.sfumato.encoders.nn.Linear;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.ResidualBlock;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small residual network (He et al. 2016) with group normalisation, trained from scratch: a 3x3 stem of stride 2,
 * stages of residual blocks, the mean over all places, a linear layer. No layer mixes examples, so that it can be
 * trained privately. The weights begin at He's initialisation, the same for the same seed on every platform.
 *
 * <p>Owns its parameters: close it. See {@link io.sfumato.encoders.Encoder} for threads.
 */
public final class ResNetEncoder implements ImageEncoder {
  static final String MODEL_TYPE = "sfumato-resnet";
  private static final String WEIGHTS = "model.safetensors";

  private final ResNetConfig config;
  private final ImagePreprocessing preprocessing;
  private final Conv2d stem;
  private final GroupNorm stemNorm;
  private final List<List<ResidualBlock>> stages = new ArrayList<>();
  private final Linear head;
  private final Backbone backbone;

  /** A network with fresh weights, of which none learns before {@link #setTraining}. */
  public ResNetEncoder(ResNetConfig config) {
    this.config = config;
    preprocessing = ImagePreprocessing.stretch(config.imageSize(), config.imageSize());
    Init init = Init.seed(config.seed());
    int in = config.widths().get(0);
    stem = new Conv2d("conv1", Pixels.CHANNELS, in, 3, 2, 1, false, init);
    stemNorm = new GroupNorm("bn1", config.groups(), in, init);
    for (int s = 0; s < config.widths().size(); s++) {
      List<ResidualBlock> stage = new ArrayList<>();
      for (int b = 0; b < config.blocks().get(s); b++) {
        int out = config.widths().get(s);
        int stride = s > 0 && b == 0 ? 2 : 1;
        stage.add(new ResidualBlock("layer" + (s + 1) + "." + b, in, out, stride, config.groups(), init));
        in = out;
      }
      stages.add(stage);
    }
    head = new Linear("fc", in, config.dimension(), init);
    backbone = new Backbone(List.of(stem, stemNorm), stages.stream().map(Stage<ResidualBlock>::new).toList(),
        List.of(head));
  }

  /**
   * Opens what {@link #save} wrote.
   *
   * @throws io.sfumato.encoders.EncoderException when a file or a tensor is missing or does not fit
   */
  public static ResNetEncoder loadFolder(Path folder) {
    return loadFolder(folder, Encoders.config(folder));
  }

  static ResNetEncoder loadFolder(Path folder, JsonNode json) {
    ResNetEncoder encoder = new ResNetEncoder(ImageJson.read(folder, json, "resnet", ResNetConfig.class));
    try {
      Weights.load(folder.resolve(WEIGHTS), encoder.backbone.weights());
      return encoder;
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /** The shape of this network. */
  public ResNetConfig config() {
    return config;
  }

  @Override
  public ImagePreprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public int dimension() {
    return config.dimension();
  }

  @Override
  public String fingerprint() {
    return Weights.fingerprint(json().getBytes(StandardCharsets.UTF_8), backbone, List.of());
  }

  @Override
  public Backbone backbone() {
    return backbone;
  }

  @Override
  public List<Parameter> parameters() {
    return backbone.parameters();
  }

  /**
   * Chooses what learns; a layer in the sense of {@link FineTuning.LastLayers} is a stage, and the head goes with the
   * last.
   */
  @Override
  public void setTraining(FineTuning how) {
    backbone.setTraining(how);
  }

  @Override
  public NDArray forward(Scope scope, List<Pixels> batch, @Nullable Tape tape) {
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray x = stem.forward(scope, preprocessing.toTensor(scope, batch), tape);
    x = kernels.relu(scope, stemNorm.forward(scope, x, tape));
    for (List<ResidualBlock> stage : stages) {
      for (ResidualBlock block : stage) {
        x = block.forward(scope, x, tape);
      }
    }
    NDArray places = x.reshape(batch.size(), x.getShape().get(1), -1);
    return head.forward(scope, places.mean(new int[]{2}), tape);
  }

  @Override
  public void save(Path directory) {
    WholeFile.write(directory.resolve("config.json"), json());
    Weights.save(directory.resolve(WEIGHTS), backbone.weights());
  }

  @Override
  public void close() {
    backbone.close();
  }

  private String json() {
    ObjectNode config = ImageJson.config(MODEL_TYPE);
    config.set("resnet", ImageJson.toTree(this.config));
    return config.toPrettyString() + "\n";
  }
}
