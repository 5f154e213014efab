package io.sfumato.recommend.service;

import java.time.Duration;

/**
 * What one who asks may cost the service; each method gives new limits.
 *
 * @param body bytes of a request's body at most, beyond which it is answered 413
 * @param image bytes of an item's picture at most, before base64
 * @param text characters of an item's text at most; its title, its values and the words of a search have a sixteenth of that
 * @param k items of one answer at most
 * @param concurrent requests that are worked on at once
 * @param queued requests that wait for that; beyond them the answer is 503
 * @param connections open at once; further ones wait to be accepted
 * @param receive how long the head and the body of a request may take to arrive
 * @param work how long a request may wait and be worked on before its answer is 503
 * @param send how long an answer may take to be read
 * @param idle how long a connection may wait for its next request
 * @param grace how long running requests have to end once the service is told to stop
 */
public record ServiceLimits(int body, int image, int text, int k, int concurrent, int queued, int connections,
    Duration receive, Duration work, Duration send, Duration idle, Duration grace) {

  private static final ServiceLimits DEFAULTS = new ServiceLimits(8 << 20, 5 << 20, 32_768, 1_000,
      Math.max(16, 4 * Runtime.getRuntime().availableProcessors()), 256, 4_096, Duration.ofSeconds(15),
      Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(20));

  public ServiceLimits {
    atLeast("body", body, 1_024);
    atLeast("image", image, 1);
    atLeast("text", text, 16);
    atLeast("k", k, 1);
    atLeast("concurrent", concurrent, 1);
    atLeast("queued", queued, 1);
    atLeast("connections", connections, 1);
    positive("receive", receive);
    positive("work", work);
    positive("send", send);
    positive("idle", idle);
    positive("grace", grace);
  }

  /** 8 MiB a request, 5 MiB a picture, k up to 1,000, 15 s to receive, four requests a core (16 at least) at once and 256 in the queue. */
  public static ServiceLimits defaults() {
    return DEFAULTS;
  }

  /** With another longest body, in bytes. */
  public ServiceLimits body(int bytes) {
    return new ServiceLimits(bytes, image, text, k, concurrent, queued, connections, receive, work, send, idle, grace);
  }

  /** With other numbers of requests that are worked on, and that wait. */
  public ServiceLimits requests(int atOnce, int waiting) {
    return new ServiceLimits(body, image, text, k, atOnce, waiting, connections, receive, work, send, idle, grace);
  }

  /** With another time for a request to arrive. */
  public ServiceLimits receive(Duration time) {
    return new ServiceLimits(body, image, text, k, concurrent, queued, connections, time, work, send, idle, grace);
  }

  /** With another time for a connection between two requests. */
  public ServiceLimits idle(Duration time) {
    return new ServiceLimits(body, image, text, k, concurrent, queued, connections, receive, work, send, time, grace);
  }

  /** With another time for requests to end. */
  public ServiceLimits grace(Duration time) {
    return new ServiceLimits(body, image, text, k, concurrent, queued, connections, receive, work, send, idle, time);
  }

  /** Characters of a title, a value or a search at most. */
  int words() {
    return Math.max(16, text / 16);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException("the limit '%s' must be %d or more but was %d".formatted(name, least, value));
    }
  }

  private static void positive(String name, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("the limit '%s' must be longer than nothing but was %s".formatted(name, time));
    }
  }
}
