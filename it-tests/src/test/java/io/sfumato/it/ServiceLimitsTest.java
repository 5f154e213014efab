package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.RecommenderSource;
import io.sfumato.recommend.service.ServiceLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one client may cost the others. */
class ServiceLimitsTest {
  @TempDir
  Path folder;

  /** A source whose requests wait until they are let on. */
  private static final class Held implements RecommenderSource {
    final Semaphore entered = new Semaphore(0);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final RecommenderSource inner;

    Held(RecommenderSource inner) {
      this.inner = inner;
    }

    @Override
    public <T> T use(Function<Recommender, T> request) {
      entered.release();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return inner.use(request);
    }

    @Override
    public List<String> versions() {
      return inner.versions();
    }

    @Override
    public String current() {
      return inner.current();
    }

    @Override
    public void swap(String version) {
      inner.swap(version);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  @Test
  void overloadIsRefusedAndTheOthersAreAnswered() throws Exception {
    Held held = new Held(RecommenderSource.of(Recommender.open(Served.copy(folder))));
    try (Served served = Served.of(held, options -> options.limits(ServiceLimits.defaults().requests(1, 1)));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Served.Answer> first = asked(clients, served);
      held.entered.acquire(); // one is worked on
      Future<Served.Answer> second = asked(clients, served);
      while (!served.get("/metrics").ok().body().contains("sfumato_service_queued 1")) {
        Thread.sleep(20); // and one waits
      }
      Served.Answer third = served.get("/v1/items");
      third.problem(503, "OVERLOADED");
      assertThat(third.raw().headers().firstValue("Retry-After")).contains("1");
      served.get("/health").ok(); // which is no work
      held.goOn.countDown();
      first.get().ok();
      second.get().ok();
      served.get("/v1/items").ok();
    }
  }

  private static Future<Served.Answer> asked(ExecutorService clients, Served served) {
    return clients.submit(() -> served.get("/v1/items?count=1"));
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
    try (Served served = Served.of(folder, options -> options.limits(ServiceLimits.defaults().body(2_048)))) {
      served.post("/v1/search", "{\"text\":\"%s\"}".formatted("x".repeat(5_000_000))).problem(413, "TOO_LARGE");
      served.get("/health").ok();
      String chunk = "800\r\n" + " ".repeat(2_048) + "\r\n";
      assertThat(said(served, "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunk + chunk + "0\r\n\r\n"))
          .startsWith("HTTP/1.1 413");
      assertThat(said(served, "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(100_000) + "\r\n\r\n"))
          .matches("(?s)(HTTP/1.1 4.*)?");
      assertThat(said(served, "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .matches("(?s)(HTTP/1.1 4.*)?");
      served.get("/health").ok();
    }
  }

  @Test
  void clientsThatNeverEndARequestLoseTheirConnection() throws Exception {
    ServiceLimits short1 = ServiceLimits.defaults().receive(Duration.ofSeconds(3)).idle(Duration.ofSeconds(4));
    try (Served served = Served.of(folder, options -> options.limits(short1))) {
      List<String> beginnings = List.of("", "G", "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ",
          "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{",
          "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1");
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Socket socket = served.socket();
        socket.getOutputStream().write(beginnings.get(i % beginnings.size()).getBytes(StandardCharsets.US_ASCII));
        sockets.add(socket);
      }
      served.get("/v1/items?count=1").ok(); // the others are served meanwhile
      for (int i = 0; i < sockets.size(); i++) {
        try (Socket socket = sockets.get(i)) {
          assertThat(endsThoughDripped(socket, i % beginnings.size() > 0)).as("connection %d is closed", i).isTrue();
        }
      }
      served.get("/v1/items?count=1").ok();
    }
  }

  /** Sends a byte now and then, which resets every timeout of single reads, until the other side closes; for five minutes at most. */
  private static boolean endsThoughDripped(Socket socket, boolean drip) throws IOException {
    socket.setSoTimeout(100);
    OutputStream out = socket.getOutputStream();
    for (int i = 0; i < 3_000; i++) {
      try {
        if (socket.getInputStream().read() < 0) {
          return true;
        }
      } catch (java.net.SocketTimeoutException e) {
        try {
          if (drip) {
            out.write('1');
          }
        } catch (IOException closed) {
          return true;
        }
      } catch (IOException closed) {
        return true;
      }
    }
    return false;
  }

  private static String said(Served served, String request) throws Exception {
    try (Socket socket = served.socket()) {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().transferTo(answer);
      } catch (IOException closed) { // by the other side, before all was sent
        return answer.toString(StandardCharsets.UTF_8);
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
