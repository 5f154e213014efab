package io.sfumato.datasets;

import java.io.IOException;

/**
 * An encoded picture that is read when it is wanted, not before. Implementations are immutable and may be read by many threads at once; each call
 * of {@link #read()} returns the same bytes in an array of its own.
 */
public interface ImageSource {
  /** A name for messages: a path, or whatever tells a person which picture it is. */
  String name();

  /** The encoded bytes (JPEG, PNG, WebP, GIF, BMP or TIFF). */
  byte[] read() throws IOException;
}
