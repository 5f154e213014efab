package io.sfumato.privacy.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The bits behind the noise. */
class KeyStreamTest {

  /** Counter mode by its definition (NIST SP 800-38A, 6.5): the blocks of the stream are the counter's values, enciphered. */
  @Test
  void blocksAreTheEncipheredCounter() throws Exception {
    byte[] key = MessageDigest.getInstance("SHA-256").digest("sfumato-noise-1 42".getBytes(StandardCharsets.UTF_8));
    assertThat(key).as("256 bits").hasSize(32);
    Cipher block = Cipher.getInstance("AES/ECB/NoPadding");
    block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    ByteBuffer expected = ByteBuffer.allocate(16 * 1000);
    for (long counter = 0; counter < 1000; counter++) {
      expected.put(block.update(ByteBuffer.allocate(16).putLong(0).putLong(counter).array()));
    }
    byte[] stream = new byte[expected.capacity()];
    KeyStream.seeded(42).fill(stream, stream.length);
    assertThat(stream).isEqualTo(expected.array());
  }

  @Test
  void fillingInPiecesAndByWordsGivesTheSameStream() {
    byte[] whole = new byte[50_000];
    KeyStream.seeded(1).fill(whole, whole.length);
    KeyStream pieces = KeyStream.seeded(1);
    byte[] joined = new byte[whole.length];
    for (int at = 0; at < whole.length; at += 12_500) {
      byte[] piece = new byte[12_500];
      pieces.fill(piece, piece.length);
      System.arraycopy(piece, 0, joined, at, piece.length);
    }
    assertThat(joined).isEqualTo(whole);
    KeyStream words = KeyStream.seeded(1);
    ByteBuffer expected = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < whole.length / 8; i++) {
      assertThat(words.nextLong()).isEqualTo(expected.getLong());
    }
  }

  @Test
  void onlyTheLengthAskedForIsWritten() {
    byte[] target = new byte[100];
    KeyStream.secure().fill(target, 40);
    assertThat(Arrays.copyOfRange(target, 40, 100)).containsOnly(0);
    assertThat(Arrays.copyOf(target, 40)).isNotEqualTo(new byte[40]);
  }

  @Test
  void secureStreamsDiffer() {
    assertThat(KeyStream.secure().nextLong()).isNotEqualTo(KeyStream.secure().nextLong());
  }
}
