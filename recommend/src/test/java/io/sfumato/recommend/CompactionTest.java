package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.datasets.Item;
import io.sfumato.recommend.audit.Forgetting;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.bundle.VersionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
  private static final ServingOptions FAST = ServingOptions.defaults()
      .durability(Durability.interval(Duration.ofMinutes(1)));

  @TempDir
  Path directory;

  private final MadeShop shop = MadeShop.create();
  private Path bundle;

  @BeforeEach
  void write() {
    bundle = directory.resolve("shop");
    shop.write(bundle);
  }

  private void put(Recommender recommender, String id, String kind) {
    Item item = new Item(id, "Nice " + kind, "", Map.of("category", kind), null);
    recommender.catalog().put(item, shop.encode(item));
  }

  /** One update, drawn from few people and items, so that many take the place of others. */
  private void update(Recommender recommender, SplittableRandom random) {
    String known = "item-" + random.nextInt(12);
    String fresh = "new-" + random.nextInt(8);
    String id = random.nextBoolean() ? known : fresh;
    switch (random.nextInt(6)) {
      case 0 -> put(recommender, id, MadeShop.KINDS.get(random.nextInt(4)));
      case 1 -> recommender.catalog().remove(id);
      default -> {
        if (recommender.catalog().item(id) != null) {
          String user = (random.nextBoolean() ? "u-" : "late-") + random.nextInt(6);
          recommender.feedback(user, id, Instant.ofEpochSecond(1_700_000_000L + random.nextInt(1000)));
        }
      }
    }
  }

  /** Everything that a recommender answers of its updates. */
  private static Map<String, Object> answers(Recommender recommender) {
    Map<String, Object> answers = new TreeMap<>();
    answers.put("users", recommender.users());
    List<Item> items = recommender.catalog().items().toList();
    answers.put("items", items.stream().map(Item::id).toList());
    answers.put("titles", items.stream().map(Item::title).toList());
    for (String user : recommender.users()) {
      answers.put("history of " + user, recommender.history(user));
      answers.put("for " + user, recommender.recommend(Request.forUser(user).k(20).at(Instant.ofEpochSecond(0))));
    }
    for (int i = 0; i < 8; i++) { // also those that were removed
      String id = "new-" + i;
      try {
        answers.put("after " + id, recommender.recommend(Request.forHistory(id).k(5).at(Instant.ofEpochSecond(0))));
      } catch (RecommendException e) {
        answers.put("after " + id, e.code());
      }
    }
    return answers;
  }

  @Test
  void answersAreTheSameToTheLastBit() {
    long dropped = 0;
    for (int run = 0; run < 6; run++) {
      Path changed = directory.resolve("shop-" + run);
      shop.write(changed);
      SplittableRandom random = new SplittableRandom(run);
      Map<String, Object> before;
      try (Recommender recommender = Recommender.open(changed, FAST)) {
        int compacted = random.nextInt(120);
        for (int i = 0; i < 120; i++) {
          update(recommender, random);
          if (i == compacted) {
            recommender.compact(); // in the middle of its life
          }
        }
        before = answers(recommender);
      }
      try (Recommender replayed = Recommender.open(changed)) {
        assertThat(answers(replayed)).as("run %d, as it is", run).isEqualTo(before);
      }
      dropped += Compaction.of(changed).freed();
      try (Recommender replayed = Recommender.open(changed)) {
        assertThat(answers(replayed)).as("run %d, compacted", run).isEqualTo(before);
      }
      assertThat(Compaction.of(changed).freed()).as("nothing more to free").isZero();
    }
    assertThat(dropped).isPositive();
  }

  @Test
  void keepsWhatCountsAndNoMore() throws IOException {
    try (Recommender recommender = Recommender.open(bundle, FAST)) {
      for (int i = 0; i < 10; i++) {
        put(recommender, "new", MadeShop.KINDS.get(i % 4));
        put(recommender, "item-3", MadeShop.KINDS.get(i % 4));
        recommender.feedback("ann", "item-" + i % 2);
        recommender.catalog().remove("item-3");
      }
      Compaction done = recommender.compact();
      assertThat(done.catalog().records()).isEqualTo(30);
      assertThat(done.catalog().kept()).isEqualTo(3); // both as they were put last, and that one is gone
      assertThat(done.feedback().records()).isEqualTo(10);
      assertThat(done.feedback().kept()).isEqualTo(2);
      assertThat(done.catalog().bytesAfter()).isEqualTo(Files.size(bundle.resolve(Bundle.CATALOG_LOG)));
      assertThat(done.freed()).isPositive();
      recommender.feedback("ann", "item-5"); // goes on in the new file
    }
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(recommender.history("ann")).containsExactly("item-0", "item-1", "item-5");
      assertThat(recommender.catalog().item("item-3")).isNull();
    }
    assertThat(bundle.resolve(Bundle.FEEDBACK_LOG + ".writing")).doesNotExist();
  }

  @Test
  void happensByItselfWhereItIsWorthItAndTheBundleIsLocked() throws IOException {
    assertThat(Compaction.isWorthIt(9_999, 1)).isFalse();
    assertThat(Compaction.isWorthIt(10_000, 5_000)).isFalse();
    assertThat(Compaction.isWorthIt(10_000, 4_999)).isTrue();
    try (Recommender recommender = Recommender.open(bundle, FAST)) {
      for (int i = 0; i < Compaction.WORTH_IT; i++) {
        recommender.feedback("ann", "item-" + i % MadeShop.ITEMS);
      }
    }
    Path log = bundle.resolve(Bundle.FEEDBACK_LOG);
    long before = Files.size(log);
    List<String> history;
    try (Recommender recommender = Recommender.open(bundle)) {
      history = recommender.history("ann");
    }
    assertThat(Files.size(log)).as("a reader changes nothing").isEqualTo(before);
    try (Recommender recommender = Recommender.open(bundle, FAST.locked())) {
      assertThat(Files.size(log)).isLessThan(before / 50);
      assertThat(recommender.history("ann")).isEqualTo(history);
      assertThat(recommender.compact().feedback().kept()).isEqualTo(MadeShop.ITEMS);
    }
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(recommender.history("ann")).isEqualTo(history).hasSize(MadeShop.ITEMS);
    }
  }

  @Test
  void aBundleThatIsServedIsLeftAlone() {
    try (Recommender recommender = Recommender.open(bundle, FAST.locked())) {
      assertThat(recommender.knows("ann")).isFalse();
      assertThatThrownBy(() -> Compaction.of(bundle))
          .isInstanceOfSatisfying(BundleException.class, e -> assertThat(e.code()).isEqualTo("IN_USE"));
    }
    assertThat(Compaction.of(bundle).freed()).isZero();
  }

  /** What a crash left beside a log is nobody's, and goes with the person who is forgotten. */
  @Test
  void whatACrashLeftIsIgnoredAndRemoved() throws IOException {
    try (Recommender recommender = Recommender.open(bundle, FAST)) {
      recommender.feedback("ann", "item-1");
      recommender.feedback("bob", "item-2");
    }
    Path left = bundle.resolve(Bundle.FEEDBACK_LOG + ".writing");
    Files.copy(bundle.resolve(Bundle.FEEDBACK_LOG), left);
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(recommender.history("bob")).containsExactly("item-2");
      recommender.snapshot(directory.resolve("copy"));
    }
    assertThat(directory.resolve("copy").resolve(Bundle.FEEDBACK_LOG + ".writing")).doesNotExist();
    assertThat(Forgetting.of(bundle, "ann").feedback()).isEqualTo(1);
    assertThat(left).doesNotExist();
    Files.copy(bundle.resolve(Bundle.FEEDBACK_LOG), left);
    Compaction.of(bundle);
    assertThat(left).doesNotExist();
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(recommender.knows("ann")).isFalse();
      assertThat(recommender.knows("bob")).isTrue();
    }
  }

  /** Two stores get the same updates and swaps; one compacts whenever it can, and nobody can tell which. */
  @Test
  void swapsCarryTheSameFromCompactedLogs() {
    for (int run = 0; run < 3; run++) {
      List<RecommenderStore> stores = new ArrayList<>();
      List<Path> roots = List.of(directory.resolve("plain-" + run), directory.resolve("compacted-" + run));
      for (Path root : roots) {
        VersionStore made = VersionStore.init(root);
        made.install(bundle, null);
        made.install(bundle, null);
        stores.add(RecommenderStore.open(root, FAST));
      }
      SplittableRandom choices = new SplittableRandom(run);
      for (int round = 0; round < 4; round++) {
        long seed = choices.nextLong();
        for (RecommenderStore store : stores) {
          SplittableRandom random = new SplittableRandom(seed);
          IntStream.range(0, 40).forEach(i -> store.use(recommender -> {
            update(recommender, random);
            return i;
          }));
        }
        stores.get(1).use(Recommender::compact);
        Swap plain = stores.get(0).swapTo(round % 2 == 0 ? "v2" : "v1");
        Swap compacted = stores.get(1).swapTo(round % 2 == 0 ? "v2" : "v1");
        assertThat(compacted.carried()).isEqualTo(plain.carried()).isPositive();
        assertThat(stores.get(1).use(CompactionTest::answers)).isEqualTo(stores.get(0).use(CompactionTest::answers));
        stores.get(1).use(Recommender::compact);
      }
      stores.forEach(RecommenderStore::close);
      assertThat(Compaction.ofStore(roots.get(1))).containsOnlyKeys("v1", "v2");
      for (int swap = 0; swap < 2; swap++) {
        try (RecommenderStore plain = RecommenderStore.open(roots.get(0));
            RecommenderStore compacted = RecommenderStore.open(roots.get(1))) {
          assertThat(compacted.back().carried()).isEqualTo(plain.back().carried());
          assertThat(compacted.use(CompactionTest::answers)).isEqualTo(plain.use(CompactionTest::answers));
        }
      }
    }
  }

  /** An item that came and went in one version must go in the other too. */
  @Test
  void aRemovalReachesTheOtherVersionAlsoWhenItWasCompacted() {
    Path root = directory.resolve("store");
    VersionStore made = VersionStore.init(root);
    made.install(bundle, null);
    made.install(bundle, null);
    try (RecommenderStore store = RecommenderStore.open(root, FAST)) {
      store.use(recommender -> {
        put(recommender, "new", "hats");
        return root;
      });
      store.swap("v2");
      store.use(recommender -> recommender.catalog().remove("new"));
      store.use(recommender -> recommender.catalog().remove("item-4"));
      store.use(Recommender::compact);
      store.swap("v1");
      assertThat(store.<Boolean>use(recommender -> recommender.catalog().item("new") == null)).isTrue();
      assertThat(store.<Boolean>use(recommender -> recommender.catalog().item("item-4") == null)).isTrue();
    }
  }

  @Test
  void nothingIsLostWhileLogsAreCompactedVersionsSwappedAndCopiesMade() throws InterruptedException {
    Path root = directory.resolve("store");
    VersionStore made = VersionStore.init(root);
    made.install(bundle, null);
    made.install(bundle, null);
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    try (RecommenderStore store = RecommenderStore.open(root, FAST)) {
      Thread updates = Thread.ofPlatform().start(() -> {
        while (!stop.get()) {
          int i = acknowledged.get();
          store.use(recommender -> {
            recommender.feedback("user-" + i, "item-" + i % MadeShop.ITEMS);
            put(recommender, "new-" + i % 10, MadeShop.KINDS.get(i % 4));
            return i;
          });
          acknowledged.incrementAndGet();
        }
      });
      Thread compaction = Thread.ofPlatform().start(() -> {
        while (!stop.get()) {
          store.use(Recommender::compact);
        }
      });
      for (int round = 0; round < 4; round++) {
        int before = acknowledged.get();
        while (acknowledged.get() < before + 5 && updates.isAlive()) {
          Thread.onSpinWait(); // some load before every swap, however busy the machine is
        }
        before = acknowledged.get();
        Path copy = directory.resolve("copy-" + round);
        store.use(recommender -> {
          recommender.snapshot(copy);
          return copy;
        });
        try (Recommender copied = Recommender.open(copy)) {
          holdsAll(copied, before);
        }
        store.swap(round % 2 == 0 ? "v2" : "v1");
      }
      stop.set(true);
      updates.join();
      compaction.join();
    }
    assertThat(acknowledged.get()).isGreaterThanOrEqualTo(20);
    try (RecommenderStore store = RecommenderStore.open(root)) {
      store.use(recommender -> {
        holdsAll(recommender, acknowledged.get());
        return root;
      });
    }
  }

  private static void holdsAll(Recommender recommender, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(recommender.history("user-" + i)).containsExactly("item-" + i % MadeShop.ITEMS);
    }
  }
}
