package io.sfumato.recommend.training;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One use that a training may make of people's interactions.
 *
 * @param what that is made of them
 * @param kind how it is made private
 * @param how in a few words
 */
public record DataUse(String what, Kind kind, String how) {
  /** How a use is made private. */
  public enum Kind {
    /** A noisy mechanism, in the ledger. */
    CHARGED,
    /** Computed from what was charged and from what is public, at no cost. */
    POST_PROCESSING,
    /** Not made. */
    OFF
  }

  /** For JSON. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("what", what);
    map.put("kind", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    map.put("how", how);
    return map;
  }
}
