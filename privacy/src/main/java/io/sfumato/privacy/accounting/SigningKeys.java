package io.sfumato.privacy.accounting;

import io.sfumato.privacy.PrivacyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * Ed25519 keys in PEM files: PKCS#8 for the private one ({@code BEGIN PRIVATE KEY}), X.509 for the public one ({@code BEGIN PUBLIC KEY}), as {@code openssl genpkey -algorithm ed25519} and
 * {@code openssl pkey -pubout} write them.
 */
public final class SigningKeys {
  private static final int MAX_BYTES = 1 << 16;
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";

  private SigningKeys() {}

  /**
   * Makes a pair of keys and writes it: the private one to {@code file}, readable by its owner alone where the file system knows owners, the public one beside it.
   *
   * @return where the public key lies: {@code file} with {@code .pub} at the end
   * @throws PrivacyException {@code KEY_EXISTS} where one of the files is there already: nothing is overwritten
   */
  public static Path generate(Path file) {
    Path open = file.resolveSibling(file.getFileName() + ".pub");
    if (Files.exists(file) || Files.exists(open)) {
      throw new PrivacyException("KEY_EXISTS",
          (Files.exists(file) ? file : open) + " exists already and is not overwritten; give another place");
    }
    try {
      KeyPair keys = KeyPairGenerator.getInstance(LedgerSignature.ALGORITHM).generateKeyPair();
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      write(file, pem(PRIVATE, keys.getPrivate().getEncoded()), "rw-------");
      write(open, pem(PUBLIC, keys.getPublic().getEncoded()), "rw-r--r--");
      return open;
    } catch (FileAlreadyExistsException e) {
      throw new PrivacyException("KEY_EXISTS", e.getMessage() + " exists already and is not overwritten", e);
    } catch (IOException e) {
      throw new PrivacyException("KEY_UNWRITABLE", "the key cannot be written to " + file + ": " + e, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + LedgerSignature.ALGORITHM, e);
    }
  }

  /**
   * Reads a private key; the public one is computed from it.
   *
   * @throws PrivacyException {@code KEY_UNREADABLE}
   */
  public static KeyPair readPrivate(Path file) {
    byte[] encoded = decode(file, PRIVATE);
    try {
      KeyFactory factory = KeyFactory.getInstance(LedgerSignature.ALGORITHM);
      EdECPrivateKey key = (EdECPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(encoded));
      byte[] seed = key.getBytes().orElseThrow(() -> new GeneralSecurityException("it has no seed"));
      KeyPairGenerator generator = KeyPairGenerator.getInstance(LedgerSignature.ALGORITHM);
      generator.initialize(255, new Given(seed)); // The platform has no other way from a private key to its public one.
      KeyPair keys = new KeyPair(generator.generateKeyPair().getPublic(), key);
      if (!LedgerSignature.of("key", "check", keys).signs("key", "check")) {
        throw new GeneralSecurityException("its public key could not be computed");
      }
      return keys;
    } catch (GeneralSecurityException | ClassCastException | IllegalArgumentException e) {
      throw unreadable(file, "it is no Ed25519 private key", e);
    }
  }

  /**
   * Reads a public key.
   *
   * @throws PrivacyException {@code KEY_UNREADABLE}
   */
  public static PublicKey readPublic(Path file) {
    byte[] encoded = decode(file, PUBLIC);
    try {
      return KeyFactory.getInstance(LedgerSignature.ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw unreadable(file, "it is no Ed25519 public key", e);
    }
  }

  /** A public key in a form that two people can compare: the first 16 bytes of its SHA-256, in hex. */
  public static String fingerprint(PublicKey key) {
    return fingerprint(Base64.getEncoder().encodeToString(key.getEncoded()));
  }

  /** As {@link #fingerprint(PublicKey)}, of the Base64 that travels with a signature, readable or not. */
  public static String fingerprint(String publicKey) {
    try {
      byte[] bytes = publicKey.getBytes(StandardCharsets.UTF_8);
      try {
        bytes = Base64.getDecoder().decode(publicKey);
      } catch (IllegalArgumentException e) {
        // What is no Base64 has a fingerprint too: that of its text.
      }
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void write(Path file, String text, String rights) throws IOException {
    boolean owners = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes = owners
        ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
        : new FileAttribute<?>[0];
    try (SeekableByteChannel channel = Files.newByteChannel(file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      for (ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)); bytes.hasRemaining();) {
        channel.write(bytes);
      }
    }
  }

  private static String pem(String kind, byte[] encoded) {
    return "-----BEGIN " + kind + "-----\n"
        + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(encoded) + "\n-----END " + kind + "-----\n";
  }

  private static byte[] decode(Path file, String kind) {
    try {
      if (!Files.isRegularFile(file)) {
        throw unreadable(file, "there is no such file", null);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw unreadable(file, "it is too long for a key", null);
      }
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      String begin = "-----BEGIN " + kind + "-----";
      int from = text.indexOf(begin);
      int to = text.indexOf("-----END " + kind + "-----");
      if (from < 0 || to < from) {
        throw unreadable(file, "it has no " + begin, null);
      }
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to).strip());
    } catch (IOException e) {
      throw unreadable(file, e.toString(), e);
    } catch (IllegalArgumentException e) {
      throw unreadable(file, "it is no Base64", e);
    }
  }

  private static PrivacyException unreadable(Path file, String why,
      @org.jspecify.annotations.Nullable Exception cause) {
    String message = "the key " + file + " cannot be read: " + why
        + "; give a PEM file as 'sfumato privacy keygen' writes it";
    return cause == null ? new PrivacyException("KEY_UNREADABLE", message)
        : new PrivacyException("KEY_UNREADABLE", message, cause);
  }

  /** Hands out the bytes that it was given: no randomness at all. */
  private static final class Given extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] bytes;

    Given(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] out) {
      System.arraycopy(bytes, 0, out, 0, Math.min(out.length, bytes.length));
    }
  }
}
