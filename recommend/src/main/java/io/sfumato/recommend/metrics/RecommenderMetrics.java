package io.sfumato.recommend.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
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
 * <tr><td>{@value #INDEX}</td><td>gauge, bytes</td><td>tag {@code part}: vectors, compressed and graph are memory-mapped, live and lookup on the heap</td></tr>
 * <tr><td>{@value #SEGMENTS}</td><td>gauge</td><td>tag {@code kind}: bundle, live</td></tr>
 * <tr><td>{@value #ARRAYS}</td><td>gauge</td><td>native arrays that models hold; 0 until the tensor engine starts</td></tr>
 * </table>
 *
 * <p>Gauges are at most half a second old. No tag says who asked or for what: the number of time series is fixed. Gauges are not a number (absent from Prometheus' page) before {@link #watch} and after the source is closed.
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

  /** What the index needs. */
  public static final String INDEX = "sfumato.index.size";

  /** Segments of the index. */
  public static final String SEGMENTS = "sfumato.index.segments";

  /** Native arrays that models hold. */
  public static final String ARRAYS = "sfumato.native.arrays";

  private static final long FRESH_NANOS = 500_000_000;

  private final List<OperationTimers> bound = new CopyOnWriteArrayList<>();
  private volatile @Nullable RecommenderSource source;
  private @Nullable ServingFacts latest;
  private long asked;

  /** What the gauges tell of from now on; of a source of versions always the one that serves. */
  public synchronized RecommenderMetrics watch(RecommenderSource serving) {
    source = Objects.requireNonNull(serving, "source");
    asked = 0;
    return this;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(new OperationTimers(registry));
    Tags none = Tags.empty();
    gauge(registry, ITEMS, "Items that can be recommended", none, ServingFacts::items);
    gauge(registry, CHANGED, "Items put since training", none, ServingFacts::changedItems);
    String log = "Size of a log of updates";
    bytes(registry, LOG, log, Tags.of("log", "feedback"), ServingFacts::feedbackLogBytes);
    bytes(registry, LOG, log, Tags.of("log", "catalog"), ServingFacts::catalogLogBytes);
    String index = "What the index needs, by part";
    bytes(registry, INDEX, index, Tags.of("part", "vectors"), facts -> facts.index().vectors());
    bytes(registry, INDEX, index, Tags.of("part", "compressed"), facts -> facts.index().compressed());
    bytes(registry, INDEX, index, Tags.of("part", "graph"), facts -> facts.index().graph());
    bytes(registry, INDEX, index, Tags.of("part", "live"), facts -> facts.index().live());
    bytes(registry, INDEX, index, Tags.of("part", "lookup"), facts -> facts.index().lookup());
    String segments = "Segments of the index";
    gauge(registry, SEGMENTS, segments, Tags.of("kind", "bundle"), facts -> facts.index().segments());
    gauge(registry, SEGMENTS, segments, Tags.of("kind", "live"), facts -> facts.index().liveSegments());
    Gauge.builder(ARRAYS, TensorRuntime::arraysHeld)
        .description("Native arrays that models hold")
        .register(registry);
  }

  private void bytes(MeterRegistry registry, String name, String description, Tags tags,
      ToDoubleFunction<ServingFacts> figure) {
    builder(name, description, tags, figure).baseUnit(BaseUnits.BYTES).register(registry);
  }

  private void gauge(MeterRegistry registry, String name, String description, Tags tags,
      ToDoubleFunction<ServingFacts> figure) {
    builder(name, description, tags, figure).register(registry);
  }

  private Gauge.Builder<RecommenderMetrics> builder(String name, String description, Tags tags,
      ToDoubleFunction<ServingFacts> figure) {
    return Gauge.builder(name, this, metrics -> metrics.figure(figure))
        .description(description)
        .tags(tags)
        .strongReference(true);
  }

  private double figure(ToDoubleFunction<ServingFacts> figure) {
    ServingFacts facts = facts();
    return facts == null ? Double.NaN : figure.applyAsDouble(facts);
  }

  /** What one look at the page wants of each gauge is asked once. */
  private synchronized @Nullable ServingFacts facts() {
    RecommenderSource serving = source;
    long now = System.nanoTime();
    if (serving != null && (asked == 0 || now - asked > FRESH_NANOS)) {
      try {
        latest = serving.use(Recommender::facts);
      } catch (RecommendException e) { // closed
        latest = null;
      }
      asked = now == 0 ? 1 : now;
    }
    return latest;
  }

  @Override
  public void ended(Operation operation, long nanos, @Nullable Throwable failure) {
    for (OperationTimers timers : bound) {
      timers.record(operation, nanos, failure);
    }
  }
}
