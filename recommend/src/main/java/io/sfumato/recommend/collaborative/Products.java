package io.sfumato.recommend.collaborative;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Inner products of float vectors: with the Vector API where the JVM has it. */
interface Products {
  /** The best that this JVM has. */
  Products BEST = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? new Lanes() : new Plain();

  /** {@code Σ a_k b_k} of the positions in [from, to). */
  float dot(float[] a, float[] b, int from, int to);

  /** Plain loops. */
  final class Plain implements Products {
    @Override
    public float dot(float[] a, float[] b, int from, int to) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      int k = from;
      for (; k + 3 < to; k += 4) {
        s0 += a[k] * b[k];
        s1 += a[k + 1] * b[k + 1];
        s2 += a[k + 2] * b[k + 2];
        s3 += a[k + 3] * b[k + 3];
      }
      for (; k < to; k++) {
        s0 += a[k] * b[k];
      }
      return s0 + s1 + s2 + s3;
    }
  }

  /** The Vector API, two sums at a time. */
  final class Lanes implements Products {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LENGTH = SPECIES.length();

    @Override
    public float dot(float[] a, float[] b, int from, int to) {
      FloatVector first = FloatVector.zero(SPECIES);
      FloatVector second = first;
      int k = from;
      for (; k + 2 * LENGTH <= to; k += 2 * LENGTH) {
        first = FloatVector.fromArray(SPECIES, a, k).fma(FloatVector.fromArray(SPECIES, b, k), first);
        second = FloatVector.fromArray(SPECIES, a, k + LENGTH)
            .fma(FloatVector.fromArray(SPECIES, b, k + LENGTH), second);
      }
      float sum = first.add(second).reduceLanes(VectorOperators.ADD);
      for (; k < to; k++) {
        sum += a[k] * b[k];
      }
      return sum;
    }
  }
}
