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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Full-ranking evaluation: every item of the pool is ranked for every user with a relevant item, none is sampled. In the test part the user's
 * training and validation items are masked, in the validation part the training items. Users are streamed; memory is one score array a thread and
 * the lists cut at the largest k. Ties go to the lower item index; items scored NaN or negative infinity are not recommended.
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
    Interactions truth = part == Part.TEST ? split.test() : split.valid();
    int[][] relevantItems = new int[truth.userCount()][];
    for (int user = 0; user < relevantItems.length; user++) {
      relevantItems[user] = Arrays.stream(truth.itemsOf(user)).filter(members::get).sorted().toArray();
    }
    int[] users = IntStream.range(0, relevantItems.length)
        .filter(u -> relevantItems[u].length > 0)
        .filter(u -> protocol == Protocol.FULL || split.train().end(u) > split.train().start(u))
        .toArray();
    int[] relevant = Arrays.stream(users).map(u -> relevantItems[u].length).toArray();
    Map<String, int[][]> lists = new LinkedHashMap<>();
    Map<String, int[][]> hits = new LinkedHashMap<>();
    for (Scorer scorer : scorers) {
      int[][] scorerLists = new int[users.length][];
      int[][] scorerHits = new int[users.length][];
      rank(scorer, members, users, relevantItems, scorerLists, scorerHits);
      lists.put(scorer.name(), scorerLists);
      hits.put(scorer.name(), scorerHits);
    }
    return new EvaluationResult(this, users, relevant, members.cardinality(), lists, hits);
  }

  private void rank(Scorer scorer, BitSet members, int[] users, int[][] relevantItems, int[][] lists, int[][] hits) {
    AtomicInteger next = new AtomicInteger();
    Runnable work = () -> {
      float[] scores = new float[split.train().itemCount()];
      TopK top = new TopK(Math.min(ks.getLast(), Math.max(1, scores.length)));
      for (int u = next.getAndIncrement(); u < users.length; u = next.getAndIncrement()) {
        try {
          scorer.score(users[u], members, scores);
        } catch (RuntimeException e) {
          throw new IllegalStateException("scorer '%s' failed for user '%s': %s".formatted(scorer.name(),
              split.train().userId(users[u]), e.getMessage()), e);
        }
        mask(users[u], members, scores);
        top.select(scores);
        lists[u] = IntStream.range(0, top.size()).map(top::item).toArray();
        hits[u] = hitRanks(lists[u], relevantItems[users[u]]);
      }
    };
    if (threads == 1) {
      work.run();
    } else {
      runInParallel(work);
    }
  }

  private void mask(int user, BitSet members, float[] scores) {
    maskRows(split.train(), user, scores);
    if (part == Part.TEST && protocol == Protocol.FULL) {
      maskRows(split.valid(), user, scores);
    }
    for (int item = members.nextClearBit(0); item < scores.length; item = members.nextClearBit(item + 1)) {
      scores[item] = Float.NEGATIVE_INFINITY;
    }
  }

  private static void maskRows(Interactions seen, int user, float[] scores) {
    for (int row = seen.start(user); row < seen.end(user); row++) {
      scores[seen.item(row)] = Float.NEGATIVE_INFINITY;
    }
  }

  private static int[] hitRanks(int[] list, int[] sortedRelevant) {
    return IntStream.range(0, list.length)
        .filter(r -> Arrays.binarySearch(sortedRelevant, list[r]) >= 0)
        .map(r -> r
            + 1)
        .toArray();
  }

  private void runInParallel(Runnable work) {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        futures.add(executor.submit(work));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the evaluation was interrupted", e);
    }
  }
}
