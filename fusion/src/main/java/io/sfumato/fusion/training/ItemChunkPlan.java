package io.sfumato.fusion.training;

import io.sfumato.datasets.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * For encoders that learn: a step draws a chunk of the catalogue, and every user who took one of its items is to find these in the chunk from the rest of the history.
 * Only the chunk is encoded; over an epoch the chunks partition the catalogue, so each interaction is predicted once.
 */
final class ItemChunkPlan implements StepPlan {
  /** Most users of a step. */
  private static final int USERS = 4096;
  /** Most cells of a users-by-history matrix, to bound memory. */
  private static final long CELLS = 16_000_000;

  private final int[][] taken;
  private final int[][] takers;
  private final int[] items;
  private final int chunk;
  private final int historyLength;

  /** @param candidates catalogue indices of the items that are ranked; holds all items that a user took */
  ItemChunkPlan(Interactions train, int[] candidates, TrainingConfig config) {
    this.items = candidates.clone();
    this.chunk = Math.max(2, Math.min(config.itemsPerStep(), (items.length + 3) / 4));
    this.historyLength = config.historyLength();
    this.taken = new int[train.userCount()][];
    int[] counts = train.itemCounts();
    this.takers = new int[train.itemCount()][];
    for (int item = 0; item < takers.length; item++) {
      takers[item] = new int[counts[item]];
    }
    for (int user = 0; user < taken.length; user++) {
      taken[user] = train.itemsOf(user);
      for (int item : taken[user]) {
        takers[item][--counts[item]] = user;
      }
    }
  }

  @Override
  public int steps() {
    return (items.length + chunk - 1) / chunk;
  }

  @Override
  public void shuffle(SplittableRandom random) {
    Arrays.sort(items);
    StepPlan.shuffle(items, random);
  }

  @Override
  public @Nullable Step step(int index, SplittableRandom random) {
    int from = index * chunk;
    int[] part = Arrays.copyOfRange(items, from, Math.min(items.length, from + chunk));
    int[] place = new int[takers.length];
    Arrays.fill(place, -1);
    for (int i = 0; i < part.length; i++) {
      place[part[i]] = i;
    }
    int[] users = Arrays.stream(part)
        .flatMap(item -> Arrays.stream(takers[item]))
        .distinct()
        .sorted()
        .filter(user -> Arrays.stream(taken[user]).anyMatch(item -> place[item] < 0))
        .toArray();
    if (users.length == 0) {
      return null;
    }
    StepPlan.shuffle(users, random);
    users = Arrays.copyOf(users, Math.min(users.length, USERS));
    int[] column = new int[takers.length];
    Arrays.fill(column, -1);
    int[] history = Arrays.stream(users)
        .flatMap(user -> Arrays.stream(taken[user]))
        .filter(item -> place[item] < 0)
        .distinct()
        .sorted()
        .toArray();
    for (int i = 0; i < history.length; i++) {
      column[history[i]] = i;
    }
    users = Arrays.copyOf(users, (int) Math.max(1, Math.min(users.length, CELLS / history.length)));
    float[] ages = new float[users.length * history.length];
    float[] mask = new float[users.length * history.length];
    float[] targets = new float[users.length * part.length];
    for (int row = 0; row < users.length; row++) {
      int age = 0;
      int[] own = taken[users[row]];
      for (int k = own.length - 1; k >= 0; k--) {
        if (place[own[k]] >= 0) {
          targets[row * part.length + place[own[k]]] = 1;
        } else if (age < historyLength) {
          int cell = row * history.length + column[own[k]];
          mask[cell] = 1;
          ages[cell] = age++;
        }
      }
    }
    return new Step(users.length, part, history, ages, mask, targets, null, null);
  }
}
