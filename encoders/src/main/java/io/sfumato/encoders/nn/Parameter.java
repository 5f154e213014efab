package io.sfumato.encoders.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.sfumato.encoders.runtime.Autograd;
import io.sfumato.encoders.runtime.Scope;
import io.sfumato.encoders.runtime.TensorRuntime;
import org.jspecify.annotations.Nullable;

/**
 * A named float32 tensor that training changes. Its memory belongs to the layer that made it, which closes it. Reading
 * is thread-safe while nobody trains; changing it is for one thread.
 */
public final class Parameter implements AutoCloseable {
  private final String name;
  private final NDArray value;
  private boolean trainable;
  private int version;

  /**
   * A trainable parameter.
   *
   * @param name the checkpoint's own name, such as {@code encoder.layer.0.output.dense.weight}
   * @param shape all dimensions known
   * @param values in row-major order, {@code shape.size()} of them
   */
  public Parameter(String name, Shape shape, float[] values) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(name + " has shape " + shape + " but got " + values.length + " values");
    }
    this.name = name;
    this.value = TensorRuntime.get().permanentFloats(values, shape);
    setTrainable(true);
  }

  /**
   * A trainable parameter on memory that exists already, such as a TorchScript module's weight; changing one changes the
   * other.
   */
  public Parameter(String name, NDArray value) {
    this.name = name;
    this.value = value;
    setTrainable(true);
  }

  /** The checkpoint's own name. */
  public String name() {
    return name;
  }

  /** Dimensions, such as (out, in) of a linear weight. */
  public Shape shape() {
    return value.getShape();
  }

  /** Number of values. */
  public long size() {
    return value.size();
  }

  /** The tensor itself, for the operations that train or use it; not to be closed by the caller. */
  public NDArray value() {
    return value;
  }

  /**
   * The tensor as a layer computes with it: itself where autograd is to give its gradient, else (when a tape records)
   * a constant on the same memory, owned by {@code scope}.
   */
  public NDArray value(Scope scope, @Nullable Tape tape) {
    return tape == null ? value : Autograd.constant(scope, value);
  }

  /** Whether training changes this parameter. */
  public boolean trainable() {
    return trainable;
  }

  /** Freezes or unfreezes the parameter. */
  public void setTrainable(boolean trainable) {
    this.trainable = trainable;
    version++;
    value.setRequiresGradient(trainable);
  }

  /** Overwrites the values in place, in row-major order; every user of the parameter sees the new ones. */
  public void set(float[] values) {
    if (values.length != value.size()) {
      throw new IllegalArgumentException(name + " has " + value.size() + " values but got " + values.length);
    }
    TensorRuntime runtime = TensorRuntime.get();
    try (Scope scope = runtime.scope()) {
      runtime.kernels().copy(scope, value, scope.floats(values, value.getShape().getShape()));
    }
    changed();
  }

  /** Counts the changes that are not an optimiser's: what was made of a frozen parameter holds while this stays. */
  int version() {
    return version;
  }

  /** To be called by whoever changes the values in place. */
  void changed() {
    version++;
  }

  /** A copy of the values in row-major order. */
  public float[] toArray() {
    return value.toFloatArray();
  }

  /** What backward passes have added up since the last {@link #zeroGradient}, owned by {@code scope}; null if nothing. */
  public @Nullable NDArray gradient(Scope scope) {
    return Autograd.gradient(scope, value);
  }

  /** Sets the gradient to zero. */
  public void zeroGradient() {
    Autograd.zeroGradient(value);
  }

  /** Frees the native memory. */
  @Override
  public void close() {
    value.close();
  }

  @Override
  public String toString() {
    return name + shape();
  }
}
