package io.sfumato.recommend;

import io.sfumato.recommend.LiveState.Position;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The recommender that serves from a store of versions: a newly trained one takes its place while requests run, and the old one can come back.
 *
 * <pre>{@code
 * VersionStore.init(Path.of("shops")).install(Path.of("shop"), null);      // v1
 * try (RecommenderStore store = RecommenderStore.open(Path.of("shops"))) {
 *   store.use(recommender -> recommender.recommend(Request.forUser("u-7")));
 *   store.install(Path.of("shop-of-today"), "today");
 *   store.swap("today");
 *   store.back();                                                          // v1 again
 * }
 * }</pre>
 *
 * <p>How a swap goes: the new version is opened beside the old one, which serves on. What was acknowledged since the old one was trained is brought over: feedback that the new histories do not have, every put and removal. Vectors are kept where both have
 * the same model; otherwise items are encoded anew from the words, the picture as it is shown and the supplied vectors that were logged. Then updates are held back for a moment, the last ones follow, and the pointer on disk changes: whatever
 * stops the machine, before or after, every acknowledged update is in the version that the pointer names. Requests that run end with the old version, which closes after the last of them; an update that
 * such a request makes then goes to the new one.
 *
 * <p>While both are open, memory holds both. Each version keeps its own logs, so that going back loses nothing either. A swap that fails leaves the old version serving.
 *
 * <p>One program at a time serves from a store. Thread-safe; close it when no request is running any more.
 */
public final class RecommenderStore implements RecommenderSource {
  private static final int ROUNDS = 8;
  private static final int FEW = 64;
  private static final int REQUESTS_END_SECONDS = 30;

  private final VersionStore store;
  private final ServingOptions options;
  private final VersionStore.Held lock;
  private final Map<String, Serving> retiring = new HashMap<>(); // by the lock of this object
  private volatile @Nullable Serving serving;

  /** A version that is open; closed when nobody uses it any more. */
  private static final class Serving {
    private final String name;
    private final Recommender recommender;
    private final AtomicInteger users = new AtomicInteger(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    Serving(String name, Recommender recommender) {
      this.name = name;
      this.recommender = recommender;
    }

    boolean enter() {
      for (int now = users.get(); now > 0; now = users.get()) {
        if (users.compareAndSet(now, now + 1)) {
          return true;
        }
      }
      return false;
    }

    void leave() {
      if (users.decrementAndGet() == 0) {
        try {
          recommender.close();
        } finally {
          closed.countDown();
        }
      }
    }

    /** Waits a while for the last request to end. */
    void awaitClosed() {
      try {
        if (!closed.await(REQUESTS_END_SECONDS, TimeUnit.SECONDS)) {
          throw new BundleException("IN_USE",
              "requests that began before version '%s' was swapped away still run after %d s; let them end and try again"
                  .formatted(name, REQUESTS_END_SECONDS));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BundleException("IO", "interrupted while waiting for the requests of version '" + name + "' to end",
            e);
      }
    }
  }

  private RecommenderStore(VersionStore store, ServingOptions options, VersionStore.Held lock, Serving serving) {
    this.store = store;
    this.options = options;
    this.lock = lock;
    this.serving = serving;
  }

  /** Opens the version that serves, with the default options. */
  public static RecommenderStore open(Path directory) {
    return open(directory, ServingOptions.defaults());
  }

  /**
   * Opens the version that serves.
   *
   * @throws BundleException {@code NOT_A_STORE}, {@code IN_USE} where another program serves from it, {@code UNKNOWN_VERSION} where it has no version yet, and as {@link Recommender#open(Path)}
   */
  public static RecommenderStore open(Path directory, ServingOptions options) {
    VersionStore store = VersionStore.at(directory);
    ServingOptions locked = options.locked();
    VersionStore.Held lock = store.lock();
    try {
      String current = store.pointer().current();
      if (current == null) {
        throw new BundleException("UNKNOWN_VERSION",
            "the store %s has no version yet; install a bundle with 'store install'".formatted(store.directory()));
      }
      Serving first = new Serving(current, Recommender.open(store.version(current), locked));
      return new RecommenderStore(store, locked, lock, first);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public <T> T use(Function<Recommender, T> request) {
    while (true) {
      Serving now = now();
      if (now.enter()) {
        try {
          return request.apply(now.recommender);
        } finally {
          now.leave();
        }
      }
    }
  }

  private Serving now() {
    Serving now = serving;
    if (now == null) {
      throw new RecommendException("CLOSED", "the store is closed; open it again");
    }
    return now;
  }

  @Override
  public List<String> versions() {
    return store.versions();
  }

  @Override
  public String current() {
    return now().name;
  }

  /** The version that served before, or null. */
  public @Nullable String previous() {
    return store.pointer().previous();
  }

  /** Where a version stands, or can be trained into. */
  public Path version(String name) {
    return store.version(name);
  }

  /**
   * Brings a bundle into the store, to be swapped to later; see {@link VersionStore#install}.
   *
   * @param name null for the next of v1, v2, …
   * @return its name
   */
  public String install(Path bundle, @Nullable String name) {
    return store.install(bundle, name);
  }

  /** Removes the oldest versions but for so many; see {@link VersionStore#prune}. */
  public synchronized List<String> prune(int kept) {
    return store.prune(kept);
  }

  @Override
  public void swap(String version) {
    swapTo(version);
  }

  /**
   * As {@link #swap}, and tells what it took. Swapping to the version that serves does nothing.
   *
   * @throws RecommendException {@code UNKNOWN_VERSION}; {@code CANNOT_CARRY} where an item that was put since cannot be encoded by the other version
   * @throws BundleException as {@link Recommender#open(Path)}; {@code IN_USE} where the version served before and requests of that time still run after 30 s
   */
  public synchronized Swap swapTo(String version) {
    Serving old = now();
    long start = System.nanoTime();
    if (version.equals(old.name)) {
      return new Swap(version, version, 0, Duration.ZERO, Duration.ZERO);
    }
    if (!store.has(version)) {
      throw new RecommendException("UNKNOWN_VERSION", String.valueOf(store.unknown(version).getMessage()));
    }
    Serving retired = retiring.get(version);
    if (retired != null) { // its logs are locked until then
      retired.awaitClosed();
      retiring.remove(version);
    }
    Recommender next = Recommender.open(store.version(version), options);
    long[] held = {0};
    CarriedUpdates carried;
    try {
      LiveState from = old.recommender.state();
      carried = new CarriedUpdates(from.bundle(), next);
      from.whileFiled(() -> {
        Position reached = carryMost(from, carried);
        held[0] = from.handOver(carried, () -> {
          carried.carry(from.between(reached, from.position()));
          point(old, version);
          serving = new Serving(version, next);
        });
      });
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    retiring.values().removeIf(other -> other.closed.getCount() == 0);
    retiring.put(old.name, old);
    old.leave();
    return new Swap(old.name, version, carried.count(), Duration.ofNanos(System.nanoTime() - start),
        Duration.ofNanos(held[0]));
  }

  /** Carries what there is while more comes, until little is left. */
  private static Position carryMost(LiveState from, CarriedUpdates carried) {
    Position reached = Position.START;
    for (int round = 0, last = Integer.MAX_VALUE; round < ROUNDS && last > FEW; round++) {
      Position now = from.position();
      int before = carried.count();
      carried.carry(from.between(reached, now));
      reached = now;
      last = carried.count() - before;
    }
    return reached;
  }

  /** Changes the pointer. Where it is not known which one a crash would leave, the old version must not acknowledge what the other would not have. */
  private void point(Serving old, String version) {
    try {
      store.point(version);
    } catch (RuntimeException e) {
      try {
        store.point(old.name);
      } catch (RuntimeException again) {
        e.addSuppressed(again);
        old.recommender.state().refuse("the store's pointer could not be written: " + e.getMessage());
      }
      throw e;
    }
  }

  /**
   * Lets the version serve again that served before.
   *
   * @throws RecommendException {@code UNKNOWN_VERSION} where there was none
   */
  public synchronized Swap back() {
    String previous = previous();
    if (previous == null) {
      throw new RecommendException("UNKNOWN_VERSION",
          "no version served before '%s'; name the one to swap to".formatted(current()));
    }
    return swapTo(previous);
  }

  /** Closes what serves, after the last request that uses it. Idempotent. */
  @Override
  public synchronized void close() {
    Serving now = serving;
    if (now != null) {
      serving = null;
      try {
        now.leave();
      } finally {
        lock.close();
      }
    }
  }
}
