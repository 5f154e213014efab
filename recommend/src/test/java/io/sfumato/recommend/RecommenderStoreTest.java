package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Item;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.BundleWriter;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecommenderStoreTest {
  @TempDir
  Path directory;

  private final MadeShop shop = MadeShop.create();
  private Path root;

  @BeforeEach
  void install() {
    root = directory.resolve("store");
    shop.write(directory.resolve("shop"));
    VersionStore store = VersionStore.init(root);
    assertThat(store.install(directory.resolve("shop"), null)).isEqualTo("v1");
    assertThat(store.install(directory.resolve("shop"), null)).isEqualTo("v2");
  }

  private Item item(String id) {
    return new Item(id, "Nice hats", "", Map.of("category", "hats"), null);
  }

  private void put(RecommenderStore store, String id) {
    store.use(recommender -> {
      recommender.catalog().put(item(id), shop.encode(item(id)));
      return id;
    });
  }

  private static void feedback(RecommenderStore store, String user, String item, long time) {
    store.use(recommender -> {
      recommender.feedback(user, item, Instant.ofEpochSecond(time));
      return user;
    });
  }

  private static List<String> history(RecommenderStore store, String user) {
    return store.use(recommender -> recommender.history(user));
  }

  @Test
  void updatesGoWithASwapAndBackAgainEachOnce() {
    try (RecommenderStore store = RecommenderStore.open(root)) {
      assertThat(store.current()).isEqualTo("v1");
      feedback(store, "ann", "item-1", 10);
      feedback(store, "ann", "item-2", 11);
      feedback(store, "ann", "item-1", 12);
      put(store, "new");
      put(store, "gone");
      store.use(recommender -> recommender.catalog().remove("gone"));
      Swap swap = store.swapTo("v2");
      assertThat(swap.from()).isEqualTo("v1");
      assertThat(swap.carried()).isEqualTo(5); // two of ann, 'new', 'gone' put and removed
      assertThat(history(store, "ann")).containsExactly("item-2", "item-1");
      assertThat(store.<Boolean>use(recommender -> recommender.catalog().item("new") != null)).isTrue();
      assertThat(store.<Boolean>use(recommender -> recommender.catalog().item("gone") != null)).isFalse();
      feedback(store, "ann", "item-3", 13);
      put(store, "gone");
      assertThat(store.back().carried()).isEqualTo(2); // item-3 and 'gone'
      assertThat(history(store, "ann")).containsExactly("item-2", "item-1", "item-3");
      assertThat(store.<Boolean>use(recommender -> recommender.catalog().item("gone") != null)).isTrue();
      assertThat(store.back().carried()).isZero();
    }
    try (RecommenderStore store = RecommenderStore.open(root)) {
      assertThat(store.current()).isEqualTo("v2");
      assertThat(store.previous()).isEqualTo("v1");
      assertThat(history(store, "ann")).containsExactly("item-2", "item-1", "item-3");
    }
  }

  @Test
  void aRequestThatBeganBeforeASwapUpdatesTheNewVersion() {
    try (RecommenderStore store = RecommenderStore.open(root)) {
      store.use(old -> {
        store.swap("v2");
        old.feedback("late", "item-5");
        old.catalog().put(item("late"), shop.encode(item("late")));
        old.catalog().remove("item-7");
        assertThat(old.recommend(Request.forUser("late"))).isNotEmpty(); // open until here
        return old;
      });
      assertThat(history(store, "late")).containsExactly("item-5");
      assertThat(store.<Boolean>use(recommender -> recommender.catalog().item("late") != null)).isTrue();
      assertThat(store.<Boolean>use(recommender -> recommender.catalog().item("item-7") != null)).isFalse();
    }
  }

  @Test
  void nothingIsLostWhenVersionsSwapUnderLoad() throws InterruptedException {
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    try (RecommenderStore store = RecommenderStore.open(root)) {
      Thread updates = Thread.ofPlatform().start(() -> {
        while (!stop.get()) {
          int i = acknowledged.get();
          feedback(store, "user-" + i, "item-" + i % MadeShop.ITEMS, 20);
          acknowledged.incrementAndGet();
        }
      });
      for (int swap = 0; swap < 6; swap++) {
        int before = acknowledged.get();
        while (acknowledged.get() == before && updates.isAlive()) {
          Thread.onSpinWait(); // some load before every swap, however busy the machine is
        }
        store.swap(swap % 2 == 0 ? "v2" : "v1");
      }
      stop.set(true);
      updates.join();
      for (int i = 0; i < acknowledged.get(); i++) {
        assertThat(history(store, "user-" + i)).containsExactly("item-" + i % MadeShop.ITEMS);
      }
    }
    assertThat(acknowledged.get()).isGreaterThanOrEqualTo(6);
  }

  @Test
  void oneProgramServesAndNobodyWritesIntoWhatServes() {
    try (RecommenderStore store = RecommenderStore.open(root)) {
      assertRefused("IN_USE", () -> RecommenderStore.open(root));
      assertRefused("IN_USE", () -> Recommender.open(store.version("v1"), ServingOptions.defaults().locked()));
      assertRefused("IN_USE", () -> shop.write(store.version("v1")));
      shop.write(store.version("trained"));
      assertThat(store.versions()).containsExactlyInAnyOrder("v1", "v2", "trained");
      assertThatThrownBy(() -> store.swap("v9")).isInstanceOf(RecommendException.class)
          .hasMessageContaining("no version 'v9'");
      assertThat(store.prune(1)).hasSize(2).doesNotContain("v1");
      BundleWriter.create(store.version("v2")).close();
    }
    assertThatThrownBy(() -> RecommenderStore.open(directory)).hasMessageContaining("store init");
  }

  @Test
  void aSnapshotHasWhatWasAcknowledged() {
    Path copy = directory.resolve("copy");
    try (RecommenderStore store = RecommenderStore.open(root,
        ServingOptions.defaults().durability(Durability.interval(Duration.ofMillis(5))))) {
      feedback(store, "ann", "item-1", 10);
      put(store, "new");
      store.use(recommender -> {
        recommender.snapshot(copy);
        return copy;
      });
      feedback(store, "ann", "item-2", 11);
      assertRefused("NOT_A_BUNDLE", () -> store.use(recommender -> {
        recommender.snapshot(copy);
        return copy;
      }));
    }
    try (Recommender copied = Recommender.open(copy)) {
      assertThat(copied.history("ann")).containsExactly("item-1");
      assertThat(copied.catalog().item("new")).isNotNull();
      copied.feedback("ann", "item-9"); // its own log, not that of the bundle
    }
    try (RecommenderStore store = RecommenderStore.open(root)) {
      assertThat(history(store, "ann")).containsExactly("item-1", "item-2");
    }
    assertThat(Files.exists(directory.resolve(".copy.writing"))).isFalse();
  }

  private static void assertRefused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BundleException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
