package io.sfumato.recommend.service;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes every request, in this order: route, gate, body, work, answer, and notes what became of it. Whatever goes wrong becomes a {@link Problem}. */
final class Front implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);
  private static final int CHUNK = 8 << 10;
  private static final long MOST_DISCARDED = 32 << 20;
  private static final List<Map.Entry<String, String>> HEADERS = List.of(
      Map.entry("X-Content-Type-Options", "nosniff"), Map.entry("Referrer-Policy", "no-referrer"),
      Map.entry("X-Frame-Options", "DENY"), Map.entry("Cross-Origin-Opener-Policy", "same-origin"),
      Map.entry("Cross-Origin-Resource-Policy", "same-origin"),
      Map.entry("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
          + "img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
      Map.entry("Permissions-Policy", "camera=(), geolocation=(), microphone=()"));

  private final Gate gate;
  private final Connections connections;
  private final WorkPool pool;
  private final ServiceLimits limits;
  private final RequestNotes notes;
  private final Function<Asked, Answer> calls;
  private final AtomicLong ids = new AtomicLong();
  private final String idPrefix = Long.toString(System.currentTimeMillis(), 36) + "-";

  Front(Gate gate, Connections connections, WorkPool pool, ServiceLimits limits, RequestNotes notes,
      Function<Asked, Answer> calls) {
    this.gate = gate;
    this.connections = connections;
    this.pool = pool;
    this.limits = limits;
    this.notes = notes;
    this.calls = calls;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    long began = System.nanoTime();
    String id = idPrefix + ids.incrementAndGet();
    Seen seen = new Seen(request.prologue().method().text());
    Answer answer;
    try {
      answer = answer(request, seen, id);
    } catch (CloseConnectionException e) { // the client went away, or took too long
      notes.ended(id, seen.route, 408, System.nanoTime() - began, 0);
      throw e;
    }
    boolean last;
    try {
      last = send(request, response, answer, id);
    } finally {
      notes.ended(id, seen.route, answer.status(), System.nanoTime() - began, answer.body().length);
      connections.waiting();
    }
    if (last) {
      throw new CloseConnectionException("the last answer of this connection");
    }
  }

  /** What is known of a request as it goes on. */
  private static final class Seen {
    private final String method;
    private @Nullable Route route;

    Seen(String method) {
      this.method = method;
    }
  }

  private Answer answer(ServerRequest request, Seen seen, String id) {
    try {
      Route.Match match = Route.find(seen.method, request.prologue().uriPath().rawPath());
      Route route = match.route();
      seen.route = route;
      gate.check(route, name -> request.headers().first(HeaderNames.create(name)).orElse(null));
      Asked asked = new Asked(route, match.variables(), Percent.parameters(request.query().rawValue()),
          body(request, route));
      connections.working();
      return route.work() ? pool.run(() -> calls.apply(asked)) : calls.apply(asked);
    } catch (CloseConnectionException e) {
      throw e;
    } catch (RequestException e) {
      int status = e.status().code();
      return (status == 413 ? tooLarge() : new Problem(400, "MALFORMED_REQUEST", "the body cannot be read")).answer(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Problem.stopping().answer(id);
    } catch (Throwable e) {
      Problem problem = Problem.of(e);
      if (problem == null) {
        LOG.error("request {} to {} failed", id, seen.route, e);
        problem = new Problem(500, "INTERNAL", "the service failed; its log has more under this request's id");
      }
      return problem.answer(id);
    }
  }

  private byte[] body(ServerRequest request, Route route) throws IOException {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    if (route.method().equals("GET") || route.method().equals("DELETE")) {
      throw new Problem(400, "BODY_NOT_ALLOWED", "a request with this method may not have a body");
    }
    String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    if (!type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals("application/json")) {
      throw new Problem(415, "NOT_JSON", "the body must have the Content-Type application/json");
    }
    if (request.headers().contentLength().orElse(0) > limits.body()) {
      throw tooLarge();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = request.content().inputStream()) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        body.write(chunk, 0, n);
        if (body.size() > limits.body()) {
          throw tooLarge();
        }
      }
    } catch (Problem | RequestException | CloseConnectionException e) {
      throw e;
    } catch (RuntimeException e) { // the server's parser, of chunks that are none
      throw new Problem(400, "MALFORMED_REQUEST", "the body cannot be read");
    }
    return body.toByteArray();
  }

  private Problem tooLarge() {
    return new Problem(413, "TOO_LARGE", "a body may have %,d bytes".formatted(limits.body()));
  }

  /** Sends it, and tells whether the connection ends with it. */
  private boolean send(ServerRequest request, ServerResponse response, Answer answer, String id) {
    boolean unread = request.content().hasEntity() && !request.content().consumed();
    connections.sending();
    response.status(answer.status());
    HEADERS.forEach(header -> response.header(header.getKey(), header.getValue()));
    response.header("X-Request-Id", id);
    if (!answer.headers().containsKey("Cache-Control")) {
      response.header("Cache-Control", "no-store");
    }
    answer.headers().forEach(response::header);
    boolean last = unread || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    if (last) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    if (answer.body().length == 0) {
      response.send();
    } else {
      response.header(HeaderNames.CONTENT_TYPE, answer.type());
      response.send(answer.body());
    }
    if (unread) {
      connections.discarding();
      discard(request);
    }
    return last;
  }

  /** Reads on for a while what a client still sends, which otherwise might lose the answer with the connection. */
  private static void discard(ServerRequest request) {
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = request.content().inputStream()) {
      long left = MOST_DISCARDED;
      int n = 0;
      while (n >= 0 && left > 0) {
        n = in.read(chunk);
        left -= n;
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("the rest of a refused request cannot be read", e);
    }
  }
}
