package io.sfumato.recommend.evaluation;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API: items across the lanes. Products keep {@code USERS × 2} sums in registers, which is 12 of the 16 that AVX2 has, with two for the items' numbers and one for the user's.
 */
final class VectorKernel implements Kernel {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final int PANEL = 2 * LANES;
  /** So many values are counted at once: a multiple of the lanes, twice it below 2²⁴. */
  private static final int EXACT = 1 << 20;

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public void products(float[] users, int userOffset, float[] items, int itemOffset, int dim, float[] out,
      int outOffset, int stride) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    FloatVector e0 = a0;
    FloatVector e1 = a0;
    FloatVector f0 = a0;
    FloatVector f1 = a0;
    int user = userOffset;
    int item = itemOffset;
    for (int d = 0; d < dim; d++) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, items, item);
      FloatVector x1 = FloatVector.fromArray(FLOATS, items, item + LANES);
      FloatVector u = FloatVector.broadcast(FLOATS, users[user]);
      a0 = x0.fma(u, a0);
      a1 = x1.fma(u, a1);
      u = FloatVector.broadcast(FLOATS, users[user + 1]);
      b0 = x0.fma(u, b0);
      b1 = x1.fma(u, b1);
      u = FloatVector.broadcast(FLOATS, users[user + 2]);
      c0 = x0.fma(u, c0);
      c1 = x1.fma(u, c1);
      u = FloatVector.broadcast(FLOATS, users[user + 3]);
      d0 = x0.fma(u, d0);
      d1 = x1.fma(u, d1);
      u = FloatVector.broadcast(FLOATS, users[user + 4]);
      e0 = x0.fma(u, e0);
      e1 = x1.fma(u, e1);
      u = FloatVector.broadcast(FLOATS, users[user + 5]);
      f0 = x0.fma(u, f0);
      f1 = x1.fma(u, f1);
      user += USERS;
      item += PANEL;
    }
    store(a0, a1, out, outOffset);
    store(b0, b1, out, outOffset + stride);
    store(c0, c1, out, outOffset + 2 * stride);
    store(d0, d1, out, outOffset + 3 * stride);
    store(e0, e1, out, outOffset + 4 * stride);
    store(f0, f1, out, outOffset + 5 * stride);
  }

  private static void store(FloatVector first, FloatVector second, float[] out, int offset) {
    first.intoArray(out, offset);
    second.intoArray(out, offset + LANES);
  }

  @Override
  public int firstAbove(float[] values, int from, int to, float threshold) {
    FloatVector bound = FloatVector.broadcast(FLOATS, threshold);
    int i = from;
    for (; i + PANEL <= to; i += PANEL) {
      VectorMask<Float> first = FloatVector.fromArray(FLOATS, values, i).compare(VectorOperators.GT, bound);
      VectorMask<Float> second = FloatVector.fromArray(FLOATS, values, i + LANES).compare(VectorOperators.GT, bound);
      if (first.or(second).anyTrue()) {
        return first.anyTrue() ? i + first.firstTrue() : i + LANES + second.firstTrue();
      }
    }
    while (i < to && !(values[i] > threshold)) {
      i++;
    }
    return i;
  }

  @Override
  public long twiceBelow(float[] values, int from, int to, float bound) {
    long count = 0;
    int i = from;
    for (; i + LANES <= to; i += EXACT) {
      count += twiceBelowWhole(values, i, Math.min(to - i, EXACT), bound);
    }
    for (i = to - (to - from) % LANES; i < to; i++) {
      count += values[i] < bound ? 2 : values[i] == bound ? 1 : 0;
    }
    return count;
  }

  /** Of the whole vectors from a position on. Counted in floats, which are exact for so few. */
  private static long twiceBelowWhole(float[] values, int from, int length, float bound) {
    FloatVector limit = FloatVector.broadcast(FLOATS, bound);
    FloatVector below = FloatVector.zero(FLOATS);
    FloatVector notAbove = below;
    for (int i = from; i + LANES <= from + length; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, values, i);
      below = below.add(1, x.compare(VectorOperators.LT, limit));
      notAbove = notAbove.add(1, x.compare(VectorOperators.LE, limit));
    }
    return (long) below.add(notAbove).reduceLanes(VectorOperators.ADD);
  }
}
