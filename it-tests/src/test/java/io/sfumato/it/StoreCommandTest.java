package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.it.embedding.EmbeddedShop;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sfumato store} and {@code sfumato compact}, from an empty directory on. */
class StoreCommandTest {
  @TempDir
  Path folder;

  private String bundle = "";
  private String store = "";

  @BeforeEach
  void write() {
    bundle = EmbeddedShop.write(folder.resolve("shop")).toString();
    store = folder.resolve("store").toString();
  }

  private static void tell(RecommenderStore store, int times) {
    store.use(recommender -> {
      for (int i = 0; i < times; i++) {
        recommender.feedback("ann", "item-1");
      }
      return times;
    });
  }

  @Test
  void versionsAreInstalledSwappedListedAndPruned() {
    assertThat(Ran.sfumato("store", "init", store).ok().out()).contains("a store of 0 versions");
    assertThat(Ran.sfumato("store", "list", store).ok().out()).contains("No version yet");
    Ran.sfumato("serve", store).failed(1, "has no version yet");
    JsonNode first = Ran.sfumato("store", "install", store, bundle, "--json").ok().json();
    assertThat(first.path("version").asText()).isEqualTo("v1");
    assertThat(first.path("serves").asBoolean()).isTrue();
    assertThat(Ran.sfumato("store", "install", store, bundle, "--name", "monday").ok().out())
        .contains("Installed as monday", "store swap");
    Ran.sfumato("store", "install", store, bundle, "--name", "monday").failed(1, "monday exists and is not empty");
    Ran.sfumato("store", "install", store, bundle, "--name", "../out").failed(1, "is no name of a version");
    try (RecommenderStore open = RecommenderStore.open(Path.of(store))) {
      tell(open, 3);
      Ran.sfumato("store", "swap", store, "monday").failed(1, "another program serves from the store");
    }
    JsonNode swapped = Ran.sfumato("store", "swap", store, "monday", "--json").ok().json();
    assertThat(swapped.path("from").asText()).isEqualTo("v1");
    assertThat(swapped.path("to").asText()).isEqualTo("monday");
    assertThat(swapped.path("carried").asInt()).isEqualTo(1);
    assertThat(Ran.sfumato("store", "list", store).ok().out()).contains("monday  serves\n", "v1  served before\n");
    assertThat(Ran.sfumato("store", "swap", store).ok().out()).contains("v1 serves in place of monday; 0 updates");
    Ran.sfumato("store", "swap", store, "tuesday").failed(1, "has no version 'tuesday'");
    Ran.sfumato("store", "install", store, bundle, "--name", "unused").ok();
    JsonNode list = Ran.sfumato("store", "list", store, "--prune", "1", "--json").ok().json();
    assertThat(list.path("current").asText()).isEqualTo("v1");
    assertThat(list.path("previous").asText()).isEqualTo("monday");
    assertThat(list.path("removed").size()).isEqualTo(1);
    assertThat(list.path("versions").size()).isEqualTo(2);
    try (RecommenderStore open = RecommenderStore.open(Path.of(store))) {
      assertThat(open.<List<String>>use(recommender -> recommender.history("ann"))).containsExactly("item-1");
    }
    Ran.sfumato("store", "list", bundle).failed(1, "is no store of versions");
    assertThat(Ran.sfumato("store").code()).isEqualTo(2);
  }

  @Test
  void logsAreCompactedOfABundleAndOfEveryVersion() {
    JsonNode nothing = Ran.sfumato("compact", bundle, "--json").ok().json();
    assertThat(nothing.at("/feedback/records").asInt()).isZero();
    try (Recommender recommender = Recommender.open(Path.of(bundle))) {
      for (int i = 0; i < 5; i++) {
        recommender.feedback("ann", "item-" + i % 2);
      }
      Ran.sfumato("compact", bundle).failed(1, "only one may change a bundle at a time");
    }
    assertThat(Ran.sfumato("compact", bundle).ok().out()).contains("feedback: 2 of 5 records kept",
        "catalogue: 0 of 0");
    JsonNode again = Ran.sfumato("compact", bundle, "--json").ok().json();
    assertThat(again.at("/feedback/records").asInt()).isEqualTo(2);
    assertThat(again.at("/feedback/bytes_after").asLong()).isEqualTo(again.at("/feedback/bytes_before").asLong());
    try (Recommender recommender = Recommender.open(Path.of(bundle))) {
      assertThat(recommender.history("ann")).containsExactly("item-1", "item-0");
    }

    Ran.sfumato("store", "init", store).ok();
    assertThat(Ran.sfumato("compact", store).ok().out()).contains("No version yet");
    Ran.sfumato("store", "install", store, bundle).ok();
    Ran.sfumato("store", "install", store, bundle).ok();
    try (RecommenderStore open = RecommenderStore.open(Path.of(store))) {
      tell(open, 4);
      Ran.sfumato("compact", store).failed(1, "another program serves from the store");
    }
    JsonNode versions = Ran.sfumato("compact", store, "--json").ok().json().path("versions");
    assertThat(versions.at("/v1/feedback/records").asInt()).isEqualTo(6);
    assertThat(versions.at("/v1/feedback/kept").asInt()).isEqualTo(2);
    assertThat(versions.at("/v2/feedback/records").asInt()).isEqualTo(2);
    assertThat(Ran.sfumato("compact", store).ok().out()).contains("v1 feedback: 2 of 2 records kept", "v2 catalogue");
    Ran.sfumato("compact", folder.resolve("none").toString()).failed(1, "there is no bundle at");
  }
}
