package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderSource;
import io.sfumato.recommend.service.RecommenderService;
import io.sfumato.recommend.service.ServiceOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A copy of the tiny shop's bundle, served on a free port, and a client of it. */
final class Served implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();

  final List<String> accessLog = new CopyOnWriteArrayList<>();
  final RecommenderSource source;
  final RecommenderService service;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Served(RecommenderSource source, UnaryOperator<ServiceOptions> options) {
    this.source = source;
    this.service = RecommenderService.start(source, options.apply(ServiceOptions.local(0).accessLog(accessLog::add)));
  }

  /** An answer with its body as text. */
  record Answer(int status, String body, HttpResponse<byte[]> raw) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }

    /** That it is a problem with this status and code. */
    void problem(int expected, String code) {
      assertThat(status).as(body).isEqualTo(expected);
      assertThat(raw.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(json().path("code").asText()).as(body).isEqualTo(code);
      assertThat(json().path("status").asInt()).isEqualTo(expected);
      assertThat(body).doesNotContain("Exception", "\\tat ", "io.sfumato");
    }

    /** That it went well. */
    Answer ok() {
      assertThat(status).as(body).isBetween(200, 299);
      return this;
    }
  }

  /** Copies the tiny shop's bundle into a folder and serves it. */
  static Served of(Path folder, UnaryOperator<ServiceOptions> options) throws IOException {
    return new Served(RecommenderSource.of(Recommender.open(copy(folder))), options);
  }

  /** Serves what is given; closes it at the end. */
  static Served of(RecommenderSource source, UnaryOperator<ServiceOptions> options) {
    return new Served(source, options);
  }

  /** The tiny shop's bundle, for a test of its own. */
  static Path copy(Path folder) throws IOException {
    TinyShop.demoRun();
    Path from = TinyShop.demo().resolve("bundle");
    Path to = folder.resolve("shop");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + service.port() + path);
  }

  Answer get(String path) throws Exception {
    return send("GET", path, null);
  }

  Answer post(String path, String json) throws Exception {
    return send("POST", path, json);
  }

  Answer send(String method, String path, @Nullable String json, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofMinutes(5));
    request.method(method,
        json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
    if (json != null) {
      request.setHeader("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8), answer);
  }

  /** The line of an answer in the access log, waited for: it is written after the answer was sent, when meters have counted it too. */
  String logged(Answer answer) throws InterruptedException {
    String id = "\"" + answer.raw.headers().firstValue("X-Request-Id").orElseThrow() + "\"";
    while (true) {
      for (String line : accessLog) {
        if (line.contains(id)) {
          return line;
        }
      }
      Thread.sleep(5);
    }
  }

  /** A connection of one's own, to say what no client would. */
  Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
    socket.setSoTimeout(300_000);
    return socket;
  }

  @Override
  public void close() {
    service.close();
    source.close();
  }
}
