package io.sfumato.privacy.audit;

/**
 * Something that an audit checked.
 *
 * @param severity how much it weighs
 * @param code stable name for machines, such as {@code LEDGER_BROKEN}
 * @param what was found, in one sentence with its figures
 * @param remedy what to do about it; empty where nothing need be done
 */
public record Finding(Severity severity, String code, String what, String remedy) {
  /** A red finding. */
  public static Finding red(String code, String what, String remedy) {
    return new Finding(Severity.RED, code, what, remedy);
  }

  /** A yellow finding. */
  public static Finding yellow(String code, String what, String remedy) {
    return new Finding(Severity.YELLOW, code, what, remedy);
  }

  /** A green finding. */
  public static Finding green(String code, String what) {
    return new Finding(Severity.GREEN, code, what, "");
  }
}
