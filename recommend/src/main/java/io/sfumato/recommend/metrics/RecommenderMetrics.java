package io.sfumato.recommend.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sfumato.encoders.runtime.TensorRuntime;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderSource;
import io.sfumato.recommend.RequestObserver;
import io.sfumato.recommend.ServingFacts;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters of a recommender: how long each operation takes and how it ends, and how much the recommender holds.
 *
 * <pre>{@code
 * RecommenderMetrics metrics = new RecommenderMetrics();
 * Recommender recommender = Recommender.open(path, ServingOptions.defaults().observer(metrics));
 * metrics.watch(RecommenderSource.of(recommender));
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>{@value #REQUESTS}</td><td>timer with a histogram</td><td>tags {@code operation} (recommend, search, similar, feedback, put, remove) and {@code outcome}: success, rejected (what was asked for was at fault), error</td></tr>
 * <tr><td>{@value #ITEMS}</td><td>gauge</td><td>items that can be recommended</td></tr>
 * <tr><td>{@value #CHANGED}</td><td>gauge</td><td>items put since training</td></tr>
 * <tr><td>{@value #LOG}</td><td>gauge, bytes</td><td>tag {@code log}: feedback, catalog</td></tr>
 * <tr><td>{@value #ARRAYS}</td><td>gauge</td><td>native arrays that models hold; 0 until the tensor engine starts</td></tr>
 * </table>
 *
 * <p>No tag says who asked or for what: the number of time series is fixed. Gauges are not a number (absent from Prometheus' page) before {@link #watch} and after the source is closed.
 *
 * <p>Thread-safe. May be bound to several registries; holds no resources of its own, but keeps its source reachable.
 */
public final class RecommenderMetrics implements MeterBinder, RequestObserver {
  /** Timer of operations. */
  public static final String REQUESTS = "sfumato.requests";

  /** Items that can be recommended. */
  public static final String ITEMS = "sfumato.items";

  /** Items put since training. */
  public static final String CHANGED = "sfumato.items.changed";

  /** Sizes of the logs of updates. */
  public static final String LOG = "sfumato.log.size";

  /** Native arrays that models hold. */
  public static final String ARRAYS = "sfumato.native.arrays";

  private final List<OperationTimers> bound = new CopyOnWriteArrayList<>();
  private volatile @Nullable RecommenderSource source;

  /** What the gauges tell of from now on; of a source of versions always the one that serves. */
  public RecommenderMetrics watch(RecommenderSource serving) {
    source = Objects.requireNonNull(serving, "source");
    return this;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(new OperationTimers(registry));
    gauge(registry, ITEMS, "Items that can be recommended", null, ServingFacts::items);
    gauge(registry, CHANGED, "Items put since training", null, ServingFacts::changedItems);
    gauge(registry, LOG, "Size of a log of updates", "feedback", ServingFacts::feedbackLogBytes);
    gauge(registry, LOG, "Size of a log of updates", "catalog", ServingFacts::catalogLogBytes);
    Gauge.builder(ARRAYS, TensorRuntime::arraysHeld)
        .description("Native arrays that models hold")
        .register(registry);
  }

  private void gauge(MeterRegistry registry, String name, String description, @Nullable String log,
      ToDoubleFunction<ServingFacts> figure) {
    Gauge.Builder<RecommenderMetrics> gauge = Gauge.builder(name, this, metrics -> metrics.figure(figure))
        .description(description)
        .strongReference(true);
    if (log != null) {
      gauge.tag("log", log).baseUnit("bytes");
    }
    gauge.register(registry);
  }

  private double figure(ToDoubleFunction<ServingFacts> figure) {
    RecommenderSource serving = source;
    if (serving == null) {
      return Double.NaN;
    }
    try {
      return figure.applyAsDouble(serving.use(Recommender::facts));
    } catch (RecommendException e) { // closed
      return Double.NaN;
    }
  }

  @Override
  public void ended(Operation operation, long nanos, @Nullable Throwable failure) {
    for (OperationTimers timers : bound) {
      timers.record(operation, nanos, failure);
    }
  }
}
