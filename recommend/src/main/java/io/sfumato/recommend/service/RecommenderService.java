package io.sfumato.recommend.service;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.micrometer.core.instrument.Gauge;
import io.sfumato.recommend.RecommenderSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recommender over HTTP: JSON below {@code /v1}, described by {@code /openapi.json}, a page at {@code /}, {@code /health}, {@code /ready} and {@code /metrics}.
 *
 * <pre>{@code
 * RecommenderSource source = RecommenderSource.of(Recommender.open(Path.of("shop")));
 * try (source; RecommenderService service = RecommenderService.start(source, ServiceOptions.local(8080))) {
 *   System.out.println("listening on " + service.address());
 *   …
 * }
 * }</pre>
 *
 * <p>Thread-safe. Whoever starts it closes it, and the source after it: {@link #close} lets running requests end first.
 */
public final class RecommenderService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecommenderService.class);

  private final ServiceOptions options;
  private final InetAddress bound;
  private final Connections connections;
  private final WorkPool pool;
  private final WebServer server;
  private volatile boolean ending;

  private RecommenderService(RecommenderSource source, ServiceOptions options) {
    this.options = options;
    this.bound = options.address();
    this.connections = new Connections(options.limits());
    this.pool = new WorkPool(options.limits(), options.metrics());
    Gauge.builder("sfumato.service.connections", connections, Connections::count)
        .description("Connections that are open")
        .register(options.metrics());
    Front front = new Front(new Gate(options, bound), connections, pool, options.limits(),
        new RequestNotes(options.metrics(), options.accessLog()), new Calls(source, options, () -> !ending));
    this.server = WebServer.builder()
        .bindAddress(new InetSocketAddress(bound, options.port()))
        .protocolsDiscoverServices(false)
        .addConnectionSelector(connections)
        .maxTcpConnections(options.limits().connections())
        .shutdownHook(false)
        .shutdownGracePeriod(Duration.ofSeconds(2))
        .directHandlers(unreadable())
        .routing(HttpRouting.builder().any(front))
        .build();
  }

  /**
   * Starts to serve.
   *
   * @param source asked by every request; closed by whoever made it, after this
   * @throws ServiceException {@code ADDRESS} where the address cannot be bound, {@code UNPROTECTED} where other machines could ask without a token
   */
  public static RecommenderService start(RecommenderSource source, ServiceOptions options) {
    RecommenderService service = new RecommenderService(source, options);
    try {
      service.server.start();
    } catch (RuntimeException e) {
      service.connections.close();
      throw new ServiceException("ADDRESS", "cannot listen on %s:%d: %s; take another --port, or stop what has it"
          .formatted(options.host(), options.port(), cause(e)), e);
    }
    return service;
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Where it can be reached, such as {@code http://127.0.0.1:8080/}. */
  public URI address() {
    String host = bound.getHostAddress();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/");
  }

  /** From now on {@code /ready} says 503, so that a load balancer sends no more; everything else goes on. */
  public void drain() {
    ending = true;
  }

  /**
   * Takes no more requests and lets those that run end, for {@link ServiceLimits#grace} at most. What was acknowledged is as durable as the recommender was opened for; closing the source forces the rest. Idempotent.
   */
  @Override
  public void close() {
    drain();
    try {
      if (!pool.end(options.limits().grace())) {
        LOG.warn("some requests did not end within {}", options.limits().grace());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop();
    connections.close();
  }

  private static String cause(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /** Answers what is no request, and so never reached the front. */
  private static DirectHandlers unreadable() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, (request, event, status, headers, message) -> {
        boolean large = status.code() == 413;
        // The front catches whatever the service itself does wrong, so that this is always the request.
        Problem problem = large ? new Problem(413, "TOO_LARGE", "the request is too large")
            : new Problem(400, "MALFORMED_REQUEST", "this is no HTTP/1.1 request");
        return DirectHandler.TransportResponse.builder()
            .status(Status.create(problem.status()))
            .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
            .header(HeaderNames.create("X-Content-Type-Options"), "nosniff")
            .header(HeaderNames.CACHE_CONTROL, "no-store")
            .keepAlive(false)
            .entity(problem.answer("none").body())
            .build();
      });
    }
    return handlers.build();
  }
}
