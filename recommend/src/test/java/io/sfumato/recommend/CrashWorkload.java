package io.sfumato.recommend;

import io.sfumato.datasets.Item;
import io.sfumato.recommend.bundle.BundleEditor;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.bundle.Provenance;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A store that is updated, compacted, swapped, copied, added to and pruned, and a bundle beside it that is written anew, all at once, telling the world what was acknowledged, a line each: a small letter when
 * something begins whose end is then a capital one.
 *
 * <pre>
 * F user item   feedback        q/P id   put         r/R id   removed
 * s/S name      snapshot        v/V name swap        i/I name installed     p pruning
 * t/T n         bundle written with seed n
 * </pre>
 */
final class CrashWorkload {
  private final Path root;
  private final int run;
  private final Consumer<String> told;
  private final MadeShop shop = MadeShop.create();
  private final AtomicBoolean stopped = new AtomicBoolean();

  /**
   * @param run number of this run, which names what it makes
   * @param told gets the lines, in the order of what they tell; thread-safe
   */
  CrashWorkload(Path root, int run, Consumer<String> told) {
    this.root = root;
    this.run = run;
    this.told = told;
  }

  /** Makes the store with one version, and the bundle beside it. */
  static void prepare(Path root) {
    write(MadeShop.create(), root.resolve("trained"), 0);
    VersionStore.init(root.resolve("store")).install(root.resolve("trained"), null);
    VersionStore.at(root.resolve("store")).install(root.resolve("trained"), null);
  }

  private static void write(MadeShop shop, Path target, int seed) {
    try (BundleWriter writer = BundleWriter.create(target)) {
      shop.model.save(writer);
      writer.histories(shop.split);
      writer.commit(new Provenance("made shop", "00", "nowhere", "random", seed, Map.of(), Map.of()));
    }
  }

  /** The killed program: directory, number of the run. Runs until it is killed. */
  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    new CrashWorkload(Path.of(arguments[0]), Integer.parseInt(arguments[1]), CrashWorkload::print)
        .run(Integer.MAX_VALUE);
  }

  private static synchronized void print(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** Runs so many turns of all that is not an update, and updates meanwhile. */
  void run(int turns) throws InterruptedException, ExecutionException {
    try (RecommenderStore store = RecommenderStore.open(root.resolve("store"));
        ExecutorService pool = Executors.newFixedThreadPool(3)) {
      told.accept("begin");
      List<Future<?>> updates = List.of(pool.submit(() -> feedback(store, 0)), pool.submit(() -> feedback(store, 1)),
          pool.submit(() -> catalog(store)));
      try {
        SplittableRandom random = new SplittableRandom(run);
        for (int turn = 0; turn < turns && updates.stream().noneMatch(Future::isDone); turn++) {
          turn(store, turn, random);
        }
      } finally {
        stopped.set(true);
      }
      for (Future<?> update : updates) {
        update.get();
      }
    }
  }

  /** A disk that is not waited for would take hundreds of thousands of updates a second, whose checks take long. */
  private static void rest() {
    LockSupport.parkNanos(2_000_000);
  }

  private void feedback(RecommenderStore store, int thread) {
    SplittableRandom random = new SplittableRandom(31L * run + thread);
    for (int i = 0; !stopped.get(); i++) {
      rest();
      String user = "u%d-%d-%d".formatted(run, thread, i % 20);
      String item = "item-" + random.nextInt(MadeShop.ITEMS);
      store.use(recommender -> {
        recommender.feedback(user, item);
        return user;
      });
      told.accept("F " + user + " " + item);
    }
  }

  private void catalog(RecommenderStore store) {
    for (int i = 0; !stopped.get(); i++) {
      rest();
      String id = "new-%d-%d".formatted(run, i % 30);
      Item item = new Item(id, "Nice " + MadeShop.KINDS.get(i % 4), "of turn " + i, Map.of("category", "shoes"), null);
      told.accept("q " + id);
      store.use(recommender -> {
        recommender.catalog().put(item, shop.encode(item));
        return id;
      });
      told.accept("P " + id);
      if (i % 3 == 0) {
        told.accept("r " + id);
        store.use(recommender -> recommender.catalog().remove(id));
        told.accept("R " + id);
      }
    }
  }

  private void turn(RecommenderStore store, int turn, SplittableRandom random) {
    String name = run + "-" + turn;
    switch (turn % 6) {
      case 0 -> {
        told.accept("s snapshot-" + name);
        store.use(recommender -> {
          recommender.snapshot(root.resolve("snapshot-" + name));
          return name;
        });
        told.accept("S snapshot-" + name);
      }
      case 5 -> store.use(Recommender::compact);
      case 1, 4 -> {
        List<String> versions = store.versions();
        String version = versions.get(random.nextInt(versions.size()));
        told.accept("v " + version);
        store.swap(version);
        told.accept("V " + version);
      }
      case 2 -> {
        int seed = 1000 * run + turn;
        told.accept("t " + seed);
        write(shop, root.resolve("trained"), seed);
        told.accept("T " + seed);
        try (BundleEditor editor = BundleEditor.of(root.resolve("trained"))) {
          editor.withoutPeople();
          editor.commit(null);
        }
      }
      default -> {
        told.accept("i t" + name);
        store.install(root.resolve("trained"), "t" + name);
        told.accept("I t" + name);
        told.accept("p");
        store.prune(4);
      }
    }
  }
}
