package io.sfumato.recommend;

import java.util.Objects;

/**
 * How a bundle is served; each method gives new options.
 *
 * @param durability of updates
 * @param observer is told of every request
 * @param exclusive whether the bundle is locked for writing when it is opened, and not with the first update: a second service, a training into its place and {@code privacy forget} are then told
 *     {@code IN_USE} at once; logs that are worth it are compacted, see {@link Compaction}
 */
public record ServingOptions(Durability durability, RequestObserver observer, boolean exclusive) {

  private static final ServingOptions DEFAULTS = new ServingOptions(Durability.sync(), RequestObserver.NONE, false);

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
    return new ServingOptions(other, observer, exclusive);
  }

  /** With an observer. */
  public ServingOptions observer(RequestObserver other) {
    return new ServingOptions(durability, other, exclusive);
  }

  /** With the bundle locked from the start: what a service that takes updates wants. */
  public ServingOptions locked() {
    return new ServingOptions(durability, observer, true);
  }
}
