package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderStore;
import io.sfumato.recommend.bundle.VersionStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store behind HTTP: versions take each other's place, and logs are compacted, while clients put, take and ask. */
class ServiceSwapTest {
  private static final int SWAPS = 2;
  private static final int BETWEEN = 15; // acknowledged updates at least

  @TempDir
  Path folder;

  private Path root = Path.of("");
  private final Queue<String> people = new ConcurrentLinkedQueue<>();
  private final Queue<String> items = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean stop = new AtomicBoolean();

  @BeforeEach
  void install() throws Exception {
    root = folder.resolve("store");
    Path bundle = Served.copy(folder);
    VersionStore store = VersionStore.init(root);
    store.install(bundle, null);
    store.install(bundle, null);
  }

  @Test
  void nothingAcknowledgedIsLostAndNobodyIsTurnedAway() throws Exception {
    try (Served served = Served.of(RecommenderStore.open(root), options -> options);
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      String taken = served.get("/v1/items?count=1").ok().json().at("/items/0/id").asText();
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < 3; client++) {
        String prefix = "client-" + client + "-";
        clients.add(pool.submit(() -> feedback(served, prefix, taken)));
      }
      clients.add(pool.submit(() -> puts(served)));
      clients.add(pool.submit(() -> questions(served, taken)));
      for (int swap = 0; swap < SWAPS; swap++) {
        await(people.size() + BETWEEN, clients);
        String next = swap % 2 == 0 ? "v2" : "v1";
        JsonNode answer = served.post("/v1/admin/swap", "{\"version\":\"%s\"}".formatted(next)).ok().json();
        assertThat(answer.path("current").asText()).isEqualTo(next);
        served.source.use(Recommender::compact);
      }
      await(people.size() + BETWEEN, clients);
      stop.set(true);
      for (Future<?> client : clients) {
        client.get();
      }
      assertThat(statuses).allMatch(status -> status < 500 || status == 503);
      assertThat(statuses.stream().filter(status -> status < 300).count()).isGreaterThan(people.size());
      for (String person : people) {
        assertThat(served.get("/v1/users/%s/history".formatted(person)).ok().json().at("/history/0/item").asText())
            .as(person)
            .isEqualTo(taken);
      }
      for (String item : items) {
        served.get("/v1/items/" + item).ok();
      }
    }
    try (RecommenderStore store = RecommenderStore.open(root)) { // and wherever one goes from here
      for (String version : List.of("v1", "v2")) {
        store.swap(version);
        store.use(recommender -> {
          assertThat(people).hasSizeGreaterThan(SWAPS * BETWEEN).allMatch(recommender::knows);
          assertThat(items).isNotEmpty().allMatch(id -> recommender.catalog().item(id) != null);
          return version;
        });
      }
    }
  }

  private void await(int acknowledged, List<Future<?>> clients) throws Exception {
    while (people.size() < acknowledged) {
      Thread.sleep(2);
      for (Future<?> client : clients) {
        if (client.isDone()) {
          client.get(); // says why
        }
      }
    }
  }

  private Void feedback(Served served, String prefix, String item) throws Exception {
    for (int i = 0; !stop.get(); i++) {
      int status = served.post("/v1/feedback", "{\"user\":\"%s\",\"item\":\"%s\"}".formatted(prefix + i, item))
          .status();
      statuses.add(status);
      if (status == 200) {
        people.add(prefix + i);
      }
    }
    return null;
  }

  private Void puts(Served served) throws Exception {
    for (int i = 0; !stop.get(); i++) {
      String id = "fresh-" + i;
      int status = served.send("PUT", "/v1/items/" + id, "{\"title\":\"Red wool hat %d\",\"text\":\"\"}".formatted(i))
          .status();
      statuses.add(status);
      if (status == 200 || status == 201) {
        items.add(id);
      }
    }
    return null;
  }

  private Void questions(Served served, String item) throws Exception {
    for (int i = 0; !stop.get(); i++) {
      String path = switch (i % 3) {
        case 0 -> "/v1/recommend?user=client-0-0&k=5";
        case 1 -> "/v1/similar?item=" + item + "&k=5";
        default -> "/v1/items?count=3";
      };
      statuses.add(served.get(path).status());
    }
    return null;
  }
}
