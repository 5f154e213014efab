package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.multibindings.OptionalBinder;
import io.sfumato.datasets.Item;
import io.sfumato.fusion.ItemVectors;
import io.sfumato.recommend.RequestObserver.Operation;
import io.sfumato.recommend.bundle.Bundle;
import io.sfumato.recommend.retrieval.CandidateRetriever;
import io.sfumato.recommend.retrieval.ItemIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recommender wired by Guice, with the defaults and with each binding in the place of one. */
class RecommendModuleTest {
  private final MadeShop shop = MadeShop.create();

  @TempDir
  Path work;

  private Path bundle;

  @BeforeEach
  void write() {
    bundle = work.resolve("shop");
    shop.write(bundle);
  }

  @Test
  void answersAsOneThatWasOpenedPlainly() {
    Injector injector = Guice.createInjector(new RecommendModule(bundle));
    Request request = Request.forUser("u-1").k(5);
    try (Recommender wired = injector.getInstance(Recommender.class); Recommender plain = Recommender.open(bundle)) {
      assertThat(wired.recommend(request)).isEqualTo(plain.recommend(request)).hasSize(5);
      assertThat(injector.getInstance(Recommender.class)).isSameAs(wired);
      assertThat(injector.getInstance(ItemIndex.class).size()).isEqualTo(MadeShop.ITEMS);
      assertThat(injector.getInstance(Bundle.class).directory()).isEqualTo(bundle.toAbsolutePath());
      assertThat(wired.options()).isEqualTo(ServingOptions.defaults());
    }
  }

  @Test
  void takesAnotherRetriever() {
    CandidateRetriever two = request -> new int[]{3, 8};
    try (Recommender recommender = with(CandidateRetriever.class, two)) {
      assertThat(recommender.recommend(Request.forUser("u-1"))).extracting(Recommendation::item)
          .containsExactlyInAnyOrder("item-3", "item-8");
    }
  }

  @Test
  void takesAnotherEncoder() {
    List<String> closed = new ArrayList<>();
    ContentEncoder encoder = new ContentEncoder() {
      @Override
      public ItemVectors encode(Item item) {
        return shop.encode(item);
      }

      @Override
      public void close() {
        closed.add("closed");
      }
    };
    try (Recommender recommender = with(ContentEncoder.class, encoder)) {
      recommender.catalog().put(new Item("item-new", "New hats", "", Map.of("category", "hats"), null));
      assertThat(recommender.similar("item-new", 3)).hasSize(3);
    }
    assertThat(closed).containsExactly("closed");
  }

  @Test
  void takesAnotherDurability() {
    Durability interval = Durability.interval(Duration.ofMillis(50));
    try (Recommender recommender = with(Durability.class, interval)) {
      assertThat(recommender.options()).isEqualTo(ServingOptions.defaults().durability(interval));
    }
  }

  @Test
  void takesAnObserver() {
    List<Operation> seen = new ArrayList<>();
    RequestObserver observer = (operation, nanos, failure) -> seen.add(operation);
    try (Recommender recommender = with(RequestObserver.class, observer)) {
      recommender.recommend(Request.forUser("u-1"));
      recommender.feedback("u-1", "item-2");
    }
    assertThat(seen).containsExactly(Operation.RECOMMEND, Operation.FEEDBACK);
  }

  @Test
  void takesOptionsInThePlaceOfBoth() {
    ServingOptions options = ServingOptions.defaults().durability(Durability.interval(Duration.ofSeconds(1)));
    try (Recommender recommender = with(ServingOptions.class, options)) {
      assertThat(recommender.options()).isSameAs(options);
    }
  }

  private <T> Recommender with(Class<T> type, T instance) {
    Module other = new AbstractModule() {
      @Override
      protected void configure() {
        OptionalBinder.newOptionalBinder(binder(), type).setBinding().toInstance(instance);
      }
    };
    return Guice.createInjector(new RecommendModule(bundle), other).getInstance(Recommender.class);
  }
}
