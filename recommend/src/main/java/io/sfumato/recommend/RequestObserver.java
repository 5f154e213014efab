package io.sfumato.recommend;

import org.jspecify.annotations.Nullable;

/** Is told of everything that an open recommender was asked, for metrics. Called on the asking thread, so it must be quick; must be thread-safe and not throw. */
@FunctionalInterface
public interface RequestObserver {
  /** Sees nothing. */
  RequestObserver NONE = (operation, nanos, failure) -> {};

  /** What was asked. */
  enum Operation {
    RECOMMEND, SEARCH, SIMILAR, FEEDBACK, PUT, REMOVE
  }

  /**
   * An operation ended.
   *
   * @param nanos how long it took
   * @param failure what it threw, or null
   */
  void ended(Operation operation, long nanos, @Nullable Throwable failure);
}
