package io.sfumato.recommend.training;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long settings may be searched: so many trials a part, the same for equal inputs on any machine; or until a time is over, whatever comes first of that and of having nothing left to try.
 */
final class TuningBudget {
  private final int trials;
  private final @Nullable Duration time;
  private final long begin = System.nanoTime();

  /**
   * @param trials most trials of a part, at least 0; 0 takes every setting as it stands
   * @param time how long all parts together may take, from now on; with it, trials do not count
   */
  TuningBudget(int trials, @Nullable Duration time) {
    this.trials = trials;
    this.time = time;
  }

  /** Whether settings are searched at all. */
  boolean open() {
    return time != null || trials > 0;
  }

  /** Whether the search goes by time. */
  boolean timed() {
    return time != null;
  }

  /**
   * Whether a part may begin another trial.
   *
   * @param done trials of the part so far
   * @param most trials that are worth their time for the part, where it does not go by time
   * @param share of the whole time that may be over then, in (0, 1]
   */
  boolean more(int done, int most, double share) {
    return time == null
        ? done < Math.min(trials, most)
        : trials > 0 && System.nanoTime() - begin < share * time.toNanos();
  }
}
