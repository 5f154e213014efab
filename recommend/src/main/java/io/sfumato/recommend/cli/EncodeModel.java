package io.sfumato.recommend.cli;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.Encoders;
import io.sfumato.encoders.ModelFolder;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.image.ClipVisionEncoder;
import io.sfumato.encoders.image.ImageEncoder;
import io.sfumato.encoders.image.Pixels;
import io.sfumato.encoders.image.VisionEncoder;
import io.sfumato.encoders.image.ZooEncoder;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.encoders.text.MiniLm;
import io.sfumato.encoders.text.Pooling;
import io.sfumato.encoders.text.TextEncoder;
import io.sfumato.encoders.text.TokenIds;
import io.sfumato.encoders.text.TransformerTextEncoder;
import io.sfumato.recommend.cli.EncodeWriter.States;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoders of a folder, each opened when the first input of its kind comes: a CLIP has one of texts and one of images,
 * and may be used for one kind only. Owns them: close it.
 */
final class EncodeModel implements AutoCloseable {
  private static final String BUILT_IN = "minilm";

  private final String name;
  private final Precision precision;
  private final @Nullable Pooling pooling;
  private final @Nullable Boolean normalize;
  private @Nullable TextEncoder text;
  private @Nullable ImageEncoder image;

  /**
   * Nothing is opened yet.
   *
   * @param name a folder, {@code minilm} or the address of a TorchScript model
   * @param pooling null for what the folder says
   * @param normalize null for what the folder says
   */
  EncodeModel(String name, Precision precision, @Nullable Pooling pooling, @Nullable Boolean normalize) {
    this.name = name;
    this.precision = precision;
    this.pooling = pooling;
    this.normalize = normalize;
    if (!name.equals(BUILT_IN) && !ZooEncoder.isUrl(name) && !Files.isDirectory(Path.of(name))) {
      throw new EncoderException("MODEL_NOT_FOUND",
          "there is no folder " + name + "; give the folder of a checkpoint, '"
              + BUILT_IN + "', or the djl:// or https:// address of a TorchScript model");
    }
  }

  TextEncoder text() {
    if (text == null) {
      TextEncoder opened = name.equals(BUILT_IN) ? MiniLm.load() : Encoders.load(folder(), TextEncoder.class);
      text = opened; // Now, so that it is closed where an option does not fit.
      opened.setPrecision(precision);
      if (opened instanceof TransformerTextEncoder transformer) {
        if (pooling != null) {
          transformer.setPooling(pooling);
        }
        if (normalize != null) {
          transformer.setNormalize(normalize);
        }
      } else if (pooling != null || normalize != null) {
        throw new EncoderException("UNSUPPORTED_MODEL",
            name + ": --pooling and --normalize are for transformers; leave them out");
      }
    }
    return text;
  }

  ImageEncoder image() {
    if (image == null) {
      boolean script = ZooEncoder.isUrl(name)
          || !Files.exists(ModelFolder.model(folder()).resolve(ModelFolder.CONFIG));
      ImageEncoder opened = ZooEncoder.isUrl(name) ? ZooEncoder.load(name)
          : script ? ZooEncoder.load(folder())
              : Encoders.load(folder(), ImageEncoder.class);
      image = opened;
      opened.setPrecision(precision);
      if (pooling != null) {
        throw new EncoderException("UNSUPPORTED_MODEL", "--pooling is for texts; leave it out for images");
      }
    }
    return image;
  }

  private Path folder() {
    if (name.equals(BUILT_IN) || ZooEncoder.isUrl(name)) {
      throw new EncoderException("UNSUPPORTED_MODEL", name.equals(BUILT_IN) ? "'" + BUILT_IN + "' reads texts only"
          : name + " reads images only");
    }
    return Path.of(name);
  }

  /** A picture's vector as it was asked for. */
  float[] finished(float[] vector) {
    Boolean wanted = normalize;
    if (wanted == null || (!wanted && !(image() instanceof ClipVisionEncoder))) {
      return vector;
    }
    if (!wanted) {
      throw new EncoderException("UNSUPPORTED_MODEL",
          name + ": CLIP's images come with unit length only; leave --no-normalize out");
    }
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    float[] unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = square == 0 ? 0 : (float) (vector[i] / Math.sqrt(square));
    }
    return unit;
  }

  States states(TokenIds tokens) {
    TextEncoder encoder = text();
    TensorRuntime runtime = TensorRuntime.get();
    try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
      return of(encoder.states(scope, List.of(tokens), null));
    }
  }

  States states(Pixels pixels) {
    if (!(image() instanceof VisionEncoder encoder)) {
      throw new EncoderException("UNSUPPORTED_MODEL", name
          + ": --states is for native layers of a Hugging Face folder; this encoder shows no inner states");
    }
    TensorRuntime runtime = TensorRuntime.get();
    try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
      return of(encoder.states(scope, List.of(pixels), null));
    }
  }

  /** Of one input: without the batch's dimension. */
  private static States of(NDArray array) {
    long[] batch = array.getShape().getShape();
    return new States(Arrays.copyOfRange(batch, 1, batch.length), array.toFloatArray());
  }

  @Override
  public void close() {
    if (text != null) {
      text.close();
    }
    if (image != null) {
      image.close();
    }
  }
}
