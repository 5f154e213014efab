package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Who is evaluated and what is relevant to them: arrays over the evaluated users, who each have a relevant item.
 *
 * @param users indices, ascending
 * @param relevant the relevant items of the pool of each, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package alone, never compared
record Audience(int[] users, int[][] relevant) {
  /** Those whom a protocol counts. */
  static Audience of(Split split, Evaluation.Part part, Protocol protocol, BitSet pool) {
    Interactions truth = part == Evaluation.Part.TEST ? split.test() : split.valid();
    int[][] relevant = new int[truth.userCount()][];
    for (int user = 0; user < relevant.length; user++) {
      relevant[user] = Arrays.stream(truth.itemsOf(user)).filter(pool::get).sorted().toArray();
    }
    int[] users = IntStream.range(0, relevant.length)
        .filter(u -> relevant[u].length > 0)
        .filter(u -> protocol == Protocol.FULL || split.train().end(u) > split.train().start(u))
        .toArray();
    return new Audience(users, Arrays.stream(users).mapToObj(u -> relevant[u]).toArray(int[][]::new));
  }

  int size() {
    return users.length;
  }

  int[] relevantCounts() {
    return Arrays.stream(relevant).mapToInt(items -> items.length).toArray();
  }
}
