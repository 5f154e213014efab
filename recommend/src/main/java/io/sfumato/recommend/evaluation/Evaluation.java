package io.sfumato.recommend.evaluation;

import io.sfumato.datasets.Interactions;
import io.sfumato.datasets.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Full-ranking evaluation: every item of the pool is ranked for every user with a relevant item, none is sampled. What is masked and who counts is the {@link Protocol}'s. It streams: memory is a block of scores a thread and the lists
 * cut at the largest k, and {@link BlockScorer}s are scored a block of users and items at a time. Ties go to the lower item index; items scored NaN or negative infinity are not recommended.
 *
 * <pre>{@code
 * EvaluationResult result = Evaluation.of(split).k(10, 20).pool(Pool.COLD).scorers(List.of(a, b)).run();
 * result.mean("a", Metric.NDCG, 20);
 * }</pre>
 */
public final class Evaluation {
  /** Which items are ranked. */
  public enum Pool {
    /** The whole catalogue. */
    ALL,
    /** Exactly the items that have an interaction in the evaluated part and none in training. */
    COLD;

    /** The name in reports and JSON. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which interactions are relevant. */
  public enum Part {
    VALID, TEST;

    /** The name in reports and JSON. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Split split;
  private List<Integer> ks = List.of(20);
  private Pool pool = Pool.ALL;
  private Part part = Part.TEST;
  private Protocol protocol = Protocol.FULL;
  private int threads = 1;
  private boolean auc;
  private EvaluationListener listener = EvaluationListener.NONE;
  private final List<Scorer> scorers = new ArrayList<>();

  private Evaluation(Split split) {
    this.split = split;
  }

  /** An evaluation on a split; by default of the test part, all items, k = 20, one thread. */
  public static Evaluation of(Split split) {
    return new Evaluation(split);
  }

  /** The cuts at which metrics are taken. */
  public Evaluation k(int... cuts) {
    if (cuts.length == 0 || Arrays.stream(cuts).anyMatch(k -> k < 1)) {
      throw new IllegalArgumentException("k must be at least 1 but was " + Arrays.toString(cuts));
    }
    ks = Arrays.stream(cuts).sorted().distinct().boxed().toList();
    return this;
  }

  public Evaluation pool(Pool value) {
    pool = value;
    return this;
  }

  /** What is masked and who counts, {@link Protocol#FULL} unless said. */
  public Evaluation protocol(Protocol value) {
    protocol = value;
    return this;
  }

  public Evaluation part(Part value) {
    part = value;
    return this;
  }

  /** The number of threads that score users, at least 1. */
  public Evaluation threads(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + value);
    }
    threads = value;
    return this;
  }

  /** Whether {@link Metric#AUC} is measured; it takes a second look at all scores, and is not unless said. */
  public Evaluation auc(boolean value) {
    auc = value;
    return this;
  }

  /** Who hears how far it is. */
  public Evaluation listener(EvaluationListener value) {
    listener = value;
    return this;
  }

  /** Adds a scorer; names must differ. */
  public Evaluation scorer(Scorer scorer) {
    if (scorers.stream().anyMatch(other -> other.name().equals(scorer.name()))) {
      throw new IllegalArgumentException("two scorers have the name '" + scorer.name() + "'");
    }
    scorers.add(scorer);
    return this;
  }

  /** Adds several scorers. */
  public Evaluation scorers(List<? extends Scorer> values) {
    values.forEach(this::scorer);
    return this;
  }

  Split split() {
    return split;
  }

  Part part() {
    return part;
  }

  Pool pool() {
    return pool;
  }

  Protocol protocol() {
    return protocol;
  }

  List<Integer> ks() {
    return ks;
  }

  int threads() {
    return threads;
  }

  boolean wantsAuc() {
    return auc;
  }

  EvaluationListener listener() {
    return listener;
  }

  /** The pool of a part of a split, as item indices. */
  public static BitSet pool(Split split, Part part, Pool pool) {
    int items = split.train().itemCount();
    BitSet members = new BitSet(items);
    if (pool == Pool.ALL) {
      members.set(0, items);
      return members;
    }
    Interactions relevant = part == Part.TEST ? split.test() : split.valid();
    for (int row = 0; row < relevant.size(); row++) {
      members.set(relevant.item(row));
    }
    for (int row = 0; row < split.train().size(); row++) {
      members.clear(split.train().item(row));
    }
    return members;
  }

  /**
   * Ranks and measures.
   *
   * @throws IllegalStateException where a scorer fails, with its name and the user's id
   */
  public EvaluationResult run() {
    BitSet members = pool(split, part, pool);
    Audience audience = Audience.of(split, part, protocol, members);
    FullRanking ranking = new FullRanking(this, audience, members);
    Map<String, RankedLists> lists = new LinkedHashMap<>();
    for (Scorer scorer : scorers) {
      lists.put(scorer.name(), ranking.rank(scorer));
    }
    return new EvaluationResult(this, audience, members.cardinality(), lists);
  }
}
