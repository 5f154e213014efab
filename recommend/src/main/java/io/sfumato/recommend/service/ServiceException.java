package io.sfumato.recommend.service;

import org.jspecify.annotations.Nullable;

/**
 * The service cannot be started; the message says what happened, with which value, and what to do.
 *
 * <p>Codes: {@code TOKENS_UNREADABLE}, {@code TOKENS_EXPOSED} (others may read the file), {@code TOKENS_MALFORMED}, {@code UNPROTECTED} (other machines could ask without a token), {@code ADDRESS} (it cannot be
 * bound).
 */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code one of those of the class comment
   * @param message one line: what happened, the value, the remedy
   */
  public ServiceException(String code, String message) {
    this(code, message, null);
  }

  /** As {@link #ServiceException(String, String)}, with what brought it about. */
  public ServiceException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Short upper-case name of the kind of failure. */
  public String code() {
    return code;
  }
}
