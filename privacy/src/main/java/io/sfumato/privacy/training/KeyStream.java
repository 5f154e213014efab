package io.sfumato.privacy.training;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bits: AES-256 in counter mode. One key an object, its counter of 128 bits begins at zero and never comes back;
 * the key is held by the cipher alone. For one thread.
 */
final class KeyStream implements RandomGenerator {
  private static final int BUFFER = 1 << 13;
  /** Encrypted, they are the stream. Long enough to be quick, short enough that the compiler notices the calls soon. */
  private static final byte[] ZEROS = new byte[1 << 11];

  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Cipher cipher;
  private final byte[] buffer = new byte[BUFFER];
  private int used = BUFFER;

  private KeyStream(byte[] key) {
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES in counter mode", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Bits that nobody can know: the key is fresh from the operating system. */
  static KeyStream secure() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return new KeyStream(key);
  }

  /** The bits of a seed, on every machine the same. */
  static KeyStream seeded(long seed) {
    try {
      return new KeyStream(MessageDigest.getInstance("SHA-256")
          .digest(("sfumato-noise-1 " + seed).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Overwrites the first {@code length} bytes. */
  void fill(byte[] target, int length) {
    try {
      for (int at = 0; at < length;) {
        int n = Math.min(ZEROS.length, length - at);
        int made = cipher.update(ZEROS, 0, n, target, at);
        if (made != n) {
          throw new IllegalStateException("the cipher made " + made + " bytes of " + n);
        }
        at += n;
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("counter mode needs no padding", e);
    }
  }

  @Override
  public long nextLong() {
    if (used == BUFFER) {
      fill(buffer, BUFFER);
      used = 0;
    }
    long value = (long) LONGS.get(buffer, used);
    used += Long.BYTES;
    return value;
  }
}
