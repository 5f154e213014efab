package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that are none: broken lines, headers, chunks, JSON, paths and encodings, made from one seed. 2,000 of them, or as many as {@code -Dfuzz.requests=10000} says: none is answered with 5xx but 503, none with a
 * stack trace, and the service goes on.
 */
class ServiceFuzzTest {
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 2_000);
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE",
      "CONNECT", "get", "G\0T", "", "POST POST", "\u00e9");
  private static final List<String> PATHS = List.of("/", "/health", "/v1/recommend", "/v1/search?text=bag",
      "/v1/similar?item=p-0001", "/v1/items", "/v1/items/p-0001", "/v1/items/p-0001/image", "/v1/feedback",
      "/v1/users/u-0001/history", "/v1/admin/swap", "/v1/admin/snapshot", "/openapi.json", "/metrics",
      "/assets/../../etc/passwd", "/v1/items/..%2f..%2fetc%2fpasswd", "/v1/items/%00", "/v1/items/%", "/v1/items/%zz",
      "/v1/items/%c0%af", "//", "/v1//items", "*", "http://other/v1/items", "/v1/items?k=%ff&where==", "/v1/items?&&&=",
      "/v1/items?from=99999999999", "/v1/items/\u00fc", "/v1/items#x", "/v1/items;a=b", "\\v1\\items", "");
  private static final int WHOLE_PATHS = 14;
  private static final List<String> VERSIONS = List.of("HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/9.9", "HTTP/1.1 ",
      "http/1.1",
      "", "HTTP/1.1\0", "FTP/1.0");
  private static final List<String> HEADERS = List.of("Host: localhost", "Host: ", "Host: a b", "Host: localhost:99999",
      "Host: [::1", "Content-Length: -1", "Content-Length: abc", "Content-Length: 99999999999999999999",
      "Content-Length: 5, 6", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip",
      "Transfer-Encoding: gzip, chunked",
      "Transfer-Encoding: chunked, chunked", "Content-Encoding: gzip", "Expect: 100-continue", "Expect: nothing",
      "Content-Type: application/json", "Content-Type: \0", "Content-Type: application/json; charset=utf-7",
      "Authorization: Bearer", "Authorization: Bearer \u00ff", "Cookie: a=b; \"", "Upgrade: h2c", "Upgrade: websocket",
      "Connection: Upgrade", "Connection: close", " folded: yes", "no colon", ": no name", "X-A\0: b",
      "Range: bytes=0-1",
      "If-Modified-Since: never", "Accept-Encoding: gzip;q=x", "Origin: null", "Sec-Fetch-Site: cross-site",
      "Forwarded: for=\"_x\"", "X-Forwarded-For: 1.1.1.1, \0");
  private static final List<String> BODIES = List.of("", "{", "}", "null", "true", "[]", "[[[[[[[[[[[[[[[[[[[[[[[[[[",
      "{\"user\":\"u-0001\"}", "{\"user\":\"u-0001\",\"k\":1e400}", "{\"user\":\"\\ud800\"}", "{\"user\":\"\\u0000\"}",
      "{\"k\":-0.0}", "{\"history\":[null]}", "{\"history\":[\"p-0001\",\"p-0001\"]}", "{\"text\":\"\"}",
      "{\"text\":\"*:* AND (((\"}", "{\"text\":\"a~99 b^-1 [c TO\"}", "{\"item\":\"p-0001\",\"where\":{\"a\":[]}}",
      "{\"item\":\"p-0001\",\"where\":{\"\":\"\"}}", "{\"events\":[]}", "{\"events\":[{}]}", "{\"title\":\"\\n\"}",
      "{\"image\":\"%%%\"}", "{\"image\":\"iVBORw0KGgo=\"}", "{\"vectors\":{\"text\":[]}}",
      "{\"vectors\":{\"text\":[1,2,3]}}", "{\"at\":\"+999999999-12-31T23:59:59Z\",\"user\":\"a\"}",
      "\u0000\u0001\u0002",
      "{\"name\":\"..\"}", "{\"version\":\"\\u0000\"}", "NaN", "\ufeff{}", "{'user':1}",
      "{\"user\":\"a\"}{\"user\":\"b\"}");

  @TempDir
  Path folder;

  @Test
  void noMalformedRequestBreaksTheService() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    Map<String, Integer> statuses = new TreeMap<>();
    try (Served served = Served.of(folder, options -> options)) {
      for (int i = 0; i < REQUESTS; i++) {
        byte[] request = request(random);
        String answer = ask(served, request);
        String what = "request %d:%n%s%nanswer:%n%s".formatted(i,
            new String(request, StandardCharsets.ISO_8859_1), answer);
        String status = answer.startsWith("HTTP/1.1 ") ? answer.substring(9, 12) : "closed";
        statuses.merge(status, 1, Integer::sum);
        assertThat(status).as(what).matches("[1-4]\\d\\d|503|closed");
        assertThat(answer).as(what)
            .doesNotContain("Exception", "\tat ", "java.", "io.sfumato", "io.helidon", "root:");
      }
      served.get("/v1/items?count=1").ok();
      served.post("/v1/search", "{\"text\":\"bag\",\"words_only\":true}").ok();
    }
    assertThat(statuses).as("that many kinds of answers were met").containsKeys("200", "400", "404", "405", "415");
  }

  private static byte[] request(SplittableRandom random) {
    String body = pick(random, BODIES);
    StringBuilder text = new StringBuilder();
    boolean wellFormed = random.nextInt(3) > 0;
    String method = wellFormed ? METHODS.get(random.nextInt(4)) : pick(random, METHODS);
    boolean bodiless = wellFormed && !method.startsWith("P");
    text.append(method).append(' ');
    text.append(wellFormed ? PATHS.get(random.nextInt(WHOLE_PATHS)) : pick(random, PATHS)).append(' ');
    text.append(random.nextInt(4) > 0 ? "HTTP/1.1" : pick(random, VERSIONS));
    String end = random.nextInt(12) > 0 ? "\r\n" : pick(random, List.of("\n", "\r", "", "\n\r"));
    text.append(end);
    if (wellFormed) {
      text.append("Host: localhost").append(end);
    }
    if (wellFormed && !bodiless) {
      text.append(random.nextInt(4) > 0 ? "Content-Type: application/json" : "Content-Type: text/plain").append(end);
      text.append(random.nextBoolean() ? "Content-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length
          : "Transfer-Encoding: chunked").append(end);
    }
    for (int n = random.nextInt(3); n > 0; n--) {
      text.append(pick(random, HEADERS)).append(end);
    }
    text.append(end);
    if (text.indexOf("Transfer-Encoding: chunked") >= 0) {
      text.append(pick(random,
          List.of(Integer.toHexString(body.length()), "-1", "zz", "ffffffff", "7fffffffffffffff", "",
              "1;ext=\"", "0")))
          .append(end)
          .append(body)
          .append(end)
          .append(random.nextBoolean() ? "0\r\n\r\n" : "\r\n");
    } else if (!bodiless) {
      text.append(body);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    for (int n = random.nextInt(8) == 0 ? random.nextInt(8) : 0; n > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static String pick(SplittableRandom random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** What is answered before the connection ends, which this side ends when it has said everything. */
  private static String ask(Served served, byte[] request) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket socket = served.socket()) {
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        socket.getInputStream().transferTo(answer);
      } catch (SocketTimeoutException e) {
        throw new AssertionError("no end of: " + new String(request, StandardCharsets.ISO_8859_1), e);
      } catch (IOException closed) { // by the service, while this side was still sending
        return answer.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return answer.toString(StandardCharsets.ISO_8859_1);
  }
}
