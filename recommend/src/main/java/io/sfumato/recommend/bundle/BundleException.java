package io.sfumato.recommend.bundle;

import org.jspecify.annotations.Nullable;

/**
 * A bundle cannot be opened or written; the message says what happened, with which file or value, and what to do.
 *
 * <p>Codes: {@code NOT_A_BUNDLE}, {@code NEWER_FORMAT}, {@code CORRUPT} (a hash or a size differs), {@code MISSING_FILE}, {@code MALFORMED} (a file cannot be read
 * although its hash is right), {@code TOO_LARGE} (a file needs more memory than the program has), {@code ILLEGAL_PATH}, {@code IN_USE} (another process or recommender writes to it),
 * {@code UPDATES_WOULD_BE_LOST}, {@code NOT_A_STORE}, {@code UNKNOWN_VERSION}, {@code IO}.
 */
public final class BundleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code one of those of the class comment
   * @param message one line: what happened, the value, the remedy
   */
  public BundleException(String code, String message) {
    this(code, message, null);
  }

  /** As {@link #BundleException(String, String)}, with what brought it about. */
  public BundleException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Short upper-case name of the kind of failure. */
  public String code() {
    return code;
  }
}
