package io.sfumato.encoders.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.Function;

/**
 * Owner of native arrays: closing it frees every array made in it and every scope opened in it. One scope a training
 * step or a batch. For one thread at a time.
 *
 * <p>DJL attaches the result of an operation to the manager of its <em>receiver</em>, so {@code weight.mul(x)} would
 * stay with the weight forever. Write {@code x.mul(weight)}, use {@link Kernels}, whose results land in the scope that
 * they are given, or wrap: {@code scope.own(weight.mul(x))}.
 */
public final class Scope implements AutoCloseable {
  private final NDManager parent;
  private final NDManager manager;

  Scope(NDManager parent, NDManager manager) {
    this.parent = parent;
    this.manager = manager;
  }

  /** The manager of this scope's arrays, for the operations of {@code ai.djl.ndarray} that take one. */
  public NDManager manager() {
    return manager;
  }

  /** A scope inside this one, closed by the caller or at the latest with this one. */
  public Scope child() {
    return new Scope(manager, manager.newSubManager());
  }

  /**
   * Makes one array out of several that nobody asks for any more then, in a scope inside this one: their memory is there
   * for the next, unless a backward pass will need them, which keeps them by itself.
   *
   * @param work makes the array in the scope that it is given, and hands nothing else out
   * @return the array, owned by this scope
   */
  public NDArray condense(Function<Scope, NDArray> work) {
    try (Scope inner = child()) {
      return inner.release(work.apply(inner));
    }
  }

  /** Moves an array into this scope and returns it. */
  public NDArray own(NDArray array) {
    if (array.getManager() != manager) {
      array.attach(manager);
    }
    return array;
  }

  /** Moves an array out into the scope around this one (for an outermost scope: to the permanent arrays). */
  public NDArray release(NDArray array) {
    array.attach(parent);
    return array;
  }

  /**
   * A float32 array of the given shape, copied from {@code values} in row-major order into the engine's own memory: a
   * backward pass may read it after this scope was closed.
   */
  public NDArray floats(float[] values, long... shape) {
    return EngineMemory.floats(manager, values, new Shape(shape));
  }

  /** An int64 array of the given shape, copied from {@code values} in row-major order, as {@link #floats}. */
  public NDArray longs(long[] values, long... shape) {
    return EngineMemory.longs(manager, values, new Shape(shape));
  }

  /** A float32 matrix [rows.length, rows[0].length]; every row must be equally long. */
  public NDArray matrix(float[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    float[] flat = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw new IllegalArgumentException("row " + i + " has " + rows[i].length + " values, row 0 has " + columns);
      }
      System.arraycopy(rows[i], 0, flat, i * columns, columns);
    }
    return floats(flat, rows.length, columns);
  }

  /** Number of native arrays that this scope owns now, without those of its children. */
  public int size() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    manager.close();
  }
}
