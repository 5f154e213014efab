package io.sfumato.recommend.service;

import io.sfumato.datasets.DataException;
import io.sfumato.fusion.FusionException;
import io.sfumato.recommend.RecommendException;
import io.sfumato.recommend.bundle.BundleException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request that gets no answer but why: a problem of RFC 9457, with a stable code. Has no stack trace of its own. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Map<Integer, String> TITLES = Map.ofEntries(Map.entry(400, "Bad Request"),
      Map.entry(401, "Unauthorized"), Map.entry(403, "Forbidden"), Map.entry(404, "Not Found"),
      Map.entry(405, "Method Not Allowed"), Map.entry(408, "Request Timeout"), Map.entry(409, "Conflict"),
      Map.entry(413, "Content Too Large"), Map.entry(415, "Unsupported Media Type"),
      Map.entry(421, "Misdirected Request"), Map.entry(422, "Unprocessable Content"),
      Map.entry(500, "Internal Server Error"), Map.entry(503, "Service Unavailable"));
  private static final Set<String> NOT_THERE = Set.of("UNKNOWN_ITEM", "UNKNOWN_VERSION", "UNKNOWN_USER");

  private final int status;
  private final String code;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  /** @param detail one line: what happened, the value, the remedy */
  Problem(int status, String code, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
  }

  /** This problem, answered with a header. */
  Problem header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  /** The answer, {@code application/problem+json}. */
  Answer answer(String requestId) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", TITLES.getOrDefault(status, "Error"));
    problem.put("status", status);
    problem.put("code", code);
    problem.put("detail", getMessage());
    problem.put("request_id", requestId);
    return new Answer(status, "application/problem+json", Json.bytes(problem), headers);
  }

  /** What a caller is told of a failure; null for one that only the log may know. */
  static @Nullable Problem of(Throwable failure) {
    return switch (failure) {
      case Problem problem -> problem;
      case RecommendException e when NOT_THERE.contains(e.code()) -> new Problem(404, e.code(), message(e));
      case RecommendException e when e.code().equals("CLOSED") -> stopping();
      case RecommendException e -> new Problem(422, e.code(), message(e));
      case DataException e -> new Problem(422, e.code(), message(e));
      case FusionException e when Set.of("DIMENSION_MISMATCH", "UNSUPPORTED_MODALITY").contains(e.code()) ->
        new Problem(422, e.code(), message(e));
      case BundleException e when e.code().equals("IN_USE") ->
        new Problem(409, e.code(), "another program changes this bundle at present; stop it, or ask that one");
      case IllegalArgumentException e -> new Problem(400, "BAD_REQUEST", message(e));
      default -> null;
    };
  }

  /** 503: the service ends. */
  static Problem stopping() {
    return new Problem(503, "STOPPING", "the service is about to stop; ask again in a moment")
        .header("Retry-After", "5");
  }

  private static String message(Throwable e) {
    String message = e.getMessage();
    return message == null ? "it cannot be done" : message.lines().findFirst().orElse("");
  }
}
