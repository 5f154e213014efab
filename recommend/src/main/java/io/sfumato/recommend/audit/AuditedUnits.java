package io.sfumato.recommend.audit;

import io.sfumato.datasets.Catalog;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * People and interactions of whom it is known whether a model was trained on them: people who were kept out by coins of their own beside some of those who were not, and test interactions beside training
 * interactions of other people. Each is as likely to have been in as any other, so whatever tells the two apart was learned. Immutable.
 */
final class AuditedUnits {
  /** Kinds of splits in which chance alone decides where a row goes. */
  private static final Set<String> BY_CHANCE = Set.of("coin", "random");

  /**
   * A person.
   *
   * @param user index in the split
   * @param items distinct training items, also of someone who was kept out; two at least
   * @param in whether the model was trained on them
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Person(int user, int[] items, boolean in) {}

  /**
   * An interaction of somebody who was in.
   *
   * @param user index in the split
   * @param item that was taken
   * @param rest other training items of the same person, one at least
   * @param in whether it was a training interaction; else it is of the test part
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Row(int user, int item, int[] rest, boolean in) {}

  private final Split split;
  private final List<Person> people;
  private final List<Row> rows;
  private final String rowsMissing;

  private AuditedUnits(Split split, List<Person> people, List<Row> rows, String rowsMissing) {
    this.split = split;
    this.people = List.copyOf(people);
    this.rows = List.copyOf(rows);
    this.rowsMissing = rowsMissing;
  }

  /**
   * Draws units, so many of each kind at most as {@code cap} says.
   *
   * @param split the people's interactions, those who were kept out included, canaries not
   * @param heldOut ids of those who were kept out
   * @param seed of the draw
   */
  static AuditedUnits draw(Split split, Set<String> heldOut, int cap, long seed) {
    Interactions train = split.train();
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = shuffled(train.userCount(), random);
    int[] out = IntStream.of(order)
        .filter(user -> heldOut.contains(train.userId(user)) && train.itemsOf(user).length >= 2)
        .limit(cap)
        .toArray();
    int[] in = IntStream.of(order)
        .filter(user -> !heldOut.contains(train.userId(user)) && train.itemsOf(user).length >= 2)
        .toArray();
    List<Person> people = new ArrayList<>();
    int members = out.length == 0 ? 0 : Math.min(cap, in.length / 2);
    IntStream.of(in).limit(members).forEach(user -> people.add(new Person(user, train.itemsOf(user), true)));
    IntStream.of(out).forEach(user -> people.add(new Person(user, train.itemsOf(user), false)));
    String missing = "";
    List<Row> rows = new ArrayList<>();
    if (BY_CHANCE.contains(split.kind())) {
      for (int i = members; i < in.length && rows.size() < 2 * cap; i++) {
        rows(split, in[i], random, rows);
      }
    } else {
      missing = "attacks on single interactions need training and test parts that differ by chance alone, and the split '%s' is not of that kind; train with coin or random"
          .formatted(split.kind());
    }
    return new AuditedUnits(split, people, rows, missing);
  }

  private static int[] shuffled(int count, SplittableRandom random) {
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
    return order;
  }

  /** One training and one test interaction of a person who has both, each beside as many training items. */
  private static void rows(Split split, int user, SplittableRandom random, List<Row> rows) {
    int[] trained = split.train().itemsOf(user);
    Set<Integer> known = new HashSet<>();
    for (int item : trained) {
      known.add(item);
    }
    int[] tested = IntStream.of(split.test().itemsOf(user)).filter(item -> !known.contains(item)).toArray();
    if (trained.length < 2 || tested.length == 0) {
      return;
    }
    int left = random.nextInt(trained.length); // leaves the history of the test item as long as that of the training item
    int[] rest = IntStream.range(0, trained.length).filter(i -> i != left).map(i -> trained[i]).toArray();
    rows.add(new Row(user, trained[left], rest, true));
    rows.add(new Row(user, tested[random.nextInt(tested.length)], rest, false));
  }

  /** The people, members first. */
  List<Person> people() {
    return people;
  }

  /** The interactions, a training and a test interaction of the same person in turn. */
  List<Row> rows() {
    return rows;
  }

  /** Why there are no interactions; empty where there are. */
  String rowsMissing() {
    return rowsMissing;
  }

  /** The items that somebody took in any part, ascending. */
  int[] taken(int user) {
    return Stream.of(split.train().itemsOf(user), split.valid().itemsOf(user), split.test().itemsOf(user))
        .flatMapToInt(IntStream::of)
        .sorted()
        .distinct()
        .toArray();
  }

  /**
   * Who and what a shadow model is trained on: each person and each interaction of these units by a fair coin, and the remaining training interactions of those whose single interactions are asked about.
   *
   * @param people coin of each person
   * @param rows coin of each interaction
   * @param train the interactions
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Half(boolean[] people, boolean[] rows, Interactions train) {}

  /** Throws the coins. */
  Half half(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Catalog catalog = split.dataset().catalog();
    Interactions.Builder builder = Interactions.builder(catalog);
    boolean[] chosen = coins(people.size(), random);
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i]) {
        add(builder, people.get(i).user(), people.get(i).items());
      }
    }
    boolean[] taken = coins(rows.size(), random);
    for (int i = 0; i < taken.length; i++) {
      Row row = rows.get(i);
      if (row.in()) {
        add(builder, row.user(), row.rest());
      }
      if (taken[i]) {
        add(builder, row.user(), new int[]{row.item()});
      }
    }
    return new Half(chosen, taken, builder.build());
  }

  private void add(Interactions.Builder builder, int user, int[] items) {
    Interactions train = split.train();
    for (int item : items) {
      builder.add(train.userId(user), item, 1, 0);
    }
  }

  private static boolean[] coins(int count, SplittableRandom random) {
    boolean[] coins = new boolean[count];
    for (int i = 0; i < count; i++) {
      coins[i] = random.nextBoolean();
    }
    return coins;
  }

  /** Membership of each person in the audited model. */
  boolean[] peopleIn() {
    return flags(people.size(), i -> people.get(i).in());
  }

  /** Membership of each interaction in the audited model. */
  boolean[] rowsIn() {
    return flags(rows.size(), i -> rows.get(i).in());
  }

  private static boolean[] flags(int count, IntPredicate test) {
    boolean[] flags = new boolean[count];
    for (int i = 0; i < count; i++) {
      flags[i] = test.test(i);
    }
    return flags;
  }
}
