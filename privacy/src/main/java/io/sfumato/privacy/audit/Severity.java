package io.sfumato.privacy.audit;

import java.util.Locale;

/** How much a {@link Finding} weighs. */
public enum Severity {
  /** The claim cannot be relied on. */
  RED,
  /** The claim may hold, but something about it is weak, missing or not proven. */
  YELLOW,
  /** Checked, and as it should be. */
  GREEN;

  /** Lower-case name, as in files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
