package io.sfumato.encoders.checkpoint;

/** A source of tensors that holds files open: close it. Tensors that were read stay. */
public interface Checkpoint extends TensorSource, AutoCloseable {
  /** The element type that a tensor has on disk. */
  ElementType type(String name);

  /** Closes the files. */
  @Override
  void close();
}
