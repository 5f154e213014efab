package io.sfumato.recommend;

import java.util.Objects;

/**
 * How a bundle is served; each method gives new options.
 *
 * @param durability of updates
 * @param observer is told of every request
 */
public record ServingOptions(Durability durability, RequestObserver observer) {
  private static final ServingOptions DEFAULTS = new ServingOptions(Durability.sync(), RequestObserver.NONE);

  public ServingOptions {
    Objects.requireNonNull(durability, "durability");
    Objects.requireNonNull(observer, "observer");
  }

  /** Every acknowledged update on disk, nobody told. */
  public static ServingOptions defaults() {
    return DEFAULTS;
  }

  /** With another durability. */
  public ServingOptions durability(Durability other) {
    return new ServingOptions(other, observer);
  }

  /** With an observer. */
  public ServingOptions observer(RequestObserver other) {
    return new ServingOptions(durability, other);
  }
}
