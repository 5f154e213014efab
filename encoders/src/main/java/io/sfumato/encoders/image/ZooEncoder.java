package io.sfumato.encoders.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.checkpoint.Weights;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.encoders.runtime.TorchModule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Any TorchScript model that maps images [n, 3, height, width] to vectors, from DJL's model zoo or a local folder,
 * frozen or fine-tuned. It runs in evaluation mode even while it learns: no dropout, fixed batch statistics, so that an
 * example's vector never depends on its neighbours.
 *
 * <p>How pictures are prepared is said by the model's own arguments ({@code serving.properties} of a folder, the
 * metadata of a zoo model): {@code width}, {@code height}, {@code centerCrop}, {@code normalize}. The
 * inner activations cannot be seen, so private training takes it only frozen.
 *
 * <p>Owns the model: close it. See {@link io.sfumato.encoders.Encoder} for threads.
 */
public final class ZooEncoder implements ImageEncoder {
  static final String MODEL_TYPE = "torchscript";
  private static final String MODEL_NAME = "model";
  private static final String ARCHITECTURE = "architecture";

  /** The method of a traced CLIP that maps images to vectors. */
  private static final String CLIP_IMAGES = "get_image_features";

  /** Batch statistics are no weights. */
  private static final Predicate<String> LEARNABLE = Pattern
      .compile("(^|[.])(running_mean|running_var|num_batches_tracked)$")
      .asPredicate()
      .negate();

  private final TorchModule module;
  private final ImagePreprocessing preprocessing;
  private final String architecture;
  private final List<Parameter> parameters = new ArrayList<>();
  private final int dimension;

  /**
   * @param architecture names the module's code, whatever its weights: the SHA-256 of the file that it first came from
   */
  private ZooEncoder(TorchModule module, ImagePreprocessing preprocessing, String architecture, int dimension) {
    this.module = module;
    this.preprocessing = preprocessing;
    this.architecture = architecture;
    module.weights().forEach((name, weight) -> {
      if (LEARNABLE.test(name)) {
        parameters.add(new Parameter(name, weight));
      }
    });
    this.dimension = dimension;
    setTraining(FineTuning.frozen());
  }

  /**
   * Opens a model by its URL or the path of a local folder that holds a {@code .pt} file and, usually,
   * {@code serving.properties}. URLs are those of DJL's model zoo, such as {@code djl://ai.djl.pytorch/resnet} (classes of
   * ImageNet), {@code djl://ai.djl.pytorch/resnet/0.0.1/traced_resnet18} (one of its versions) and
   * {@code djl://ai.djl.pytorch/resnet18_embedding} (vectors), and of archives on the web, such as
   * {@code https://resources.djl.ai/demo/pytorch/clip.zip} (CLIP, of which the image part is used). What is downloaded
   * stays in DJL's cache.
   *
   * @throws EncoderException {@code MODEL_NOT_FOUND_OFFLINE} when a model is neither in DJL's cache nor may be
   *     downloaded, {@code MODEL_NOT_FOUND} when there is no such model, {@code UNSUPPORTED_MODEL} when it does not map
   *     images to vectors
   */
  public static ZooEncoder load(String urlOrFolder) {
    return load(urlOrFolder, 0);
  }

  /**
   * Opens a model that takes pictures of any size, as networks that end in a mean over places do, and shows it pictures of
   * another size than its arguments say: smaller ones cost less.
   *
   * @param side pixels a side; 0 for what the arguments say
   */
  public static ZooEncoder load(String urlOrFolder, int side) {
    ZooSource.Loaded loaded = ZooSource.load(urlOrFolder);
    TorchModule module = loaded.module();
    return open(module, () -> {
      ImagePreprocessing said = sized(ZooSource.preprocessing(loaded.arguments(), urlOrFolder), side);
      int dimension = probe(module, said, urlOrFolder);
      ImagePreprocessing used = module.method() == null ? said : ZooSource.clip(said, loaded.arguments());
      return new ZooEncoder(module, used, digest(module.toBytes()), dimension);
    });
  }

  private static ImagePreprocessing sized(ImagePreprocessing said, int side) {
    return side == 0 ? said
        : new ImagePreprocessing(side, side, said.fit(), said.margin(), said.mean(), said.std(), said.filter(),
            said.edge());
  }

  /** Whether a name is a URL that {@link #load(String)} takes, not the path of a folder. */
  public static boolean isUrl(String urlOrFolder) {
    return ZooSource.isUrl(urlOrFolder);
  }

  /** Opens a local folder; see {@link #load(String)}. */
  public static ZooEncoder load(Path folder) {
    return load(folder.toString());
  }

  static ZooEncoder loadFolder(Path folder, JsonNode json) {
    TorchModule module = ZooSource.load(folder.toString()).module();
    return open(module, () -> {
      ImagePreprocessing preprocessing = ImageJson.preprocessing(folder, json);
      int dimension = probe(module, preprocessing, folder.toString());
      return new ZooEncoder(module, preprocessing, json.path(ARCHITECTURE).asText(), dimension);
    });
  }

  private static ZooEncoder open(TorchModule module, Supplier<ZooEncoder> encoder) {
    try {
      return encoder.get();
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
  }

  @Override
  public ImagePreprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String fingerprint() {
    return Weights.fingerprint(json().getBytes(StandardCharsets.UTF_8), parameters);
  }

  @Override
  public List<Parameter> parameters() {
    return Collections.unmodifiableList(parameters);
  }

  /** Chooses what learns; a layer in the sense of {@link FineTuning.LastLayers} is a submodule that owns weights. */
  @Override
  public void setTraining(FineTuning how) {
    if (parameters.isEmpty() && !(how instanceof FineTuning.Frozen)) {
      throw new EncoderException("NOT_TRAINABLE",
          "the TorchScript model holds its weights as constants (it was frozen when it"
              + " was made), so fine-tuning '" + how + "' is not possible: use it frozen");
    }
    Map<String, List<Parameter>> submodules = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      String name = parameter.name();
      submodules.computeIfAbsent(name.substring(0, Math.max(0, name.lastIndexOf('.'))), k -> new ArrayList<>())
          .add(parameter);
    }
    int learning = switch (how) {
      case FineTuning.Frozen frozen -> 0;
      case FineTuning.LastLayers last -> last.count();
      case FineTuning.Lora lora -> throw new EncoderException("NOT_TRAINABLE",
          "a TorchScript model has no layers to put adapters beside, so fine-tuning '" + how
              + "' is not possible: use frozen, last:N or full");
      case FineTuning.Full full -> submodules.size();
    };
    int index = 0;
    for (List<Parameter> submodule : submodules.values()) {
      boolean learns = index++ >= submodules.size() - learning;
      submodule.forEach(parameter -> parameter.setTrainable(learns));
    }
  }

  @Override
  public void requirePerExampleGradients() {
    if (parameters.stream().anyMatch(Parameter::trainable)) {
      throw new EncoderException("NOT_PRIVATE",
          "a TorchScript model shows no inner activations, so a tape cannot bound what each example does to '"
              + architecture + "': freeze it, use microbatches, or take an encoder of native layers");
    }
  }

  @Override
  public NDArray forward(Scope scope, List<Pixels> batch, @Nullable Tape tape) {
    if (tape != null) {
      requirePerExampleGradients();
    }
    NDArray vectors = module.forward(scope, preprocessing.toTensor(scope, batch));
    return vectors.getShape().dimension() == 2 ? vectors : vectors.reshape(batch.size(), dimension);
  }

  @Override
  public void save(Path directory) {
    WholeFile.write(directory.resolve(MODEL_NAME + ".pt"), module.toBytes());
    WholeFile.write(directory.resolve("serving.properties"), "engine=PyTorch\noption.modelName=" + MODEL_NAME + "\n");
    WholeFile.write(directory.resolve("config.json"), json());
  }

  @Override
  public void close() {
    module.close();
  }

  private String json() {
    ObjectNode config = ImageJson.config(MODEL_TYPE).put(ARCHITECTURE, architecture);
    config.set("preprocessing", ImageJson.toTree(preprocessing));
    return config.toPrettyString() + "\n";
  }

  private static String digest(byte[] bytes) {
    return Weights.fingerprint(bytes, List.of());
  }

  /**
   * The length of the vectors, by running one grey image. Where the module as a whole does not take one, it may be CLIP,
   * whose part for images is a method of its own.
   */
  private static int probe(TorchModule module, ImagePreprocessing preprocessing, String origin) {
    try {
      return run(module, preprocessing, origin);
    } catch (EncoderException e) {
      module.use(CLIP_IMAGES);
      try {
        return run(module, preprocessing, origin);
      } catch (EncoderException again) {
        e.addSuppressed(again);
        throw e; // what is wrong with the module as a whole says more
      }
    }
  }

  private static int run(TorchModule module, ImagePreprocessing preprocessing, String origin) {
    TensorRuntime runtime = TensorRuntime.get();
    try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
      Shape in = new Shape(1, Pixels.CHANNELS, preprocessing.height(), preprocessing.width());
      Shape out = module.forward(scope, scope.manager().zeros(in)).getShape();
      if (out.dimension() < 2 || out.get(0) != 1 || out.size() != out.get(1)) {
        throw new EncoderException("UNSUPPORTED_MODEL", origin + ": the model maps images " + in + " to " + out
            + " but one vector an image, [n, dimension], is needed");
      }
      return (int) out.get(1);
    }
  }
}
