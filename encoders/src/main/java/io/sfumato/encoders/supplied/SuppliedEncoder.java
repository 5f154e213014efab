package io.sfumato.encoders.supplied;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.EncoderException;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Progress;
import io.sfumato.encoders.checkpoint.Weights;
import io.sfumato.encoders.checkpoint.WholeFile;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes vectors as they are: for people who have embeddings of their own, from a model that need not be here. It has no weights and owns no memory; what it keeps in a folder is what the vectors stand for, their
 * length and where they came from, never the vectors.
 *
 * <p>Thread-safe: nothing changes after construction.
 */
public final class SuppliedEncoder implements Encoder<float[], float[]> {
  static final String MODEL_TYPE = "supplied-vectors";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String modality;
  private final int dimension;
  private final String source;

  /**
   * An encoder of vectors of one length.
   *
   * @param modality what the vectors stand for, {@code text} or {@code image}
   * @param dimension their length, at least 1
   * @param source names what they were made of, such as the hash of their file: encoders of other sources have other fingerprints
   */
  public SuppliedEncoder(String modality, int dimension, String source) {
    if (dimension < 1) {
      throw new EncoderException("INVALID_CONFIG",
          "supplied vectors must have a length of 1 or more but had " + dimension);
    }
    this.modality = modality;
    this.dimension = dimension;
    this.source = source;
  }

  @Override
  public String modality() {
    return modality;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String fingerprint() {
    return Weights.fingerprint("%s %s %d %s".formatted(MODEL_TYPE, modality, dimension, source)
        .getBytes(StandardCharsets.UTF_8), List.of());
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  /** @throws EncoderException {@code NOT_TRAINABLE} where anything is to learn: there is nothing that could */
  @Override
  public void setTraining(FineTuning how) {
    if (!(how instanceof FineTuning.Frozen)) {
      throw new EncoderException("NOT_TRAINABLE",
          "supplied vectors of %s cannot be fine-tuned as '%s'; use them frozen, or an encoder".formatted(modality,
              how));
    }
  }

  /** The vector itself. @throws EncoderException {@code INVALID_INPUT} where it has another length, or a value that is not finite */
  @Override
  public float[] prepare(float[] vector) {
    if (vector.length != dimension) {
      throw new EncoderException("INVALID_INPUT",
          "a supplied vector of %s has %d values where the others have %d; take those of one model".formatted(modality,
              vector.length, dimension));
    }
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new EncoderException("INVALID_INPUT",
            "a supplied vector of %s has the value %s; leave the item out instead".formatted(modality, value));
      }
    }
    return vector;
  }

  @Override
  public NDArray forward(Scope scope, List<float[]> batch, @Nullable Tape tape) {
    return scope.matrix(batch.toArray(float[][]::new));
  }

  /** The vectors themselves, without the tensor engine. */
  @Override
  public float[][] encodePrepared(List<float[]> prepared, Progress progress) {
    return prepared.toArray(float[][]::new);
  }

  @Override
  public void save(Path directory) {
    WholeFile.write(directory.resolve("config.json"), JSON.createObjectNode()
        .put("model_type", MODEL_TYPE)
        .put("modality", modality)
        .put("dimension", dimension)
        .put("source", source)
        .toPrettyString());
  }

  /** Does nothing: there is no native memory. */
  @Override
  public void close() {}
}
