package io.sfumato.fusion.training;

import io.sfumato.datasets.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * For frozen encoders and catalogues that fit into one softmax: a step takes some users, holds a random share of each one's items out of the history, and ranks all items.
 * Histories are made of the step's own items, so that gradients reach both sides.
 */
final class WholeCatalogPlan implements StepPlan {
  /** Fewest steps of an epoch: with few users, each is met several times, with other items held out. */
  private static final int STEPS = 20;
  /** Most cells of a users-by-items matrix, to bound memory. */
  private static final long CELLS = 4_000_000;

  private final int[][] taken;
  private final int[] users;
  private final int[] items;
  private final int usersPerStep;
  private final int historyLength;
  private final double targetShare;

  /** @param candidates catalogue indices of the items that are ranked; holds all items that a user took */
  WholeCatalogPlan(Interactions train, int[] candidates, TrainingConfig config) {
    this.items = candidates.clone();
    int[] place = new int[train.itemCount()];
    Arrays.fill(place, -1);
    for (int i = 0; i < items.length; i++) {
      place[items[i]] = i;
    }
    this.taken = new int[train.userCount()][];
    for (int user = 0; user < taken.length; user++) {
      taken[user] = Arrays.stream(train.itemsOf(user)).map(item -> place[item]).toArray();
    }
    this.users = IntStream.range(0, taken.length).filter(user -> taken[user].length > 1).toArray();
    this.usersPerStep = (int) Math.max(1, Math.min(config.usersPerStep(), CELLS / Math.max(1, items.length)));
    this.historyLength = config.historyLength();
    this.targetShare = config.targetShare();
  }

  @Override
  public int steps() {
    return Math.max(STEPS, (users.length + usersPerStep - 1) / usersPerStep);
  }

  @Override
  public void shuffle(SplittableRandom random) {
    Arrays.sort(users);
    StepPlan.shuffle(users, random);
  }

  @Override
  public @Nullable Step step(int index, SplittableRandom random) {
    int count = Math.min(users.length, usersPerStep);
    int n = items.length;
    float[] ages = new float[count * n];
    float[] mask = new float[count * n];
    float[] targets = new float[count * n];
    float[] hidden = new float[count * n];
    for (int row = 0; row < count; row++) {
      int[] own = taken[users[(int) (((long) index * usersPerStep + row) % users.length)]];
      int sure = random.nextInt(own.length);
      int kept = random.nextInt(own.length - 1);
      kept += kept >= sure ? 1 : 0;
      int age = 0;
      for (int k = own.length - 1; k >= 0; k--) {
        int cell = row * n + own[k];
        boolean held = random.nextDouble() < targetShare;
        if (k == sure || (held && k != kept)) {
          targets[cell] = 1;
        } else {
          hidden[cell] = 1;
          if (age < historyLength) {
            mask[cell] = 1;
            ages[cell] = age++;
          }
        }
      }
    }
    return new Step(count, items, null, ages, mask, targets, hidden, null);
  }
}
