package io.sfumato.encoders;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.nn.Backbone;
import io.sfumato.encoders.nn.Parameter;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One modality's way from what people have (a text, a picture) to a vector.
 *
 * <p>Work is in two halves. {@link #prepare} is plain Java and is done once an input: tokens, resized pixels.
 * {@link #forward} runs on the tensor engine each time: differentiable, so that an encoder can be fine-tuned.
 *
 * <p>Inference ({@link #prepare}, {@link #encode}, {@link #forward}) may run in several threads at once as long as none
 * trains, loads or closes. An encoder owns its parameters' native memory: close it.
 *
 * @param <I> the raw input
 * @param <P> the prepared input, small and immutable
 */
public interface Encoder<I, P> extends AutoCloseable {
  /** What it reads: {@code text}, {@code image}, … */
  String modality();

  /** The length of its vectors. */
  int dimension();

  /**
   * The hexadecimal SHA-256 of architecture, preprocessing and weights: equal fingerprints encode equally in the same
   * {@link #precision}, so that both are the key of cached vectors. Computed anew at each call, which reads all weights (about a second for 100 MB).
   */
  String fingerprint();

  /** All parameters, by their names in the checkpoint, whether they learn or not. */
  List<Parameter> parameters();

  /** Chooses which parameters learn; a new encoder is frozen. */
  void setTraining(FineTuning how);

  /**
   * The native layers that compute the vectors; null for a model whose inside cannot be seen, such as TorchScript.
   */
  default @Nullable Backbone backbone() {
    return null;
  }

  /**
   * Chooses the number type of the linear layers.
   *
   * @throws EncoderException {@code UNSUPPORTED_PRECISION} where the encoder has no native layers, or none that are linear
   */
  default void setPrecision(Precision precision) {
    Backbone layers = backbone();
    if (layers != null) {
      layers.setPrecision(precision);
    } else if (precision != Precision.FLOAT32) {
      throw new EncoderException("UNSUPPORTED_PRECISION", "this " + modality() + " encoder has no native layers, so it"
          + " cannot compute in " + precision + ": use float32, or a checkpoint of a native architecture");
    }
  }

  /** The number type of the linear layers. */
  default Precision precision() {
    Backbone layers = backbone();
    return layers == null ? Precision.FLOAT32 : layers.precision();
  }

  /**
   * Sets the share of a block's output that training sets to zero; never active at inference.
   *
   * @param probability in [0, 1)
   * @throws EncoderException {@code UNSUPPORTED_DROPOUT} where the encoder has no transformer blocks
   */
  default void setDropout(double probability) {
    Backbone layers = backbone();
    if (layers != null) {
      layers.setDropout(probability);
    } else if (probability != 0) {
      throw new EncoderException("UNSUPPORTED_DROPOUT",
          "this " + modality() + " encoder has no native transformer blocks: set dropout to 0");
    }
  }

  /**
   * How far below the last layers a parameter is: 0 in the last block and the head, growing towards the embeddings; for
   * learning rates that decay by layer. 0 everywhere in a model whose inside cannot be seen.
   */
  default int depth(Parameter parameter) {
    Backbone layers = backbone();
    return layers == null ? 0 : layers.depth(parameter);
  }

  /**
   * Refuses a private training whose gradients could not be bounded example by example; asked before its first step, so
   * that no draw of the data decides when it is said. Nothing to say where every layer that learns writes on the
   * {@link Tape}, which checks that once more at every step.
   *
   * @throws EncoderException {@code NOT_PRIVATE} where something learns that no tape can see
   */
  default void requirePerExampleGradients() {}

  /** Tokenises, resizes, …; deterministic. */
  P prepare(I input);

  /**
   * Encodes a batch, differentiably.
   *
   * @param scope owner of the result and of what lies between
   * @param batch at least one prepared input
   * @param tape records what private training needs; null for inference and ordinary training
   * @return float32 [batch.size(), dimension()], of unit length only where the model itself normalises
   */
  NDArray forward(Scope scope, List<P> batch, @Nullable Tape tape);

  /**
   * What one prepared input costs in a batch that is padded to its most costly one: a text's tokens, 1 for an image.
   */
  default int cost(P prepared) {
    return 1;
  }

  /** How much cost an inference batch may have. */
  default int batchCost() {
    return 32;
  }

  /**
   * Encodes without gradients, in batches of similar cost.
   *
   * @param progress counts inputs
   * @return a vector an input, in the order of the inputs
   */
  default float[][] encode(List<I> inputs, Progress progress) {
    List<P> prepared = new ArrayList<>(inputs.size());
    for (I input : inputs) {
      prepared.add(prepare(input));
    }
    return encodePrepared(prepared, progress);
  }

  /** Encodes what {@link #prepare} has made; see {@link #encode}. */
  default float[][] encodePrepared(List<P> prepared, Progress progress) {
    TensorRuntime runtime = TensorRuntime.get();
    float[][] vectors = new float[prepared.size()][];
    int[] costs = prepared.stream().mapToInt(this::cost).toArray();
    progress.start("encoding " + modality(), prepared.size());
    try (GradMode off = runtime.inference()) {
      for (int[] rows : BatchPlan.of(costs, batchCost())) {
        List<P> batch = new ArrayList<>(rows.length);
        for (int row : rows) {
          batch.add(prepared.get(row));
        }
        try (Scope scope = runtime.scope()) {
          float[] flat = forward(scope, batch, null).toFloatArray();
          for (int i = 0; i < rows.length; i++) {
            vectors[rows[i]] = Arrays.copyOfRange(flat, i * dimension(), (i + 1) * dimension());
          }
        }
        progress.advance(rows.length, null);
      }
    } finally {
      progress.finish();
    }
    return vectors;
  }

  /**
   * Writes everything that {@link Encoders#load} needs into a folder.
   *
   * @throws EncoderException {@code IO} when the disk refuses
   */
  void save(Path directory);

  /** Frees the native memory. */
  @Override
  void close();
}
