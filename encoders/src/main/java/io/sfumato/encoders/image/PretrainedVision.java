package io.sfumato.encoders.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.adapter.Adapters;
import io.sfumato.encoders.checkpoint.Checkpoint;
import io.sfumato.encoders.checkpoint.Checkpoints;
import io.sfumato.encoders.checkpoint.TensorSource;
import io.sfumato.encoders.checkpoint.Weights;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Parameter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What the encoders from Hugging Face folders have in common: their files, fingerprint and training. The folder's
 * {@code config.json} is kept as it was, but for the element type, which is float32 after saving.
 */
abstract sealed class PretrainedVision implements VisionEncoder permits ViTEncoder, HfResNetEncoder, ClipVisionEncoder {
  private static final String CONFIG = "config.json";

  private final JsonNode config;
  private final ImagePreprocessing preprocessing;

  PretrainedVision(JsonNode config, ImagePreprocessing preprocessing) {
    this.config = config.deepCopy();
    this.preprocessing = preprocessing;
  }

  /** Makes an encoder of a folder's weights, which are closed afterwards. */
  static <E extends PretrainedVision> E open(Path folder, Function<TensorSource, E> of) {
    try (Checkpoint weights = Checkpoints.open(folder)) {
      return of.apply(weights);
    }
  }

  /** Sets all parameters and buffers; closes this encoder where that fails. */
  final void fill(TensorSource weights) {
    try {
      Weights.load(weights, stored());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Refuses preprocessing that gives pictures of another size than the model reads.
   *
   * @throws EncoderException {@code INVALID_CONFIG}
   */
  static void checkSize(ImagePreprocessing preprocessing, VisionConfig.Patches patches) {
    if (preprocessing.height() != patches.height() || preprocessing.width() != patches.width()) {
      throw new EncoderException("INVALID_CONFIG",
          "the preprocessing gives pictures of " + preprocessing.height() + " by " + preprocessing.width()
              + " pixels but the model reads " + patches.height() + " by " + patches.width()
              + ": make size or crop_size in " + PreprocessorConfig.FILE + " that of image_size in " + CONFIG);
    }
  }

  @Override
  public abstract Backbone backbone();

  /** Tensors of the checkpoint that never learn. */
  List<Parameter> buffers() {
    return List.of();
  }

  /** The {@code config.json} that this encoder was made of. */
  public final JsonNode config() {
    return config.deepCopy();
  }

  @Override
  public final ImagePreprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public final List<Parameter> parameters() {
    return backbone().parameters();
  }

  @Override
  public final void setTraining(FineTuning how) {
    backbone().setTraining(how);
  }

  @Override
  public final String fingerprint() {
    String description = json() + ImageJson.toTree(preprocessing);
    return Weights.fingerprint(description.getBytes(StandardCharsets.UTF_8), backbone(), buffers());
  }

  /** Writes a folder that Hugging Face's tools read too, with the adapters beside the weights. */
  @Override
  public final void save(Path directory) {
    WholeFile.write(directory.resolve(CONFIG), json());
    WholeFile.write(directory.resolve(PreprocessorConfig.FILE), PreprocessorConfig.write(preprocessing));
    Weights.save(directory.resolve(Checkpoints.FILE), stored());
    Adapters.saveAny(backbone(), directory);
  }

  @Override
  public void close() {
    backbone().close();
  }

  private List<Parameter> stored() {
    List<Parameter> all = new ArrayList<>(backbone().weights());
    all.addAll(buffers());
    return all;
  }

  private String json() {
    ObjectNode copy = config.deepCopy();
    for (String type : List.of("dtype", "torch_dtype")) {
      if (copy.hasNonNull(type)) {
        copy.put(type, "float32");
      }
    }
    return copy.toPrettyString() + "\n";
  }
}
