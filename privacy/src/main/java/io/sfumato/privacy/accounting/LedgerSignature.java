package io.sfumato.privacy.accounting;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * An Ed25519 signature over a hash: the head of a ledger, or the seal of what the ledger lies in. The public key travels along, so the signature shows who signed only to
 * someone who knows that key from elsewhere.
 *
 * @param publicKey X.509 encoding in Base64
 * @param value signature in Base64
 */
public record LedgerSignature(String publicKey, String value) {
  /** JDK name of the algorithm. */
  public static final String ALGORITHM = "Ed25519";

  private static final String LEDGER = "privacy ledger";

  static LedgerSignature of(String head, KeyPair keys) {
    return of(LEDGER, head, keys);
  }

  /**
   * Signs a hash.
   *
   * @param kind of thing that it is the hash of, which is signed too, so that a signature of one thing is none of another
   * @throws IllegalArgumentException for a key of another algorithm
   */
  public static LedgerSignature of(String kind, String hash, KeyPair keys) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(keys.getPrivate());
      signature.update(message(kind, hash));
      Base64.Encoder base64 = Base64.getEncoder();
      return new LedgerSignature(base64.encodeToString(keys.getPublic().getEncoded()),
          base64.encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("cannot sign with a key of algorithm " + keys.getPrivate().getAlgorithm()
          + "; the signature wants " + ALGORITHM, e);
    }
  }

  /** Whether this is a signature of {@code head} by the key that travels along. */
  boolean signs(String head) {
    return signs(LEDGER, head);
  }

  /** Whether this is what {@link #of(String, String, KeyPair)} made of kind and hash with the key that travels along. */
  public boolean signs(String kind, String hash) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key());
      signature.update(message(kind, hash));
      return signature.verify(Base64.getDecoder().decode(value));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false; // A key or signature that cannot even be read does not verify.
    }
  }

  /** Whether the key that travels along is {@code trusted}. */
  public boolean by(PublicKey trusted) {
    return Base64.getEncoder().encodeToString(trusted.getEncoded()).equals(publicKey);
  }

  private PublicKey key() throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM)
        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
  }

  private static byte[] message(String kind, String hash) {
    return ("sfumato " + kind + " " + hash).getBytes(StandardCharsets.UTF_8);
  }
}
