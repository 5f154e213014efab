package io.sfumato.encoders.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products of single precision whose every bit is the same however they are computed: with the Vector API or without, interpreted or compiled, on any machine.
 *
 * <p>The order of the additions is part of the contract, because a sum of floats depends on it and {@code FloatVector.reduceLanes} leaves it open: position k, counted from the first, goes to running sum {@code k mod 32}; the
 * 32 are added pairwise, {@code s[i] + s[i+8]} and {@code s[i+16] + s[i+24]} first, the 8 sums of both then as {@link #pairwise}; positions beyond the last whole 32 follow one by one. Products are
 * rounded before they are added (no fused multiply-add, which some machines lack). Allocates nothing with the Vector API. Thread-safe.
 */
public final class InnerProducts {
  private static final int SUMS = 32;
  private static final Kernel BEST = best();

  private InnerProducts() {}

  /** One way to compute it; all give the same bits. */
  interface Kernel {
    float of(float[] a, int aFrom, float[] b, int bFrom, int length);
  }

  /** {@code Σ a[aFrom + k] · b[bFrom + k]} of {@code length} positions. */
  public static float of(float[] a, int aFrom, float[] b, int bFrom, int length) {
    return BEST.of(a, aFrom, b, bFrom, length);
  }

  /** {@code Σ a[k] · b[k]} of two vectors of one length. */
  public static float of(float[] a, float[] b) {
    return BEST.of(a, 0, b, 0, a.length);
  }

  /** The sum of eight in the order of the class comment: {@code ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))}. */
  public static float pairwise(float s0, float s1, float s2, float s3, float s4, float s5, float s6, float s7) {
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
  }

  private static Kernel best() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() && Lanes.pays()
        ? new Lanes()
        : new Plain();
  }

  /** Plain loops. */
  static final class Plain implements Kernel {
    @Override
    public float of(float[] a, int aFrom, float[] b, int bFrom, int length) {
      int bound = length - length % SUMS;
      float sum = bound == 0 ? 0 : whole(a, aFrom, b, bFrom, bound);
      for (int k = bound; k < length; k++) {
        sum += a[aFrom + k] * b[bFrom + k];
      }
      return sum;
    }

    private static float whole(float[] a, int aFrom, float[] b, int bFrom, int bound) {
      float[] s = new float[SUMS];
      for (int k = 0; k < bound; k += SUMS) {
        for (int i = 0; i < SUMS; i++) {
          s[i] += a[aFrom + k + i] * b[bFrom + k + i];
        }
      }
      for (int i = 0; i < 8; i++) {
        s[i] = (s[i] + s[i + 8]) + (s[i + 16] + s[i + 24]);
      }
      return pairwise(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]);
    }
  }

  /** The Vector API: four vectors of eight lanes, whatever the machine's widest. */
  static final class Lanes implements Kernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;
    private static final int LENGTH = SPECIES.length();

    /** Whether the machine has vectors of eight lanes; where it has not, these would be emulated. */
    static boolean pays() {
      return FloatVector.SPECIES_PREFERRED.length() >= LENGTH;
    }

    @Override
    public float of(float[] a, int aFrom, float[] b, int bFrom, int length) {
      int bound = length - length % SUMS;
      float sum = bound == 0 ? 0 : whole(a, aFrom, b, bFrom, bound);
      for (int k = bound; k < length; k++) {
        sum += a[aFrom + k] * b[bFrom + k];
      }
      return sum;
    }

    private static float whole(float[] a, int aFrom, float[] b, int bFrom, int bound) {
      FloatVector s0 = FloatVector.zero(SPECIES);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int k = 0; k < bound; k += SUMS) {
        s0 = product(a, aFrom + k, b, bFrom + k).add(s0);
        s1 = product(a, aFrom + k + LENGTH, b, bFrom + k + LENGTH).add(s1);
        s2 = product(a, aFrom + k + 2 * LENGTH, b, bFrom + k + 2 * LENGTH).add(s2);
        s3 = product(a, aFrom + k + 3 * LENGTH, b, bFrom + k + 3 * LENGTH).add(s3);
      }
      FloatVector s = s0.add(s1).add(s2.add(s3));
      return pairwise(s.lane(0), s.lane(1), s.lane(2), s.lane(3), s.lane(4), s.lane(5), s.lane(6), s.lane(7));
    }

    private static FloatVector product(float[] a, int aFrom, float[] b, int bFrom) {
      return FloatVector.fromArray(SPECIES, a, aFrom).mul(FloatVector.fromArray(SPECIES, b, bFrom));
    }
  }
}
