package io.sfumato.recommend.service;

import java.util.Locale;

/** What a token allows. None includes another: a token has each that it needs. */
public enum Scope {
  /** To ask: recommendations, search, items, one person's history, metrics. */
  READ,
  /** To tell: feedback, items put and removed. */
  WRITE,
  /** To list people, and to change what serves: versions, swaps, snapshots. */
  ADMIN;

  /** As files and command lines write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of this name. @throws IllegalArgumentException where there is none of this name */
  public static Scope of(String word) {
    for (Scope scope : values()) {
      if (scope.word().equals(word)) {
        return scope;
      }
    }
    throw new IllegalArgumentException("a scope is read, write or admin but was '" + word + "'");
  }
}
