package io.sfumato.recommend.service;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Keeps of each request what may be kept: when, which route, what became of it and how long it took. Neither who asked nor what: no address, no id, no words, no path as it came. */
final class RequestNotes {
  private static final Duration[] BUCKETS = IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000)
      .mapToObj(Duration::ofMillis)
      .toArray(Duration[]::new);

  private final PrometheusMeterRegistry metrics;
  private final Consumer<String> log;

  RequestNotes(PrometheusMeterRegistry metrics, Consumer<String> log) {
    this.metrics = metrics;
    this.log = log;
  }

  /** @param route null where the path is none of the service's */
  void ended(String id, @Nullable Route route, int status, long nanos, int bytes) {
    // a route's own method: there are endless others, and each would be a new time series
    String known = route == null ? "OTHER" : route.method();
    String template = route == null ? "NONE" : route.template();
    Timer.builder("http.server.requests")
        .description("Requests over HTTP")
        .tags("method", known, "uri", template, "status", String.valueOf(status), "outcome", outcome(status))
        .serviceLevelObjectives(BUCKETS)
        .register(metrics)
        .record(Duration.ofNanos(nanos));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("request_id", id);
    line.put("method", known);
    line.put("route", template);
    line.put("status", status);
    line.put("ms", Math.round(nanos / 1e4) / 100.0);
    line.put("bytes", bytes);
    String text = Json.line(line);
    synchronized (this) {
      log.accept(text);
    }
  }

  private static String outcome(int status) {
    return switch (status / 100) {
      case 2 -> "SUCCESS";
      case 3 -> "REDIRECTION";
      case 4 -> "CLIENT_ERROR";
      default -> "SERVER_ERROR";
    };
  }
}
