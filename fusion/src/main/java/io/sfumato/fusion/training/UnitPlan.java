package io.sfumato.fusion.training;

import io.sfumato.datasets.Interactions;
import io.sfumato.privacy.accounting.PrivacyUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a private training: every unit brings items of its own, those that it took and negatives drawn uniformly from the public catalogue, and none is shared. What is drawn for a unit depends on the
 * seed, the step and the person's id alone, so that with or without another unit it is the same.
 *
 * <p>A unit is a person, or one of several groups of a person's interactions (see {@link PrivateTraining}).
 */
final class UnitPlan {
  /** Items of a physical batch where all encoders are frozen, and where one learns: bounds memory. */
  private static final int FROZEN_ROWS = 8192;
  private static final int LEARNED_ROWS = 256;
  /** Where an encoder learns, every item costs an encoding: items of a unit that are predicted in a step, at most. */
  private static final int LEARNED_TARGETS = 4;

  private final int[][] taken;
  private final long[] keys;
  /** Number of the canary that a unit is, or -1. */
  private final int[] canaries;
  private final int items;
  private final int negatives;
  private final int historyLength;
  private final double targetShare;
  private final boolean learns;
  private final long seed;
  private final int batch;

  /** @param learns whether an encoder learns from people: histories are then made of the last known item vectors */
  UnitPlan(Interactions train, PrivateTraining privacy, TrainingConfig config, boolean learns) {
    this(train, privacy, config, learns, Map.of());
  }

  /** @param planted number of each canary, by user id: a unit of theirs is no ordinary one */
  UnitPlan(Interactions train, PrivateTraining privacy, TrainingConfig config, boolean learns,
      Map<String, Integer> planted) {
    int most = privacy.maxPerUser();
    this.taken = privacy.unit() == PrivacyUnit.USER
        ? IntStream.range(0, train.userCount())
            .mapToObj(user -> newest(train.itemsOf(user), most))
            .toArray(int[][]::new)
        : groups(train, config.seed(), most);
    int unitsOfUser = train.userCount() == 0 ? 1 : taken.length / train.userCount();
    this.keys = IntStream.range(0, taken.length)
        .mapToLong(unit -> mix(key(train.userId(unit / unitsOfUser)), unit % unitsOfUser, 1))
        .toArray();
    this.canaries = IntStream.range(0, taken.length)
        .map(unit -> taken[unit].length == 0 ? -1 : planted.getOrDefault(train.userId(unit / unitsOfUser), -1))
        .toArray();
    this.items = train.itemCount();
    this.negatives = privacy.negatives();
    this.historyLength = config.historyLength();
    this.targetShare = config.targetShare();
    this.learns = learns;
    this.seed = config.seed();
    int rows = negatives + (learns ? LEARNED_TARGETS : most);
    this.batch = Math.max(1, (learns ? LEARNED_ROWS : FROZEN_ROWS) / rows);
  }

  private static int[] newest(int[] own, int most) {
    return Arrays.copyOfRange(own, Math.max(0, own.length - most), own.length);
  }

  /** Group g of user u is unit {@code u · groups + g}; an interaction's group is told by user, item and seed alone. */
  private static int[][] groups(Interactions train, long seed, int most) {
    int groups = PrivateTraining.RECORD_GROUPS;
    int[][] units = new int[train.userCount() * groups][];
    for (int unit = 0; unit < units.length; unit++) {
      int user = unit / groups;
      long key = key(train.userId(user));
      int group = unit % groups;
      units[unit] = newest(Arrays.stream(train.itemsOf(user))
          .filter(item -> Long.remainderUnsigned(mix(seed, key, item), groups) == group)
          .toArray(), most);
    }
    return units;
  }

  /** A number made from a person's id, so that nothing depends on who else is there. */
  private static long key(String id) {
    long key = 0;
    for (int i = 0; i < id.length(); i++) {
      key = mix(key, id.charAt(i), i);
    }
    return key;
  }

  /** Number of units, those without anything to learn from included. */
  int units() {
    return taken.length;
  }

  /** Cuts the units of a step into physical batches; those with fewer than two items contribute nothing and are left out. */
  List<int[]> batches(int[] units) {
    int[] useful = Arrays.stream(units).filter(unit -> taken[unit].length > 1 && canaries[unit] < 0).toArray();
    List<int[]> parts = new ArrayList<>();
    for (int from = 0; from < useful.length; from += batch) {
      parts.add(Arrays.copyOfRange(useful, from, Math.min(useful.length, from + batch)));
    }
    return parts;
  }

  /** Numbers of the canaries among the units of a step, each once. */
  int[] canaries(int[] units) {
    return Arrays.stream(units).map(unit -> canaries[unit]).filter(canary -> canary >= 0).distinct().toArray();
  }

  /**
   * A physical batch of a step.
   *
   * @param units from {@link #batches}
   * @param index of the step, so that it draws anew each time
   */
  Step step(int[] units, long index) {
    List<Unit> drawn = new ArrayList<>();
    for (int unit : units) {
      drawn.add(draw(taken[unit], mix(seed, index, keys[unit])));
    }
    int n = drawn.stream().mapToInt(unit -> unit.items.length).sum();
    int[] history = learns
        ? drawn.stream().flatMapToInt(unit -> Arrays.stream(unit.history)).distinct().sorted().toArray()
        : null;
    int width = history == null ? n : history.length;
    Builder step = new Builder(units.length, n, width);
    int from = 0;
    for (int row = 0; row < drawn.size(); row++) {
      Unit unit = drawn.get(row);
      step.add(row, from, unit, history);
      from += unit.items.length;
    }
    return new Step(units.length, step.items, history, step.ages, step.mask, step.targets, step.hidden,
        new Step.Rows(step.owner, step.seeds));
  }

  /**
   * What one unit brings to a step.
   *
   * @param items own items that take part in the ranking, then negatives
   * @param target number of leading items that are to be predicted
   * @param history newest first; where histories are made of the step's items these are the items after the targets
   * @param seed of the unit in this step
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Unit(int[] items, int target, int[] history, long seed) {}

  /** Holds a random share of the items out of the history, one at least, and one at least is kept. */
  private Unit draw(int[] own, long unitSeed) {
    SplittableRandom random = new SplittableRandom(unitSeed);
    int sure = random.nextInt(own.length);
    int kept = random.nextInt(own.length - 1);
    kept += kept >= sure ? 1 : 0;
    List<Integer> targets = new ArrayList<>();
    List<Integer> history = new ArrayList<>();
    for (int k = own.length - 1; k >= 0; k--) {
      boolean held = random.nextDouble() < targetShare;
      if (k == sure || (held && k != kept)) {
        targets.add(k == sure ? 0 : targets.size(), own[k]);
      } else {
        history.add(own[k]);
      }
    }
    int[] predicted = targets.stream()
        .mapToInt(Integer::intValue)
        .limit(learns ? LEARNED_TARGETS : own.length)
        .toArray();
    int[] past = history.stream().mapToInt(Integer::intValue).limit(historyLength).toArray();
    IntStream ranked = learns ? Arrays.stream(predicted)
        : IntStream.concat(Arrays.stream(predicted), Arrays.stream(past));
    IntStream drawn = random.ints(negatives, 0, items);
    return new Unit(IntStream.concat(ranked, drawn).toArray(), predicted.length, past, unitSeed);
  }

  /** Splits bits well (the finaliser of SplitMix64, Steele, Lea and Flood 2014) over three numbers. */
  private static long mix(long a, long b, long c) {
    long z = a + 0x9E3779B97F4A7C15L * (b + 1) + 0xD1B54A32D192ED03L * (c + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The arrays of a step, filled unit by unit: what another unit brought is hidden. */
  private static final class Builder {
    private final int n;
    private final int width;
    private final int[] items;
    private final int[] owner;
    private final long[] seeds;
    private final float[] ages;
    private final float[] mask;
    private final float[] targets;
    private final float[] hidden;

    Builder(int users, int n, int width) {
      this.n = n;
      this.width = width;
      this.items = new int[n];
      this.owner = new int[n];
      this.seeds = new long[n];
      this.ages = new float[users * width];
      this.mask = new float[users * width];
      this.targets = new float[users * n];
      this.hidden = new float[users * n];
      Arrays.fill(hidden, 1);
    }

    /** @param columns items that histories are made of, ascending; null where these are the step's own */
    void add(int row, int from, Unit unit, int @Nullable [] columns) {
      int ownHistory = columns == null ? unit.history.length : 0;
      for (int i = 0; i < unit.items.length; i++) {
        int at = from + i;
        items[at] = unit.items[i];
        owner[at] = row;
        seeds[at] = mix(unit.seed, i, 7);
        boolean history = i >= unit.target && i < unit.target + ownHistory;
        boolean negative = i >= unit.target + ownHistory;
        boolean ownItem = negative && (contains(unit.items, unit.target, unit.items[i])
            || contains(unit.history, unit.history.length, unit.items[i]));
        targets[row * n + at] = i < unit.target ? 1 : 0;
        hidden[row * n + at] = history || ownItem ? 1 : 0;
        if (history) {
          mask[row * width + at] = 1;
          ages[row * width + at] = i - unit.target;
        }
      }
      for (int age = 0; columns != null && age < unit.history.length; age++) {
        int cell = row * width + Arrays.binarySearch(columns, unit.history[age]);
        mask[cell] = 1;
        ages[cell] = age;
      }
    }

    private static boolean contains(int[] values, int end, int value) {
      for (int i = 0; i < end; i++) {
        if (values[i] == value) {
          return true;
        }
      }
      return false;
    }
  }
}
