package io.sfumato.recommend.bench;

import io.sfumato.datasets.Item;
import io.sfumato.encoders.Progress;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.Compaction;
import io.sfumato.recommend.RecommenderStore;
import io.sfumato.recommend.Request;
import io.sfumato.recommend.SearchRequest;
import io.sfumato.recommend.ServingOptions;
import io.sfumato.recommend.Swap;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How a recommender of a large made catalogue answers while it is updated: feedback, puts with vectors supplied and searches, each at its own steady rate whatever the recommender does (open loop), every latency from the
 * moment a request was meant to arrive, so that waiting counts. Of some acknowledged updates it is asked at once whether they are to be seen, and how long that took; at the end the bundle is opened again and every acknowledged
 * update looked for.
 *
 * <p>The interesting comparison is between {@code --durability sync} and an interval, and between no updates and some.
 */
public final class LiveBench {
  private static final long VISIBLE_NANOS = Duration.ofMillis(1500).toNanos();
  private static final int PUTS_CHECKED = 10;
  private static final int FEEDBACK_CHECKED = 45;

  private final Plan plan;
  private final RecommenderStore store;
  private final MadeVectors vectors;
  private final AtomicLong slowestVisible = new AtomicLong();
  private final AtomicInteger checked = new AtomicInteger();
  private final AtomicInteger invisible = new AtomicInteger();

  /**
   * What is done.
   *
   * @param items of the made catalogue
   * @param seed of the made data
   * @param duration of the run
   * @param feedback events a second
   * @param puts a second
   * @param searches a second: recommendations, similar items and searches by words in turn
   * @param swaps whether another version takes over in the middle
   * @param options how it is served
   */
  public record Plan(int items, long seed, Duration duration, int feedback, int puts, int searches, boolean swaps,
      ServingOptions options) {
    public Plan {
      if (duration.compareTo(Duration.ofSeconds(1)) < 0 || feedback < 1 || puts < 1 || searches < 1) {
        throw new IllegalArgumentException(
            "a run needs a second and one feedback, put and search a second at least but was given %s, %d, %d and %d"
                .formatted(duration, feedback, puts, searches));
      }
    }
  }

  private LiveBench(Plan plan, RecommenderStore store, MadeVectors vectors) {
    this.plan = plan;
    this.store = store;
    this.vectors = vectors;
  }

  /**
   * Makes the shop, unless it is there, and runs.
   *
   * @param work keeps the made shop for the next run
   * @return figures: latencies in milliseconds, and {@code passed}
   */
  public static Map<String, Object> run(Plan plan, Path work, Progress progress)
      throws InterruptedException, ExecutionException {
    MadeVectors vectors = MadeVectors.of(plan.items, Math.max(MadeShop.PEOPLE, 1), plan.seed);
    Path shop = work.resolve("made-%d-%d".formatted(plan.items, plan.seed));
    if (!Files.exists(shop)) {
      MadeShop.write(vectors, shop, progress);
    }
    Path versions = work.resolve("live-" + ProcessHandle.current().pid());
    VersionStore made = VersionStore.init(versions);
    made.install(shop, "first");
    if (plan.swaps) {
      made.install(shop, "second");
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("items", plan.items);
    figures.put("durability", plan.options.durability().isSync()
        ? "sync"
        : "interval=" + plan.options.durability().interval().toMillis() + "ms");
    OpenLoop feedback;
    OpenLoop puts;
    long opening = System.nanoTime();
    try (RecommenderStore store = RecommenderStore.open(versions, plan.options)) {
      figures.put("opened_s", (System.nanoTime() - opening) / 1e9);
      LiveBench bench = new LiveBench(plan, store, vectors);
      bench.warmUp();
      feedback = new OpenLoop("feedback", plan.feedback, 8, bench::feedback);
      puts = new OpenLoop("put", plan.puts, 4, bench::put);
      OpenLoop searches = new OpenLoop("search", plan.searches, 4, bench::search);
      bench.runAll(figures, List.of(feedback, puts, searches), progress);
    }
    reopen(versions, feedback.done(), puts.done(), figures);
    figures.put("passed", passed(figures));
    return figures;
  }

  private void warmUp() {
    for (int i = 0; i < 300; i++) {
      search(i);
    }
  }

  private void runAll(Map<String, Object> figures, List<OpenLoop> loops, Progress progress)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime() + Duration.ofMillis(100).toNanos();
    try (ExecutorService pool = Executors.newCachedThreadPool()) {
      List<Future<?>> running = new ArrayList<>();
      for (OpenLoop loop : loops) {
        running.addAll(loop.start(pool, start, plan.duration));
      }
      Future<Swap> swap = plan.swaps ? pool.submit(this::swapInTheMiddle) : null;
      int seconds = (int) plan.duration.toSeconds();
      progress.start("live, seconds", seconds);
      for (int second = 0; second < seconds; second++) {
        LockSupport.parkNanos(start + second * 1_000_000_000L - System.nanoTime());
        progress.advance(1, null);
      }
      for (Future<?> one : running) {
        one.get();
      }
      progress.finish();
      if (swap != null) {
        Swap done = swap.get();
        figures.put("swap",
            Map.of("carried", done.carried(), "took_ms", done.took().toMillis(), "held_ms", done.held().toMillis()));
      }
    }
    for (OpenLoop loop : loops) {
      figures.put(loop.name(), loop.figures(plan.duration));
    }
    figures.put("visible", Map.of("checked", checked.get(), "late", invisible.get(), "slowest_ms",
        OpenLoop.millis(slowestVisible.get())));
  }

  private Swap swapInTheMiddle() throws InterruptedException {
    Thread.sleep(plan.duration.toMillis() / 2);
    return store.swapTo("second");
  }

  private void search(int i) {
    String user = user(i);
    store.use(recommender -> switch (i % 3) {
      case 0 -> recommender.recommend(Request.forUser(user).k(20).excludeSeen());
      case 1 -> recommender.similar("item-" + (int) ((i * 7919L) % plan.items), 20);
      default ->
        recommender.search(SearchRequest.of("thing of kind " + i % MadeVectors.CLUSTERS).matchWordsOnly().k(20));
    });
  }

  private static String user(int i) {
    return "u-" + (int) (i * 31L % MadeShop.PEOPLE);
  }

  /** Feedback number i is of a person of its own, so that it can be looked for. */
  private void feedback(int i) {
    String item = "item-" + (int) (i * 104_729L % plan.items);
    store.use(recommender -> {
      recommender.feedback("live-" + i, item);
      return item;
    });
    if (i % FEEDBACK_CHECKED == 0) {
      check(() -> store.use(recommender -> recommender.history("live-" + i).contains(item)));
    }
  }

  private void put(int i) {
    int like = (int) (i * 15_485_863L % plan.items);
    Item item = new Item("put-" + i, "Fresh thing put" + i + " of kind " + vectors.cluster(like), "", Map.of(), null);
    ItemVectors vector = new ItemVectors(List.of("text"), MadeVectors.DIMENSION, vectors.item(like), new float[]{1},
        new boolean[]{true});
    store.use(recommender -> {
      recommender.catalog().put(item, vector);
      return item;
    });
    if (i % PUTS_CHECKED == 0) {
      check(() -> store.use(recommender -> recommender.search(SearchRequest.of("put" + i).matchWordsOnly())
          .stream()
          .anyMatch(found -> found.item().equals(item.id()))));
    }
  }

  /** Asks from the acknowledgement on until it is to be seen. */
  private void check(BooleanSupplier visible) {
    long acknowledged = System.nanoTime();
    boolean seen = visible.getAsBoolean();
    while (!seen && System.nanoTime() - acknowledged < VISIBLE_NANOS) {
      seen = visible.getAsBoolean();
    }
    long took = System.nanoTime() - acknowledged;
    slowestVisible.accumulateAndGet(took, Math::max);
    checked.incrementAndGet();
    if (!seen || took > VISIBLE_NANOS) {
      invisible.incrementAndGet();
    }
  }

  private static void reopen(Path versions, int feedback, int puts, Map<String, Object> figures) {
    long start = System.nanoTime();
    int lost = 0;
    try (RecommenderStore store = RecommenderStore.open(versions)) {
      figures.put("reopened_s", (System.nanoTime() - start) / 1e9);
      for (int i = 0; i < feedback; i++) {
        String user = "live-" + i;
        lost += store.use(recommender -> recommender.history(user).isEmpty()) ? 1 : 0;
      }
      for (int i = 0; i < puts; i++) {
        String id = "put-" + i;
        lost += store.use(recommender -> recommender.catalog().item(id) == null) ? 1 : 0;
      }
    }
    long compacting = System.nanoTime();
    Collection<Compaction> compacted = Compaction.ofStore(versions).values();
    Map<String, Object> compaction = new LinkedHashMap<>();
    compaction.put("took_ms", (System.nanoTime() - compacting) / 1_000_000);
    compaction.put("bytes_before",
        compacted.stream().mapToLong(c -> c.catalog().bytesBefore() + c.feedback().bytesBefore()).sum());
    compaction.put("bytes_freed", compacted.stream().mapToLong(Compaction::freed).sum());
    figures.put("compaction", compaction);
    figures.put("acknowledged", feedback + puts);
    figures.put("lost", lost);
  }

  private static boolean passed(Map<String, Object> figures) {
    return figures.get("search") instanceof Map<?, ?> search && search.get("p99_ms") instanceof Double p99 && p99 <= 30
        && figures.get("visible") instanceof Map<?, ?> visible && visible.get("late") instanceof Integer late
        && late == 0 && figures.get("lost") instanceof Integer lost && lost == 0;
  }
}
