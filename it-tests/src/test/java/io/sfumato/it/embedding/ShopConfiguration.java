package io.sfumato.it.embedding;

import io.micrometer.core.instrument.MeterRegistry;
import io.sfumato.recommend.Durability;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderSource;
import io.sfumato.recommend.ServingOptions;
import io.sfumato.recommend.metrics.RecommenderMetrics;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A recommender as a bean: opened once, shared by all requests, closed by Spring. */
@Configuration
public class ShopConfiguration {
  /** Spring Boot's Actuator binds every MeterBinder to its registry; without it, call bindTo yourself, as here. */
  @Bean
  RecommenderMetrics recommenderMetrics(MeterRegistry registry) {
    RecommenderMetrics metrics = new RecommenderMetrics();
    metrics.bindTo(registry);
    return metrics;
  }

  /** The destroy method closes it after the last request, since the web server is stopped before beans are. */
  @Bean(destroyMethod = "close")
  Recommender recommender(@Value("${shop.bundle}") Path bundle, RecommenderMetrics metrics) {
    Recommender recommender = Recommender.open(bundle,
        ServingOptions.defaults().durability(Durability.interval(Duration.ofMillis(100))).observer(metrics).locked());
    metrics.watch(RecommenderSource.of(recommender));
    return recommender;
  }
}
