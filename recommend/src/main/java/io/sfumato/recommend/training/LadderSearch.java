package io.sfumato.recommend.training;

import io.sfumato.encoders.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Pattern search (Hooke and Jeeves 1961) over {@link Ladder ladders}: one setting at a time goes a step up or down, and on in that direction as long as it gets better, until no step helps. It needs few trials where settings are
 * nearly independent, and the same ones in every run.
 *
 * @param <T> what a trial makes, of which the best is kept
 */
final class LadderSearch<T> {
  /** Fits and measures one choice of settings. */
  interface Attempt<T> {
    Scored<T> run(double[] settings);
  }

  /** What an attempt made, and how good it is; higher is better. */
  record Scored<T>(T made, double score) {}

  /** The best that was found. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Found<T>(T made, double[] settings, double score) {}

  private final String what;
  private final List<Ladder> ladders;
  private final Attempt<T> attempt;
  private final List<Trial> log;
  private final Set<String> tried = new HashSet<>();
  private int[] at;
  private @Nullable Found<T> best;

  /**
   * @param what the part that is searched, for the log
   * @param ladders the settings, the ones that matter most first
   * @param log every trial is added to it
   */
  LadderSearch(String what, List<Ladder> ladders, Attempt<T> attempt, List<Trial> log) {
    this.what = what;
    this.ladders = List.copyOf(ladders);
    this.attempt = attempt;
    this.log = log;
    this.at = ladders.stream().mapToInt(Ladder::start).toArray();
  }

  /** The settings at the start of each ladder. */
  static double[] start(List<Ladder> ladders) {
    return ladders.stream().mapToDouble(ladder -> ladder.values()[ladder.start()]).toArray();
  }

  /**
   * Searches.
   *
   * @param more whether another trial may begin, given how many there were; the first one always may
   */
  Found<T> run(IntPredicate more, Progress progress) {
    progress.start("choosing " + what, ladders.stream().mapToInt(ladder -> ladder.values().length).sum());
    try {
      Found<T> found = move(at.clone(), progress);
      boolean better = true;
      while (better && more.test(tried.size())) {
        better = false;
        for (int l = 0; l < ladders.size(); l++) {
          for (int step = 1; step >= -1; step -= 2) {
            while (more.test(tried.size()) && step(l, step, progress)) {
              better = true;
            }
          }
        }
      }
      return best == null ? found : best;
    } finally {
      progress.finish();
    }
  }

  /** Whether a step was there to take, was new, and made it better. */
  private boolean step(int ladder, int step, Progress progress) {
    int[] next = at.clone();
    next[ladder] += step;
    if (next[ladder] < 0 || next[ladder] >= ladders.get(ladder).values().length || tried.contains(Arrays.toString(
        next))) {
      return false;
    }
    move(next, progress);
    return Arrays.equals(at, next);
  }

  private Found<T> move(int[] to, Progress progress) {
    tried.add(Arrays.toString(to));
    double[] settings = new double[to.length];
    Map<String, Double> named = new LinkedHashMap<>();
    for (int l = 0; l < to.length; l++) {
      settings[l] = ladders.get(l).values()[to[l]];
      if (ladders.get(l).values().length > 1) {
        named.put(ladders.get(l).name(), settings[l]);
      }
    }
    long begin = System.nanoTime();
    Scored<T> scored = attempt.run(settings.clone());
    log.add(new Trial(what, named, scored.score(), (System.nanoTime() - begin) / 1e9));
    Found<T> found = new Found<>(scored.made(), settings, scored.score());
    if (best == null || found.score() > best.score()) {
      best = found;
      at = to;
    }
    progress.advance(1, String.format(Locale.ROOT, "best NDCG %.4f", best.score()));
    return found;
  }

  /** The names of all settings with the values that were found, for messages. */
  static String describe(List<Ladder> ladders, double[] settings) {
    List<String> parts = new ArrayList<>();
    for (int l = 0; l < settings.length; l++) {
      parts.add(ladders.get(l).name() + "=" + settings[l]);
    }
    return String.join(" ", parts);
  }
}
