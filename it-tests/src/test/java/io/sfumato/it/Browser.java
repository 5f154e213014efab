package io.sfumato.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless Chromium that looks at one page, spoken to over its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern LISTENS = Pattern.compile("DevTools listening on (ws://\\S+)");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  /** What the page says of itself once it is read and its plots are drawn. */
  private static final String STATE = """
    JSON.stringify({...document.documentElement.dataset,
      read: document.readyState === 'complete' && location.protocol === 'file:', width: document.documentElement.scrollWidth,
      empty: [...document.querySelectorAll('.canvas')].filter(c => !c.querySelector('svg path')).length})""";

  /**
   * What was seen of a page.
   *
   * @param plots how many it has
   * @param drawn how many of them its script drew
   * @param emptyPlots how many places of plots have no mark in them
   * @param width of its content, in pixels
   * @param errors what stood on its console as errors, and exceptions
   * @param loaded addresses that it asked for, data URIs left out
   */
  record Seen(int plots, int drawn, int emptyPlots, int width, List<String> errors, List<String> loaded) {}

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final List<String> loaded = new CopyOnWriteArrayList<>();
  private @Nullable String session;

  private Browser(Path executable) throws Exception {
    profile = Files.createTempDirectory("browser");
    process = new ProcessBuilder(executable.toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
        "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    socket = HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create(address()), new Reader())
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private String address() throws IOException {
    BufferedReader lines = process.errorReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher matcher = LISTENS.matcher(line);
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
    throw new IOException("the browser ended before it listened");
  }

  /** Whether there is one. */
  static boolean isThere() {
    return executable() != null;
  }

  private static @Nullable Path executable() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .flatMap(
            folder -> Stream.of("chromium", "chromium-browser", "google-chrome").map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Opens a page on a screen of this width and waits until its script has drawn its plots. */
  static Seen look(Path page, int width, boolean dark) throws Exception {
    return see(page, width, dark, state -> state.has("drawn"));
  }

  /** Opens a page that has no scripts. */
  static Seen read(Path page, int width, boolean dark) throws Exception {
    return see(page, width, dark, state -> state.path("read").asBoolean());
  }

  /**
   * Opens a page that is served and uses it.
   *
   * @param steps expressions, each of which is asked again until it is true, and then the next; they may also do something and say true
   */
  static Seen use(URI page, int width, boolean dark, List<String> steps) throws Exception {
    Path executable = executable();
    if (executable == null) {
      throw new IllegalStateException("there is no browser");
    }
    try (Browser browser = new Browser(executable)) {
      browser.go(page.toString(), width, dark);
      for (String step : steps) {
        browser.until(step);
      }
      int wide = browser.value("document.documentElement.scrollWidth").asInt();
      return new Seen(-1, -1, -1, wide, new ArrayList<>(browser.errors), new ArrayList<>(browser.loaded));
    }
  }

  private void until(String step) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (!value("Boolean(" + step + ")").asBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("the page never came to: " + step + "; it shows: "
            + value("document.body.innerText.slice(0, 600)").asText() + "; errors: " + errors);
      }
      Thread.sleep(100);
    }
  }

  private JsonNode value(String expression) throws Exception {
    return send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true)).path("result")
        .path("value");
  }

  private static Seen see(Path page, int width, boolean dark, Predicate<JsonNode> done) throws Exception {
    Path executable = executable();
    if (executable == null) {
      throw new IllegalStateException("there is no browser");
    }
    try (Browser browser = new Browser(executable)) {
      return browser.open(page.toUri().toString(), width, dark, done);
    }
  }

  private Seen open(String url, int width, boolean dark, Predicate<JsonNode> done) throws Exception {
    go(url, width, dark);
    Instant end = Instant.now().plus(PATIENCE);
    JsonNode state = JSON.createObjectNode();
    while (!done.test(state) && Instant.now().isBefore(end)) {
      Thread.sleep(200);
      // there is no value while the page is being exchanged for the other
      state = JSON.readTree(value(STATE).asText("{}"));
    }
    return new Seen(state.path("plots").asInt(), state.path("drawn").asInt(-1), state.path("empty").asInt(-1),
        state.path("width").asInt(), new ArrayList<>(errors), new ArrayList<>(loaded));
  }

  private void go(String url, int width, boolean dark) throws Exception {
    String target = send("Target.createTarget", Map.of("url", "about:blank")).get("targetId").asText();
    session = send("Target.attachToTarget", Map.of("targetId", target, "flatten", true)).get("sessionId").asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      send(domain + ".enable", Map.of());
    }
    send("Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 844, "deviceScaleFactor", 1, "mobile", true));
    send("Emulation.setEmulatedMedia", Map.of("features",
        List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    send("Page.navigate", Map.of("url", url));
  }

  private JsonNode send(String method, Map<String, Object> params) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(params));
    if (session != null) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    JsonNode answered = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (answered.has("error")) {
      throw new IOException(method + ": " + answered.get("error"));
    }
    return answered.get("result");
  }

  private void hear(JsonNode message) {
    CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
    if (answer != null) {
      answer.complete(message);
      return;
    }
    JsonNode params = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.exceptionThrown" -> errors.add(params.path("exceptionDetails").toString());
      case "Runtime.consoleAPICalled" -> {
        if (params.path("type").asText().equals("error")) {
          errors.add(params.path("args").toString());
        }
      }
      case "Log.entryAdded" -> {
        if (params.path("entry").path("level").asText().equals("error")) {
          errors.add(params.path("entry").path("text").asText());
        }
      }
      case "Network.requestWillBeSent" -> {
        String url = params.path("request").path("url").asText();
        if (!url.startsWith("data:")) {
          loaded.add(url);
        }
      }
      default -> {
        // what else the browser tells is not asked for
      }
    }
  }

  /** Puts the pieces of messages together. */
  private final class Reader implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        try {
          hear(JSON.readTree(whole));
        } catch (IOException e) {
          errors.add("not JSON from the browser: " + e.getMessage());
        }
      }
      from.request(1);
      return null;
    }
  }

  /** Ends all of its processes. What one of them still wrote into the profile meanwhile stays in the folder for temporary files. */
  @Override
  public void close() throws Exception {
    socket.abort();
    List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : all) {
      one.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      return; // a process that began while the others ended
    }
  }
}
