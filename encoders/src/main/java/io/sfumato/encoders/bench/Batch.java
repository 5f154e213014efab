package io.sfumato.encoders.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.runtime.Kernels;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import java.util.SplittableRandom;

/** A fixed random batch with its targets, in native memory until closed. */
final class Batch implements AutoCloseable {
  private final NDArray input;
  private final NDArray target;

  private Batch(NDArray input, int examples, int outputs) {
    this.input = input;
    this.target = numbers(new Shape(examples, outputs));
  }

  /** Numbers in [-1, 1). */
  static Batch ofNumbers(int outputs, long... shape) {
    return new Batch(numbers(new Shape(shape)), Math.toIntExact(shape[0]), outputs);
  }

  /** Ids in [0, words), [examples, positions]. */
  static Batch ofIds(int outputs, int words, int examples, int positions) {
    long[] ids = new SplittableRandom(11).longs((long) examples * positions, 0, words).toArray();
    NDArray input = TensorRuntime.get().permanentLongs(ids, new Shape(examples, positions));
    return new Batch(input, examples, outputs);
  }

  private static NDArray numbers(Shape shape) {
    SplittableRandom random = new SplittableRandom(12);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return TensorRuntime.get().permanentFloats(values, shape);
  }

  /** The input, not to be closed. */
  NDArray input() {
    return input;
  }

  /** Number of examples. */
  int examples() {
    return Math.toIntExact(input.getShape().get(0));
  }

  /** Half the squared distance of outputs [n, k] to the targets, summed. */
  NDArray loss(Scope scope, NDArray output) {
    Kernels kernels = TensorRuntime.get().kernels();
    NDArray difference = scope.own(kernels.toFloat(scope, output).sub(target));
    return kernels.scaled(scope, difference.square().sum(), 0.5);
  }

  @Override
  public void close() {
    input.close();
    target.close();
  }
}
