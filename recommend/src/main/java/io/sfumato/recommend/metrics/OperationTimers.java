package io.sfumato.recommend.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sfumato.datasets.DataException;
import io.sfumato.fusion.FusionException;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.RequestObserver.Operation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A timer for each operation and each way of ending, all registered at once, so that nothing is looked up while requests run. Thread-safe. */
final class OperationTimers {
  /** How an operation ended. */
  private enum Outcome {
    SUCCESS, REJECTED, ERROR;

    /** What was asked for was at fault, or the recommender was. */
    static Outcome of(@Nullable Throwable failure) {
      if (failure == null) {
        return SUCCESS;
      }
      boolean askers = (failure instanceof RecommendException known && !known.code().equals("CLOSED"))
          || failure instanceof IllegalArgumentException || failure instanceof DataException
          || failure instanceof FusionException;
      return askers ? REJECTED : ERROR;
    }
  }

  private final Map<Operation, Map<Outcome, Timer>> timers = new EnumMap<>(Operation.class);

  OperationTimers(MeterRegistry registry) {
    for (Operation operation : Operation.values()) {
      Map<Outcome, Timer> endings = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        endings.put(outcome, timer(registry, operation, outcome));
      }
      timers.put(operation, endings);
    }
  }

  private static Timer timer(MeterRegistry registry, Operation operation, Outcome outcome) {
    return Timer.builder(RecommenderMetrics.REQUESTS)
        .description("Operations of the recommender")
        .tag("operation", operation.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5),
            Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100),
            Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(10))
        .register(registry);
  }

  void record(Operation operation, long nanos, @Nullable Throwable failure) {
    Timer timer = timers.getOrDefault(operation, Map.of()).get(Outcome.of(failure));
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
