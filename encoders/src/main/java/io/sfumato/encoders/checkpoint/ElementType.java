package io.sfumato.encoders.checkpoint;

import io.sfumato.encoders.EncoderException;
import java.util.Arrays;

/**
 * The element types that a safetensors header may name, with their size in bytes. All of them are understood when a
 * header is checked; {@link SafeTensors} reads all but the 8 bit floats.
 */
public enum ElementType {
  /** One byte a truth value. */
  BOOL(1),
  /** Unsigned 8 bit integers. */
  U8(1),
  /** Signed 8 bit integers. */
  I8(1),
  /** 8 bit floats with 2 bits of mantissa. */
  F8_E5M2(1),
  /** 8 bit floats with 3 bits of mantissa. */
  F8_E4M3(1),
  /** Signed 16 bit integers. */
  I16(2),
  /** Unsigned 16 bit integers. */
  U16(2),
  /** IEEE half precision. */
  F16(2),
  /** The upper half of an IEEE single. */
  BF16(2),
  /** Signed 32 bit integers. */
  I32(4),
  /** Unsigned 32 bit integers. */
  U32(4),
  /** IEEE single precision. */
  F32(4),
  /** IEEE double precision. */
  F64(8),
  /** Signed 64 bit integers. */
  I64(8),
  /** Unsigned 64 bit integers. */
  U64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  static ElementType parse(String name, String tensor, Object file) {
    return Arrays.stream(values())
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new EncoderException("CHECKPOINT_CORRUPT", file + ": tensor '" + tensor
            + "' has the unknown element type '" + name + "'; known are " + Arrays.toString(values())));
  }
}
