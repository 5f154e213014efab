package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sfumato.recommend.bundle.BundleException;
import io.sfumato.recommend.crash.CrashFileSystem;
import io.sfumato.recommend.crash.RecordedDisk;
import io.sfumato.recommend.crash.RecordedDisk.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that refuses to force: nobody knows what it kept, so that nothing more may be acknowledged. */
class BrokenDiskTest {
  @TempDir
  Path directory;

  private final MadeShop shop = MadeShop.create();
  private RecordedDisk disk;
  private Path bundle;
  private int seen;

  @BeforeEach
  void write() throws IOException {
    Path live = Files.createDirectory(directory.resolve("live"));
    shop.write(live.resolve("shop"));
    disk = new RecordedDisk(live);
    bundle = new CrashFileSystem(disk).of(live.resolve("shop"));
  }

  private static void refused(ThrowingCallable update, String why) {
    assertThatThrownBy(update).hasMessageContaining(why)
        .isInstanceOfSatisfying(BundleException.class, e -> assertThat(e.code()).isEqualTo("IO"));
  }

  @Test
  void afterAForceThatFailedNoUpdateIsTakenUntilTheBundleIsOpenedAgain() throws IOException {
    try (Recommender recommender = Recommender.open(bundle, ServingOptions.defaults().locked())) {
      recommender.feedback("ann", "item-1");
      disk.refuse(Refusal.FILES);
      refused(() -> recommender.feedback("ann", "item-2"), "cannot force to disk");
      disk.refuse(Refusal.NOTHING);
      refused(() -> recommender.feedback("ann", "item-3"), "takes no updates any more");
      refused(recommender::compact, "takes no updates any more");
      assertThat(recommender.recommend(Request.forUser("ann").k(5))).hasSize(5);
    }
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(recommender.history("ann")).startsWith("item-1").doesNotContain("item-3");
      recommender.feedback("ann", "item-4");
      assertThat(recommender.history("ann")).endsWith("item-4");
    }
    crashed("ann", "item-1", "item-4");
  }

  @Test
  void aCompactionThatCannotBeForcedLeavesTheLogsAsTheyWereAndUpdatesGoOn() throws IOException {
    try (Recommender recommender = Recommender.open(bundle)) {
      recommender.feedback("ann", "item-1");
      recommender.feedback("ann", "item-1");
      disk.refuse(Refusal.FILES);
      refused(recommender::compact, "cannot compact");
      disk.refuse(Refusal.NOTHING);
      recommender.feedback("ann", "item-2");
      assertThat(recommender.compact().feedback().kept()).isEqualTo(2);
    }
    crashed("ann", "item-1", "item-2");
  }

  /** Which of the two files a crash would leave is not known then: the old one would lack what came later. */
  @Test
  void aCompactionWhoseRenameCannotBeForcedEndsTheLog() throws IOException {
    try (Recommender recommender = Recommender.open(bundle)) {
      recommender.feedback("ann", "item-1");
      recommender.feedback("ann", "item-1");
      disk.refuse(Refusal.DIRECTORIES);
      refused(recommender::compact, "cannot compact");
      disk.refuse(Refusal.NOTHING);
      refused(() -> recommender.feedback("ann", "item-2"), "takes no updates any more");
      crashed("ann", "item-1");
    }
    try (Recommender recommender = Recommender.open(bundle)) {
      recommender.feedback("ann", "item-2");
    }
    crashed("ann", "item-1", "item-2");
  }

  /** Whatever a disk that stops now may keep, these are there. */
  private void crashed(String user, String... items) throws IOException {
    disk.advance(seen, disk.size(), new ArrayList<>());
    seen = disk.size();
    for (int seed = 0; seed < 8; seed++) {
      Path after = directory.resolve("after-" + seen + "-" + seed);
      disk.crash(after, new SplittableRandom(seed));
      try (Recommender recommender = Recommender.open(after.resolve("shop"))) {
        assertThat(recommender.history(user)).contains(items);
      }
    }
  }
}
