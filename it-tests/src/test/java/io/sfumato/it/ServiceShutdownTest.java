package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sfumato.recommend.Recommender;
import io.sfumato.recommend.cli.Sfumato;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own: SIGTERM under load loses nothing that was acknowledged. */
class ServiceShutdownTest {
  private static final int CLIENTS = 4;

  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sync", "interval=100ms"})
  void everyAcknowledgedUpdateIsThereAfterwards(String durability) throws Exception {
    Path bundle = Served.copy(folder);
    String item;
    try (Recommender recommender = Recommender.open(bundle)) {
      item = recommender.catalog().items().findFirst().orElseThrow().id();
    }
    Process process = serve(bundle, "--durability", durability);
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    try {
      URI address = address(process);
      for (int c = 0; c < CLIENTS; c++) {
        String prefix = "client-" + c + "-";
        clients.add(Thread.ofVirtual().start(() -> tell(address, prefix, item, acknowledged)));
      }
      while (acknowledged.size() < 200 && process.isAlive()) {
        Thread.sleep(10);
      }
      process.destroy(); // SIGTERM
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
    for (Thread client : clients) {
      client.join();
    }
    try (Recommender recommender = Recommender.open(bundle)) {
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(200).allMatch(recommender::knows);
    }
  }

  @Test
  void aSecondServiceIsToldThatTheBundleIsInUse() throws Exception {
    Path bundle = Served.copy(folder);
    Process process = serve(bundle);
    try {
      address(process);
      Process second = serve(bundle);
      assertThat(second.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(second.exitValue()).isEqualTo(1);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void tell(URI address, String prefix, String item, Queue<String> acknowledged) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try {
      for (int i = 0; i < 100_000; i++) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/v1/feedback"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"%s\",\"item\":\"%s\"}".formatted(prefix + i, item)))
            .build();
        if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
          acknowledged.add(prefix + i);
        }
      }
    } catch (java.io.IOException | InterruptedException e) {
      return; // the service is gone
    }
  }

  private static Process serve(Path bundle, String... options) throws Exception {
    List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Sfumato.class.getName(), "serve", bundle.toString(), "--port", "0", "--json"));
    line.addAll(List.of(options));
    return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static URI address(Process process) throws Exception {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    assertThat(line).as("what it says when it listens").isNotNull();
    return URI.create(Served.JSON.readTree(line).path("address").asText());
  }
}
