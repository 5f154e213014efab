package io.sfumato.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sfumato.datasets.Item;
import io.sfumato.recommend.metrics.RecommenderMetrics;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the meters say after known requests. */
class RecommenderMetricsTest {
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
  void countsEachOperationByHowItEnded() {
    MeterRegistry registry = new SimpleMeterRegistry();
    RecommenderMetrics metrics = new RecommenderMetrics();
    metrics.bindTo(registry);
    try (Recommender recommender = Recommender.open(bundle, ServingOptions.defaults().observer(metrics))) {
      recommender.recommend(Request.forUser("u-1"));
      recommender.recommend(Request.forUser("u-2"));
      recommender.similar("item-1");
      recommender.feedback("u-1", "item-9");
      recommender.search(SearchRequest.of("shoes").matchWordsOnly());
      recommender.catalog().remove("item-3");
      Item item = new Item("item-new", "New shoes", "", Map.of(), null);
      recommender.catalog().put(item, shop.encode(item));
      assertThatThrownBy(() -> recommender.similar("nothing")).isInstanceOf(RecommendException.class);
    }
    assertThat(count(registry, "recommend", "success")).isEqualTo(2);
    assertThat(count(registry, "similar", "success")).isEqualTo(1);
    assertThat(count(registry, "similar", "rejected")).isEqualTo(1);
    assertThat(count(registry, "feedback", "success")).isEqualTo(1);
    assertThat(count(registry, "search", "success")).isEqualTo(1);
    assertThat(count(registry, "remove", "success")).isEqualTo(1);
    assertThat(count(registry, "put", "success")).isEqualTo(1);
    assertThat(count(registry, "recommend", "error")).isZero();
  }

  @Test
  void tellsTheAskersMistakesFromItsOwn() {
    MeterRegistry registry = new SimpleMeterRegistry();
    RecommenderMetrics metrics = new RecommenderMetrics();
    metrics.bindTo(registry);
    metrics.ended(RequestObserver.Operation.RECOMMEND, 5, new IllegalArgumentException("k"));
    metrics.ended(RequestObserver.Operation.RECOMMEND, 5, new RecommendException("UNKNOWN_ITEM", "no"));
    metrics.ended(RequestObserver.Operation.RECOMMEND, 5, new RecommendException("CLOSED", "no"));
    metrics.ended(RequestObserver.Operation.RECOMMEND, 5, new IllegalStateException("broken"));
    assertThat(count(registry, "recommend", "rejected")).isEqualTo(2);
    assertThat(count(registry, "recommend", "error")).isEqualTo(2);
  }

  @Test
  void showsWhatTheRecommenderHolds() {
    MeterRegistry registry = new SimpleMeterRegistry();
    RecommenderMetrics metrics = new RecommenderMetrics();
    metrics.bindTo(registry);
    assertThat(gauge(registry, RecommenderMetrics.ITEMS)).isNaN();
    try (Recommender recommender = Recommender.open(bundle)) {
      Item item = new Item("item-new", "New shoes", "", Map.of(), null);
      recommender.catalog().put(item, shop.encode(item));
      recommender.catalog().remove("item-3");
      recommender.catalog().remove("item-4");
      recommender.feedback("u-1", "item-9");
      metrics.watch(RecommenderSource.of(recommender));
      assertThat(gauge(registry, RecommenderMetrics.ITEMS)).isEqualTo(MadeShop.ITEMS - 1);
      assertThat(gauge(registry, RecommenderMetrics.CHANGED)).isEqualTo(1);
      assertThat(registry.get(RecommenderMetrics.LOG).tag("log", "feedback").gauge().value()).isPositive();
      assertThat(registry.get(RecommenderMetrics.LOG).tag("log", "catalog").gauge().value()).isPositive();
      assertThat(registry.get(RecommenderMetrics.INDEX).tag("part", "vectors").gauge().value())
          .isEqualTo(Float.BYTES * MadeShop.ITEMS * MadeShop.DIMENSION);
      assertThat(registry.get(RecommenderMetrics.SEGMENTS).tag("kind", "bundle").gauge().value()).isPositive();
    }
  }

  @Test
  void isReadByPrometheusUnderTheNamesThatAreDocumented() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RecommenderMetrics metrics = new RecommenderMetrics();
    metrics.bindTo(registry);
    try (Recommender recommender = Recommender.open(bundle, ServingOptions.defaults().observer(metrics))) {
      metrics.watch(RecommenderSource.of(recommender));
      recommender.recommend(Request.forUser("u-1"));
      assertThat(registry.scrape())
          .contains("sfumato_requests_seconds_count{operation=\"recommend\",outcome=\"success\"} 1")
          .contains("sfumato_requests_seconds_bucket{operation=\"recommend\",outcome=\"success\",le=\"0.01\"}")
          .contains("sfumato_items 120.0", "sfumato_items_changed 0.0", "sfumato_native_arrays ")
          .contains("sfumato_log_size_bytes{log=\"feedback\"} 0.0")
          .contains("sfumato_index_size_bytes{part=\"graph\"}", "sfumato_index_segments{kind=\"live\"}");
    }
  }

  private static long count(MeterRegistry registry, String operation, String outcome) {
    return registry.get(RecommenderMetrics.REQUESTS)
        .tag("operation", operation)
        .tag("outcome", outcome)
        .timer()
        .count();
  }

  private static double gauge(MeterRegistry registry, String name) {
    return registry.get(name).gauge().value();
  }
}
