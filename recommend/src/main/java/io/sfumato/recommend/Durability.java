package io.sfumato.recommend;

import java.time.Duration;
import java.util.Objects;

/**
 * When an update that was acknowledged is on disk.
 *
 * <ul>
 * <li>{@link #sync()}: before its method returns; threads that update at once share one force of the file. Nothing acknowledged is lost, whatever stops: program, operating system or power.
 * <li>{@link #interval}: after that time at the latest. A program that is killed loses nothing, since the operating system has it; a machine that stops loses what came within the interval.
 * </ul>
 *
 * @param interval zero for {@link #sync()}
 */
public record Durability(Duration interval) {
  private static final Durability SYNC = new Durability(Duration.ZERO);

  public Durability {
    Objects.requireNonNull(interval, "interval");
    if (interval.isNegative() || interval.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("the interval of durability must be at most a minute but was " + interval);
    }
  }

  /** Every acknowledged update is on disk: the default. */
  public static Durability sync() {
    return SYNC;
  }

  /** Updates are forced to disk every so often: 1 ms to a minute. */
  public static Durability interval(Duration interval) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("the interval of durability must be a millisecond or more but was " + interval
          + "; use Durability.sync() to have every update on disk at once");
    }
    return new Durability(interval);
  }

  /** Whether an update is on disk when it is acknowledged. */
  public boolean isSync() {
    return interval.isZero();
  }
}
