package io.sfumato.encoders.checkpoint;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/** Element types of checkpoints to and from Java's own numbers, little-endian. */
final class Elements {
  private static final Set<ElementType> INTEGERS = EnumSet.of(ElementType.BOOL, ElementType.U8, ElementType.I8,
      ElementType.I16, ElementType.U16, ElementType.I32, ElementType.U32, ElementType.I64, ElementType.U64);
  private static final Set<ElementType> FLOATS = EnumSet.of(ElementType.F16, ElementType.BF16, ElementType.F32,
      ElementType.F64);

  private Elements() {}

  static boolean isInteger(ElementType type) {
    return INTEGERS.contains(type);
  }

  static boolean readable(ElementType type) {
    return isInteger(type) || FLOATS.contains(type);
  }

  /** Reads {@code count} elements from the start of the block, as the nearest floats. */
  static void get(ByteBuffer block, float[] values, int at, int count, ElementType type) {
    switch (type) {
      case F32 -> block.asFloatBuffer().get(values, at, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          values[at + i] = Float.float16ToFloat(block.getShort(2 * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          values[at + i] = Float.intBitsToFloat(block.getShort(2 * i) << 16);
        }
      }
      case F64 -> {
        for (int i = 0; i < count; i++) {
          values[at + i] = (float) block.getDouble(8 * i);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          values[at + i] = integer(block, i, type);
        }
      }
    }
  }

  /** Reads {@code count} integers from the start of the block. */
  static void get(ByteBuffer block, long[] values, int at, int count, ElementType type) {
    for (int i = 0; i < count; i++) {
      values[at + i] = integer(block, i, type);
    }
  }

  private static long integer(ByteBuffer block, int i, ElementType type) {
    return switch (type) {
      case I64, U64 -> block.getLong(8 * i);
      case I32 -> block.getInt(4 * i);
      case U32 -> Integer.toUnsignedLong(block.getInt(4 * i));
      case I16 -> block.getShort(2 * i);
      case U16 -> Short.toUnsignedLong(block.getShort(2 * i));
      case I8 -> block.get(i);
      case U8 -> Byte.toUnsignedLong(block.get(i));
      case BOOL -> block.get(i) == 0 ? 0 : 1;
      default -> throw new IllegalArgumentException(type + " is no integer");
    };
  }

  /** Writes {@code count} values at the start of the block. */
  static void put(ByteBuffer block, float[] values, int from, int count, ElementType type) {
    switch (type) {
      case F32 -> block.asFloatBuffer().put(values, from, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          block.putShort(2 * i, Float.floatToFloat16(values[from + i]));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          block.putShort(2 * i, toBfloat16(values[from + i]));
        }
      }
      default -> throw new IllegalArgumentException("tensors can be written as F32, F16 or BF16, not as " + type);
    }
  }

  /** The upper half of a float's bits, rounded to the nearest, halves to even; what is not a number stays that. */
  private static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }
}
