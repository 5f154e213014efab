package io.sfumato.fusion.training;

import io.sfumato.datasets.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * For frozen encoders and catalogues too large for one softmax: as {@link WholeCatalogPlan}, a step takes some users and holds a random share of each one's items out of the history, but ranks these against a uniform
 * sample of the catalogue alone. Only the users' items and the sample are encoded, so a step costs the same
 * whatever the size of the catalogue, and so does an epoch from some size on.
 */
final class SampledCatalogPlan implements StepPlan {
  /** Items of the sample. */
  private static final int NEGATIVES = 1024;
  /** About how many items the users of a step have together, and the fewest users of a step. */
  private static final int TAKEN = 4096;
  private static final int FEWEST_USERS = 16;
  /** Fewest and most steps of an epoch: of very many users, an epoch meets a random part. */
  private static final int FEWEST_STEPS = 20;
  private static final int MOST_STEPS = 60;

  private final int[][] taken;
  private final int[] users;
  private final int[] items;
  private final int usersPerStep;
  private final double targetShare;

  /** @param candidates catalogue indices of the items that are ranked; holds all items that a user took */
  SampledCatalogPlan(Interactions train, int[] candidates, TrainingConfig config) {
    this.items = candidates.clone();
    this.taken = new int[train.userCount()][];
    long all = 0;
    for (int user = 0; user < taken.length; user++) {
      int[] own = train.itemsOf(user);
      int most = config.historyLength() + 1;
      taken[user] = own.length <= most ? own : Arrays.copyOfRange(own, own.length - most, own.length);
      all += taken[user].length;
    }
    this.users = IntStream.range(0, taken.length).filter(user -> taken[user].length > 1).toArray();
    double mean = (double) all / Math.max(1, users.length);
    this.usersPerStep = (int) Math.min(config.usersPerStep(), Math.max(FEWEST_USERS, TAKEN / Math.max(1, mean)));
    this.targetShare = config.targetShare();
  }

  @Override
  public int steps() {
    return Math.clamp((users.length + usersPerStep - 1) / usersPerStep, FEWEST_STEPS, MOST_STEPS);
  }

  @Override
  public void shuffle(SplittableRandom random) {
    Arrays.sort(users);
    StepPlan.shuffle(users, random);
  }

  @Override
  public @Nullable Step step(int index, SplittableRandom random) {
    int count = Math.min(users.length, usersPerStep);
    int[] sample = IntStream.range(0, Math.min(NEGATIVES, items.length))
        .map(i -> items[random.nextInt(items.length)])
        .sorted()
        .distinct()
        .toArray();
    int[][] own = new int[count][];
    for (int row = 0; row < count; row++) {
      own[row] = taken[users[(int) (((long) index * usersPerStep + row) % users.length)]];
    }
    int[] all = IntStream.concat(Arrays.stream(sample), Arrays.stream(own).flatMapToInt(Arrays::stream))
        .sorted()
        .distinct()
        .toArray();
    int n = all.length;
    boolean[] sampled = new boolean[n];
    for (int item : sample) {
      sampled[Arrays.binarySearch(all, item)] = true;
    }
    float[] ages = new float[count * n];
    float[] mask = new float[count * n];
    float[] targets = new float[count * n];
    float[] hidden = new float[count * n];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < n; i++) {
        hidden[row * n + i] = sampled[i] ? 0 : 1; // what others took is no candidate: it would be a popular one
      }
      int sure = random.nextInt(own[row].length);
      int kept = random.nextInt(own[row].length - 1);
      kept += kept >= sure ? 1 : 0;
      int age = 0;
      for (int k = own[row].length - 1; k >= 0; k--) {
        int cell = row * n + Arrays.binarySearch(all, own[row][k]);
        boolean held = random.nextDouble() < targetShare;
        if (k == sure || (held && k != kept)) {
          targets[cell] = 1;
          hidden[cell] = 0;
        } else {
          hidden[cell] = 1;
          mask[cell] = 1;
          ages[cell] = age++;
        }
      }
    }
    return new Step(count, all, null, ages, mask, targets, hidden, null);
  }
}
