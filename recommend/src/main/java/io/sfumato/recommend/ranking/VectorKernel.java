package io.sfumato.recommend.ranking;

import io.sfumato.encoders.linalg.InnerProducts;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API: hidden units across the lanes, four candidates and two vectors of units at a time, so that each weight is loaded once for the four. Adds in the order that {@link Network.Kernel} asks for.
 */
final class VectorKernel implements Network.Kernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;
  private static final int LENGTH = SPECIES.length();
  private static final int ROWS = 4;

  /** Whether the machine has vectors of eight lanes; where it has not, these would be emulated. */
  static boolean pays() {
    return FloatVector.SPECIES_PREFERRED.length() >= LENGTH;
  }

  @Override
  public void score(Network network, float[] matrix, int count, float[] out) {
    int inputs = network.inputs();
    for (int row = 0; row < count; row++) {
      out[row] = InnerProducts.of(network.linear(), 0, matrix, row * inputs, inputs);
    }
    int row = 0;
    for (; row + ROWS <= count; row += ROWS) {
      four(network, matrix, row, out);
    }
    for (; row < count; row++) {
      one(network, matrix, row, out);
    }
  }

  /** Adds the hidden part of four rows. */
  private static void four(Network network, float[] matrix, int row, float[] out) {
    int inputs = network.inputs();
    int hidden = network.hidden();
    float[] weights = network.weights();
    int r0 = row * inputs;
    int r1 = r0 + inputs;
    int r2 = r1 + inputs;
    int r3 = r2 + inputs;
    FloatVector t0 = FloatVector.zero(SPECIES);
    FloatVector t1 = t0;
    FloatVector t2 = t0;
    FloatVector t3 = t0;
    int h = 0;
    for (; h + 2 * LENGTH <= hidden; h += 2 * LENGTH) {
      FloatVector a0 = FloatVector.fromArray(SPECIES, network.bias(), h);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      FloatVector b0 = FloatVector.fromArray(SPECIES, network.bias(), h + LENGTH);
      FloatVector b1 = b0;
      FloatVector b2 = b0;
      FloatVector b3 = b0;
      for (int i = 0; i < inputs; i++) {
        FloatVector w = FloatVector.fromArray(SPECIES, weights, i * hidden + h);
        FloatVector u = FloatVector.fromArray(SPECIES, weights, i * hidden + h + LENGTH);
        FloatVector x = FloatVector.broadcast(SPECIES, matrix[r0 + i]);
        a0 = w.fma(x, a0);
        b0 = u.fma(x, b0);
        x = FloatVector.broadcast(SPECIES, matrix[r1 + i]);
        a1 = w.fma(x, a1);
        b1 = u.fma(x, b1);
        x = FloatVector.broadcast(SPECIES, matrix[r2 + i]);
        a2 = w.fma(x, a2);
        b2 = u.fma(x, b2);
        x = FloatVector.broadcast(SPECIES, matrix[r3 + i]);
        a3 = w.fma(x, a3);
        b3 = u.fma(x, b3);
      }
      FloatVector v = FloatVector.fromArray(SPECIES, network.out(), h);
      FloatVector z = FloatVector.fromArray(SPECIES, network.out(), h + LENGTH);
      t0 = z.fma(b0.max(0), v.fma(a0.max(0), t0));
      t1 = z.fma(b1.max(0), v.fma(a1.max(0), t1));
      t2 = z.fma(b2.max(0), v.fma(a2.max(0), t2));
      t3 = z.fma(b3.max(0), v.fma(a3.max(0), t3));
    }
    if (h + LENGTH <= hidden) {
      t0 = units(network, matrix, r0, h, t0);
      t1 = units(network, matrix, r1, h, t1);
      t2 = units(network, matrix, r2, h, t2);
      t3 = units(network, matrix, r3, h, t3);
      h += LENGTH;
    }
    out[row] += sum(t0) + Network.tail(network, matrix, r0, h);
    out[row + 1] += sum(t1) + Network.tail(network, matrix, r1, h);
    out[row + 2] += sum(t2) + Network.tail(network, matrix, r2, h);
    out[row + 3] += sum(t3) + Network.tail(network, matrix, r3, h);
  }

  private static void one(Network network, float[] matrix, int row, float[] out) {
    int from = row * network.inputs();
    FloatVector total = FloatVector.zero(SPECIES);
    int h = 0;
    for (; h + LENGTH <= network.hidden(); h += LENGTH) {
      total = units(network, matrix, from, h, total);
    }
    out[row] += sum(total) + Network.tail(network, matrix, from, h);
  }

  /** Adds one vector of hidden units of the row at {@code from} to its totals. */
  private static FloatVector units(Network network, float[] matrix, int from, int h, FloatVector total) {
    FloatVector sum = FloatVector.fromArray(SPECIES, network.bias(), h);
    for (int i = 0; i < network.inputs(); i++) {
      sum = FloatVector.fromArray(SPECIES, network.weights(), i * network.hidden() + h)
          .fma(FloatVector.broadcast(SPECIES, matrix[from + i]), sum);
    }
    return FloatVector.fromArray(SPECIES, network.out(), h).fma(sum.max(0), total);
  }

  private static float sum(FloatVector s) {
    return InnerProducts.pairwise(s.lane(0), s.lane(1), s.lane(2), s.lane(3), s.lane(4), s.lane(5), s.lane(6), s.lane(
        7));
  }
}
