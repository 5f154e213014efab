package io.sfumato.recommend.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask: secrets, known by their SHA-256 alone, each with what it allows. Immutable.
 *
 * <p>As a file (YAML, or JSON, which is YAML too), which only its owner and group may read:
 *
 * <pre>
 * tokens:
 *   - name: shop-frontend
 *     scopes: [read, write]
 *     sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 * </pre>
 *
 * <p>A secret has 256 random bits, so that a plain hash of it gives nothing to guess at.
 */
public final class ApiTokens {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int SECRET_BYTES = 32;
  private static final long LONGEST_FILE = 1 << 20;

  private final List<Token> tokens;

  /**
   * One who may ask.
   *
   * @param name for people, 1 to 64 letters, digits, dots, dashes and underscores
   * @param scopes one or more
   * @param sha256 of the secret's bytes, 64 lower-case hexadecimal digits
   */
  public record Token(String name, Set<Scope> scopes, String sha256) {
    public Token {
      scopes = Set.copyOf(scopes);
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "a token's name must be 1 to 64 letters, digits, dots, dashes and underscores but was '" + name + "'");
      }
      if (scopes.isEmpty()) {
        throw new IllegalArgumentException("token '" + name + "' must have a scope: read, write or admin");
      }
      if (!HASH.matcher(sha256).matches()) {
        throw new IllegalArgumentException(
            "the sha256 of token '" + name + "' must be 64 lower-case hexadecimal digits");
      }
    }
  }

  /**
   * A token that was made just now.
   *
   * @param secret to be given to whoever asks; it cannot be had again
   */
  public record Made(Token token, String secret) {}

  /** @throws IllegalArgumentException where there is none, or two share a name or a secret */
  public ApiTokens(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("there must be a token; leave tokens out to serve without");
    }
    if (tokens.stream().map(Token::name).distinct().count() < tokens.size()) {
      throw new IllegalArgumentException("two tokens share a name; give each its own");
    }
    if (tokens.stream().map(Token::sha256).distinct().count() < tokens.size()) {
      throw new IllegalArgumentException("two tokens share a sha256; make a secret for each");
    }
  }

  /** A new secret of 256 random bits. */
  public static Made make(String name, Set<Scope> scopes) {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    String secret = "sfu_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    return new Made(new Token(name, scopes, HexFormat.of().formatHex(sha256(secret))), secret);
  }

  /**
   * Reads a file as the class comment shows it.
   *
   * @throws ServiceException {@code TOKENS_UNREADABLE}, {@code TOKENS_EXPOSED} or {@code TOKENS_MALFORMED}
   */
  public static ApiTokens read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new ServiceException("TOKENS_UNREADABLE",
            "there is no file of tokens at %s; make one with 'sfumato serve token --scope read --into %s'"
                .formatted(file, file));
      }
      checkExposure(file);
      if (Files.size(file) > LONGEST_FILE) {
        throw new ServiceException("TOKENS_MALFORMED",
            "%s has %d bytes, which is no file of tokens; at most a megabyte is read".formatted(file,
                Files.size(file)));
      }
      return parse(file, YAMLMapper.builder().build().readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw new ServiceException("TOKENS_MALFORMED",
          "%s is neither YAML nor JSON (line %d); see 'sfumato serve --help' for its form".formatted(file,
              e.getLocation() == null ? 0 : e.getLocation().getLineNr()),
          e);
    } catch (IOException e) {
      throw new ServiceException("TOKENS_UNREADABLE", "the file of tokens %s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static void checkExposure(Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")
        && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      throw new ServiceException("TOKENS_EXPOSED",
          "everyone on this machine may read %s; take that away with 'chmod o-rwx %s'".formatted(file, file));
    }
  }

  private static ApiTokens parse(Path file, JsonNode root) {
    List<Token> tokens = new ArrayList<>();
    try {
      JsonNode listed = root.path("tokens");
      if (!listed.isArray()) {
        throw new IllegalArgumentException("it has no list 'tokens'");
      }
      for (JsonNode one : listed) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        one.path("scopes").forEach(scope -> scopes.add(Scope.of(scope.asText())));
        tokens.add(new Token(one.path("name").asText(), scopes, one.path("sha256").asText()));
      }
      return new ApiTokens(tokens);
    } catch (IllegalArgumentException e) {
      throw new ServiceException("TOKENS_MALFORMED",
          "the file of tokens %s cannot be used: %s; correct it".formatted(file, e.getMessage()), e);
    }
  }

  /** The tokens, in the order of the file. */
  public List<Token> tokens() {
    return tokens;
  }

  /** These and one more. */
  public ApiTokens with(Token token) {
    List<Token> more = new ArrayList<>(tokens);
    more.add(token);
    return new ApiTokens(more);
  }

  /** Whose secret this is, or null. Takes as long for every secret of a length: all tokens are compared, each in full. */
  @Nullable
  Token find(String secret) {
    byte[] hash = sha256(secret);
    Token found = null;
    for (Token token : tokens) {
      if (MessageDigest.isEqual(hash, HexFormat.of().parseHex(token.sha256()))) {
        found = token;
      }
    }
    return found;
  }

  private static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(Objects.requireNonNull(secret, "secret").getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
