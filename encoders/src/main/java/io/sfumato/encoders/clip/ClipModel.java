package io.sfumato.encoders.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.ModelFolder;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.checkpoint.Checkpoint;
import io.sfumato.encoders.checkpoint.Checkpoints;
import io.sfumato.encoders.checkpoint.Weights;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.image.ClipVisionEncoder;
import io.sfumato.encoders.image.PreprocessorConfig;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.encoders.text.ClipTextEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CLIP (Radford et al. 2021): a text tower and an image tower whose vectors of unit length share a space, and the scale
 * that makes logits of their cosines. Both towers can be fine-tuned like any other encoder.
 *
 * <p>Owns both towers: close it. Threads as for {@link io.sfumato.encoders.Encoder}.
 */
public final class ClipModel implements AutoCloseable {
  static final String MODEL_TYPE = "clip";
  private static final String SCALE = "logit_scale";

  private final JsonNode config;
  private final ClipTextEncoder text;
  private final ClipVisionEncoder image;
  private final Parameter logScale;

  private ClipModel(JsonNode config, ClipTextEncoder text, ClipVisionEncoder image, Parameter logScale) {
    this.config = config;
    this.text = text;
    this.image = image;
    this.logScale = logScale;
  }

  /**
   * Opens a Hugging Face folder of a whole CLIP, or one that {@link #save} made. Frozen; to be closed by the caller.
   *
   * @throws EncoderException {@code UNSUPPORTED_MODEL} when the folder is of another model, and what the towers' own
   *     checks say
   */
  public static ClipModel load(Path folder) {
    JsonNode config = Encoders.config(folder);
    if (!config.path("model_type").asText().equals(MODEL_TYPE)) {
      throw new EncoderException("UNSUPPORTED_MODEL", folder + ": the model type '"
          + config.path("model_type").asText() + "' is not 'clip'; texts and pictures in one space need a whole CLIP");
    }
    float scale;
    try (Checkpoint weights = Checkpoints.open(ModelFolder.model(folder))) {
      if (weights.shape(SCALE).length > 1 || weights.tensor(SCALE).values().length != 1) {
        throw new EncoderException("SHAPE_MISMATCH", weights.origin() + ": tensor '" + SCALE + "' is no single number");
      }
      scale = weights.tensor(SCALE).values()[0];
    }
    ClipTextEncoder text = ClipTextEncoder.loadFolder(folder);
    try {
      ClipVisionEncoder image = ClipVisionEncoder.loadFolder(ModelFolder.model(folder));
      if (image.dimension() != text.dimension()) {
        image.close();
        throw new EncoderException("SHAPE_MISMATCH", folder + ": vectors of texts have length " + text.dimension()
            + " but those of images " + image.dimension());
      }
      Parameter logScale = new Parameter(SCALE, new Shape(), new float[]{scale});
      logScale.setTrainable(false);
      return new ClipModel(config, text, image, logScale);
    } catch (RuntimeException e) {
      text.close();
      throw e;
    }
  }

  /** The text tower. */
  public ClipTextEncoder text() {
    return text;
  }

  /** The image tower. */
  public ClipVisionEncoder image() {
    return image;
  }

  /** What cosines are multiplied by: the exponential of the checkpoint's {@code logit_scale}, 100 in CLIP's own. */
  public double logitScale() {
    return Math.exp(logScale.toArray()[0]);
  }

  /** The natural logarithm of {@link #logitScale()}, which may learn; shape []. */
  public Parameter logScale() {
    return logScale;
  }

  /** Parameters of both towers and the scale. */
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(text.parameters());
    all.addAll(image.parameters());
    all.add(logScale);
    return all;
  }

  /** Chooses the number type of both towers' linear layers. */
  public void setPrecision(Precision precision) {
    text.setPrecision(precision);
    image.setPrecision(precision);
  }

  /**
   * The scaled cosines of images and texts, differentiably; their softmax over texts says which one an image shows.
   *
   * @param images of unit length, [n, d]
   * @param texts of unit length, [m, d]
   * @return [n, m]
   */
  public NDArray logitsPerImage(Scope scope, NDArray images, NDArray texts) {
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray cosines = kernels.linear(scope, images, texts, null);
    return scope.own(cosines.mul(scope.own(logScale.value().exp())));
  }

  /** As {@link #logitsPerImage(Scope, NDArray, NDArray)}, in plain Java: images [n][d], texts [m][d], result [n][m]. */
  public float[][] logitsPerImage(float[][] images, float[][] texts) {
    double scale = logitScale();
    float[][] logits = new float[images.length][texts.length];
    for (int i = 0; i < images.length; i++) {
      for (int j = 0; j < texts.length; j++) {
        double sum = 0;
        for (int k = 0; k < images[i].length; k++) {
          sum += (double) images[i][k] * texts[j][k];
        }
        logits[i][j] = (float) (scale * sum);
      }
    }
    return logits;
  }

  /**
   * Writes a folder that Hugging Face's tools and {@link #load} read. Adapters are written where they are merged only.
   *
   * @throws EncoderException {@code IO} when the disk refuses
   */
  public void save(Path directory) {
    ObjectNode json = config.deepCopy();
    json.putArray("architectures").add("CLIPModel");
    for (String key : List.of("dtype", "torch_dtype")) {
      if (json.has(key)) {
        json.put(key, "float32");
      }
    }
    WholeFile.write(directory.resolve(ModelFolder.CONFIG), json.toPrettyString() + "\n");
    text.saveTokenizer(directory);
    WholeFile.write(directory.resolve(PreprocessorConfig.FILE), PreprocessorConfig.write(image.preprocessing()));
    List<Parameter> weights = new ArrayList<>(text.backbone().weights());
    weights.addAll(image.backbone().weights());
    weights.add(logScale);
    Weights.save(directory.resolve(Checkpoints.FILE), weights);
  }

  /** Frees the native memory of both towers. */
  @Override
  public void close() {
    text.close();
    image.close();
    logScale.close();
  }
}
