package io.sfumato.recommend.training;

import io.sfumato.datasets.Dataset;
import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import io.sfumato.privacy.accounting.PrivacyUnit;
import io.sfumato.recommend.RecommendException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Data as an audit needs it: some people are kept out, each by a coin of their own, and canaries are planted, each by a fair one. Immutable; the same plan on the same data gives the same.
 *
 * <p>Where people are hidden a canary takes two items, which is what it needs to show in every kind of release; where interactions are hidden, one. Canaries share items as little as the catalogue allows: all items are dealt
 * once before one is dealt again, so that one canary does not blur another.
 */
public final class PlantedData {
  private static final String PREFIX = "canary-";

  private final Split real;
  private final AuditPlan plan;
  private final Set<String> heldOut;
  private final List<Canary> canaries;
  private final Split training;
  private final Split served;

  private PlantedData(Split real, AuditPlan plan, Set<String> heldOut, List<Canary> canaries) {
    this.real = real;
    this.plan = plan;
    this.heldOut = heldOut;
    this.canaries = List.copyOf(canaries);
    this.served = parts(real, heldOut, List.of(), 0);
    this.training = parts(real, heldOut, this.canaries, plan.seed());
  }

  /**
   * Draws who is kept out and what is planted.
   *
   * @param real all people
   * @param unit what the training hides, or people where it hides nothing
   * @throws RecommendException {@code BAD_OPTION} where the catalogue has too few items for a canary, or a real person has a canary's name
   */
  public static PlantedData plant(Split real, AuditPlan plan, PrivacyUnit unit) {
    Set<String> out = new LinkedHashSet<>();
    for (String id : real.dataset().interactions().userIds()) {
      if (plan.holdout() > 0 && new SplittableRandom(plan.seed() ^ key(id)).nextDouble() < plan.holdout()) {
        out.add(id);
      }
    }
    return new PlantedData(real, plan, out, canaries(real, plan, unit == PrivacyUnit.USER ? 2 : 1));
  }

  private static List<Canary> canaries(Split real, AuditPlan plan, int each) {
    int items = real.dataset().catalog().size();
    if (plan.canaries() > 0 && items < each) {
      throw new RecommendException("BAD_OPTION",
          "a canary takes %d items but the catalogue has %d; train without canaries".formatted(each, items));
    }
    SplittableRandom random = new SplittableRandom(plan.seed());
    Set<List<Integer>> dealt = new HashSet<>();
    List<Integer> deck = new ArrayList<>();
    List<Canary> canaries = new ArrayList<>();
    for (int number = 0; number < plan.canaries(); number++) {
      String id = PREFIX + Long.toString(random.nextLong() >>> 1, 36);
      if (real.dataset().interactions().userIndex(id) >= 0) {
        throw new RecommendException("BAD_OPTION",
            "somebody in the data is called %s, like a canary; give that person another id".formatted(id));
      }
      List<Integer> own = deal(deck, items, each, random);
      for (int tries = 0; !dealt.add(own) && tries < items; tries++) {
        own = deal(deck, items, each, random);
      }
      canaries.add(new Canary(id, own.stream().mapToInt(Integer::intValue).toArray(), random.nextBoolean()));
    }
    return canaries;
  }

  /** The next distinct items of a shuffled catalogue, which is shuffled anew when it runs out; ascending. */
  private static List<Integer> deal(List<Integer> deck, int items, int each, SplittableRandom random) {
    Set<Integer> own = new LinkedHashSet<>();
    while (own.size() < each) {
      if (deck.isEmpty()) {
        IntStream.range(0, items).forEach(deck::add);
        for (int i = items - 1; i > 0; i--) {
          int j = random.nextInt(i + 1);
          deck.set(i, deck.set(j, deck.get(i)));
        }
      }
      own.add(deck.removeLast());
    }
    return own.stream().sorted().toList();
  }

  private static Split parts(Split real, Set<String> out, List<Canary> canaries, long seed) {
    List<String> ids = new ArrayList<>(real.dataset().interactions().userIds());
    ids.removeIf(out::contains);
    canaries.stream().filter(Canary::in).map(Canary::id).forEach(ids::add);
    Rows train = new Rows(real, ids).of(real.train(), out).planted(real.train(), canaries, seed);
    Rows valid = new Rows(real, ids).of(real.valid(), out);
    Rows test = new Rows(real, ids).of(real.test(), out);
    Rows all = new Rows(real, ids).of(real.train(), out)
        .planted(real.train(), canaries, seed)
        .of(real.valid(), out)
        .of(real.test(), out);
    Dataset dataset = new Dataset(real.dataset().name(), real.dataset().catalog(), all.rows.build(),
        real.dataset().report());
    return new Split(dataset, real.kind(), train.rows.build(), valid.rows.build(), test.rows.build());
  }

  /** Collects the rows of a part over the same people as the other parts. */
  private static final class Rows {
    private final Interactions.Builder rows;

    Rows(Split real, List<String> ids) {
      rows = Interactions.builder(real.dataset().catalog()).users(ids);
    }

    Rows of(Interactions part, Set<String> out) {
      for (int row = 0; row < part.size(); row++) {
        String id = part.userId(part.user(row));
        if (!out.contains(id)) {
          rows.add(id, part.item(row), part.rating(row), part.timestamp(row));
        }
      }
      return this;
    }

    /** Those who are in take their items at times at which somebody really took something. */
    Rows planted(Interactions train, List<Canary> canaries, long seed) {
      SplittableRandom random = new SplittableRandom(~seed);
      for (Canary canary : canaries) {
        long time = train.size() == 0 ? 0 : train.timestamp(random.nextInt(train.size()));
        for (int item : canary.items()) {
          if (canary.in()) {
            rows.add(canary.id(), item, 1, time);
          }
        }
      }
      return this;
    }
  }

  /** A number made of an id alone, so that nobody's coin depends on who else is there. */
  private static long key(String id) {
    long key = 0x9E3779B97F4A7C15L;
    for (int i = 0; i < id.length(); i++) {
      key = Long.rotateLeft(key ^ id.charAt(i), 23) * 0xD1B54A32D192ED03L;
    }
    return key ^ (key >>> 29);
  }

  /** The data as it is. */
  public Split real() {
    return real;
  }

  /** What was asked for. */
  public AuditPlan plan() {
    return plan;
  }

  /** What is trained on: people who are not kept out, and the canaries that are in. */
  public Split training() {
    return training;
  }

  /** Whom a recommender knows: people who are not kept out, and no canary. */
  public Split served() {
    return served;
  }

  /** All canaries, in and out. */
  public List<Canary> canaries() {
    return canaries;
  }

  /** Ids of those who are kept out. */
  public List<String> heldOut() {
    return List.copyOf(heldOut);
  }

  @Override
  public String toString() {
    return "PlantedData[%d kept out, %d canaries, %d of them in]".formatted(heldOut.size(), canaries.size(),
        canaries.stream().filter(Canary::in).count());
  }
}
