package io.sfumato.it.embedding;

import io.micrometer.core.instrument.MeterRegistry;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderSource;
import io.sfumato.recommend.ServingOptions;
import io.sfumato.recommend.metrics.RecommenderMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** A recommender for CDI, and so for Quarkus: opened when it is first wanted, closed when the application stops. */
@ApplicationScoped
public class ShopProducer {
  private final RecommenderSettings settings;
  private final MeterRegistry registry;

  @Inject
  ShopProducer(@Named("shop") RecommenderSettings settings, MeterRegistry registry) {
    this.settings = settings;
    this.registry = registry;
  }

  /** Singleton and not ApplicationScoped: a final class has no client proxy. */
  @Produces
  @Singleton
  Recommender recommender() {
    RecommenderMetrics metrics = new RecommenderMetrics();
    metrics.bindTo(registry);
    Recommender recommender = Recommender.open(settings.bundle(), ServingOptions.defaults().observer(metrics).locked());
    metrics.watch(RecommenderSource.of(recommender));
    return recommender;
  }

  void close(@Disposes Recommender recommender) {
    recommender.close();
  }
}
