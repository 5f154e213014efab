package io.sfumato.encoders.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/**
 * Arrays of given values in memory that the engine allocates, so that it lives as long as anything of the engine refers
 * to it: views, constants on the same memory, what autograd keeps for a backward pass.
 *
 * <p>{@code NDManager.create(values)} does not do that on a CPU: the engine borrows a Java buffer that is free for the
 * garbage collector once the {@code NDArray} is closed, whoever still reads it.
 */
final class EngineMemory {
  private EngineMemory() {}

  /** A float32 array owned by {@code manager}; {@code values} in row-major order. */
  static NDArray floats(NDManager manager, float[] values, Shape shape) {
    checkSize(values.length, shape);
    if (manager.getDevice().isGpu() || values.length == 0) {
      return manager.create(values, shape); // a GPU's array is a copy
    }
    NDArray array = manager.create(shape, DataType.FLOAT32);
    memory(array).asFloatBuffer().put(values);
    return array;
  }

  /** An int64 array owned by {@code manager}; {@code values} in row-major order. */
  static NDArray longs(NDManager manager, long[] values, Shape shape) {
    checkSize(values.length, shape);
    if (manager.getDevice().isGpu() || values.length == 0) {
      return manager.create(values, shape);
    }
    NDArray array = manager.create(shape, DataType.INT64);
    memory(array).asLongBuffer().put(values);
    return array;
  }

  /** A CPU array's own memory, in the machine's byte order. */
  private static ByteBuffer memory(NDArray array) {
    return array.toByteBuffer(true);
  }

  private static void checkSize(int values, Shape shape) {
    if (values != shape.size()) {
      throw new IllegalArgumentException("shape " + shape + " has " + shape.size() + " values but got " + values);
    }
  }
}
