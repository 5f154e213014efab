package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.bundle.BundleWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds what is on disk after a crash of a {@link CrashWorkload} against what the world was told before it. */
final class CrashCheck {
  private final Set<String> feedback = new LinkedHashSet<>();
  /** True where an item must be there, false where it must not, null where both are right. */
  private final Map<String, Boolean> items = new HashMap<>();
  private final Map<String, List<Set<String>>> snapshots = new HashMap<>();
  private final Set<String> versions = new LinkedHashSet<>();
  private String current = "";
  private boolean swapping;
  private int written;

  /** The next line. */
  void told(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "F" -> feedback.add(words[1] + " " + words[2]);
      case "q" -> items.compute(words[1], (id, there) -> Boolean.TRUE.equals(there) ? there : null);
      case "P" -> items.put(words[1], true);
      case "r" -> items.put(words[1], null);
      case "R" -> items.put(words[1], false);
      case "s" -> snapshots.put(words[1] + "?", List.of(new LinkedHashSet<>(feedback)));
      case "S" -> snapshots.put(words[1], snapshots.get(words[1] + "?"));
      case "v" -> swapping = true;
      case "V" -> {
        swapping = false;
        current = words[1];
      }
      case "I" -> versions.add(words[1]);
      case "p" -> versions.clear();
      case "T" -> written = Integer.parseInt(words[1]);
      default -> {
        // "begin", and what has begun alone
      }
    }
  }

  /** The same, to check one crash of several with: a check goes on with what it finds. */
  CrashCheck copy() {
    CrashCheck copy = new CrashCheck();
    copy.feedback.addAll(feedback);
    copy.items.putAll(items);
    copy.snapshots.putAll(snapshots);
    copy.versions.addAll(versions);
    copy.current = current;
    copy.swapping = swapping;
    copy.written = written;
    return copy;
  }

  /** How many updates were acknowledged. */
  int acknowledged() {
    return feedback.size() + items.size();
  }

  /** Opens everything, looks for everything, and goes on, with a name that was not used before. */
  void check(Path root, String fresh) {
    try (RecommenderStore store = RecommenderStore.open(root.resolve("store"))) {
      if (!swapping && !current.isEmpty()) {
        assertThat(store.current()).isEqualTo(current);
      }
      assertThat(store.versions()).containsAll(versions);
      store.use(recommender -> {
        holds(recommender, feedback);
        items.forEach((id, there) -> {
          if (there != null) {
            assertThat(recommender.catalog().item(id) != null).as("item %s is there", id).isEqualTo(there);
          }
        });
        return root;
      });
      goOn(store, root, fresh);
    }
    snapshots.forEach((name, acknowledged) -> {
      if (!name.endsWith("?")) {
        try (Recommender copy = Recommender.open(root.resolve(name))) {
          acknowledged.forEach(taken -> holds(copy, taken));
        }
      }
    });
    assertThat(Bundle.open(root.resolve("trained")).provenance().seed()).isGreaterThanOrEqualTo(written);
    BundleWriter.create(root.resolve("trained")).close();
  }

  /** Nothing is in the way of updates, compaction, a copy and a swap. */
  private void goOn(RecommenderStore store, Path root, String fresh) {
    store.use(recommender -> {
      recommender.feedback("after-" + fresh, "item-1");
      recommender.compact();
      recommender.snapshot(root.resolve("after-" + fresh));
      return root;
    });
    feedback.add("after-" + fresh + " item-1");
    String other = store.versions().get(0);
    store.swap(other);
    current = other;
    swapping = false;
    store.use(recommender -> {
      holds(recommender, feedback);
      return root;
    });
  }

  private static void holds(Recommender recommender, Set<String> feedback) {
    for (String taken : feedback) {
      String[] words = taken.split(" ", -1);
      assertThat(recommender.history(words[0])).as("history of %s", words[0]).contains(words[1]);
    }
  }

  /** Forgets the copies, which may be removed now. */
  Set<String> removeSnapshots() {
    Set<String> names = new LinkedHashSet<>();
    snapshots.keySet().forEach(name -> names.add(name.replace("?", "")));
    snapshots.clear();
    return names;
  }
}
