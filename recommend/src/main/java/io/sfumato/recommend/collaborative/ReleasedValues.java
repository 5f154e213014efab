package io.sfumato.recommend.collaborative;

import io.sfumato.privacy.training.NoiseGenerator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Adds noise to sums, piece by piece, and hashes what is released: each value once, as the big-endian bytes of its float32. For one thread. */
final class ReleasedValues {
  private final NoiseGenerator noise;
  private final double deviation;
  private final MessageDigest digest;

  ReleasedValues(NoiseGenerator noise, double deviation) {
    this.noise = noise;
    this.deviation = deviation;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The sums with fresh noise; the array is overwritten. */
  float[] release(double[] sums) {
    if (deviation > 0) {
      noise.add(sums, deviation);
    }
    float[] released = new float[sums.length];
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(4, sums.length));
    for (int i = 0; i < sums.length; i++) {
      released[i] = (float) sums[i];
      bytes.putFloat(released[i]);
    }
    digest.update(bytes.array());
    return released;
  }

  /** The hash of all that was released, lower-case hex; to be called once, at the end. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
