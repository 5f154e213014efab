package io.sfumato.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.privacy.PrivacyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeysTest {
  @TempDir
  private Path directory;

  @Test
  void keysComeBackAndSign() throws IOException {
    Path key = directory.resolve("sub/key.pem");
    Path open = SigningKeys.generate(key);
    assertThat(open).hasFileName("key.pem.pub");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key))).isEqualTo("rw-------");
    KeyPair keys = SigningKeys.readPrivate(key);
    assertThat(keys.getPublic()).isEqualTo(SigningKeys.readPublic(open));
    LedgerSignature signature = LedgerSignature.of("thing", "abc", keys);
    assertThat(signature.signs("thing", "abc")).isTrue();
    assertThat(signature.signs("thing", "abd")).isFalse();
    assertThat(signature.by(SigningKeys.readPublic(open))).isTrue();
    assertThat(SigningKeys.fingerprint(keys.getPublic())).hasSize(32)
        .isEqualTo(SigningKeys.fingerprint(signature.publicKey()));
    assertThatThrownBy(() -> SigningKeys.generate(key)).isInstanceOf(PrivacyException.class)
        .hasMessageContaining("not overwritten");
  }

  /** The first test vector of RFC 8032, section 7.1, in the files that openssl makes of it. */
  @Test
  void keysOfOpenSslAreRead() throws IOException {
    Path key = directory.resolve("key.pem");
    Files.writeString(key, """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----
      """);
    byte[] encoded = SigningKeys.readPrivate(key).getPublic().getEncoded();
    assertThat(Base64.getEncoder().encodeToString(encoded))
        .isEqualTo("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n%%%%\n-----END PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----"})
  void whatIsNoPrivateKeyIsOneClearError(String text) throws IOException {
    Path file = directory.resolve("key.pem");
    Files.writeString(file, text);
    assertThatThrownBy(() -> SigningKeys.readPrivate(file)).isInstanceOfSatisfying(PrivacyException.class,
        e -> assertThat(e.code()).isEqualTo("KEY_UNREADABLE")).hasMessageContaining("privacy keygen");
    assertThatThrownBy(() -> SigningKeys.readPublic(directory.resolve("none"))).hasMessageContaining("no such file");
  }
}
