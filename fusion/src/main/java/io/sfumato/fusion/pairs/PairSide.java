package io.sfumato.fusion.pairs;

import ai.djl.ndarray.NDArray;
import io.sfumato.encoders.Encoder;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.nn.Tape;
import io.sfumato.encoders.runtime.GradMode;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.fusion.Modality;
import io.sfumato.fusion.Projection;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One side of the pairs while it learns: what is read of each pair, and the projection of what the encoder says of it.
 *
 * @param modality with the encoder
 * @param tuning what of the encoder learns
 * @param projection to the common space
 * @param inputs of all pairs that learn or validate
 */
record PairSide<P>(Modality<?, P> modality, FineTuning tuning, Projection projection,
    PairInputs<P> inputs) implements AutoCloseable {

  /** Pairs encoded at once where no gradients are kept. */
  private static final int BLOCK = 128;

  /** Whether the encoder learns. */
  boolean learns() {
    return inputs instanceof PairInputs.Prepared;
  }

  Encoder<?, P> encoder() {
    return modality.encoder();
  }

  /**
   * Unit vectors [rows.length, d].
   *
   * @param draws variation and dropout; null outside training
   */
  NDArray forward(Scope scope, int[] rows, @Nullable Draws draws, @Nullable Tape tape) {
    NDArray encoded = inputs.encode(scope, rows, draws, tape);
    NDArray keep = draws == null || draws.dropout() == 0 ? null : keep(scope, draws.shared(), draws.dropout());
    return projection.forward(scope, encoded, keep, tape);
  }

  private NDArray keep(Scope scope, SplittableRandom random, double dropout) {
    float[] keep = new float[encoder().dimension()];
    for (int k = 0; k < keep.length; k++) {
      keep[k] = random.nextDouble() < dropout ? 0 : (float) (1 / (1 - dropout));
    }
    return scope.floats(keep, 1, keep.length);
  }

  /** Outputs of the encoder for some rows, without gradients. */
  float[][] outputs(int[] rows) {
    return blocks(rows, encoder().dimension(), (scope, part) -> inputs.encode(scope, part, null, null));
  }

  /** Unit vectors of some rows, without gradients. */
  float[][] vectors(int[] rows, int dimension) {
    return blocks(rows, dimension, (scope, part) -> forward(scope, part, null, null));
  }

  private interface Block {
    NDArray of(Scope scope, int[] rows);
  }

  private static float[][] blocks(int[] rows, int width, Block block) {
    TensorRuntime runtime = TensorRuntime.get();
    float[][] out = new float[rows.length][];
    for (int from = 0; from < rows.length; from += BLOCK) {
      int[] part = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + BLOCK));
      try (GradMode off = runtime.inference(); Scope scope = runtime.scope()) {
        float[] flat = block.of(scope, part).toFloatArray();
        for (int i = 0; i < part.length; i++) {
          out[from + i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
      }
    }
    return out;
  }

  @Override
  public void close() {
    inputs.close();
  }
}
