package io.sfumato.recommend.cli;

import io.sfumato.recommend.Durability;
import io.sfumato.recommend.service.ServiceLimits;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What one who asks may cost. */
final class ServeLimitOptions {
  private static final Pattern INTERVAL = Pattern.compile("interval=(\\d{1,6})(ms|s)");

  @Option(names = "--max-concurrent", paramLabel = "N", description = "Requests that are worked on at once. Default: four a core, 16 at least.")
  private int concurrent = ServiceLimits.defaults().concurrent();

  @Option(names = "--max-queued", paramLabel = "N", description = "Requests that wait for that; beyond them the answer is 503. Default: ${DEFAULT-VALUE}.")
  private int queued = ServiceLimits.defaults().queued();

  @Option(names = "--max-body", paramLabel = "BYTES", description = "The longest body of a request; beyond it the answer is 413. Default: ${DEFAULT-VALUE}.")
  private int body = ServiceLimits.defaults().body();

  @Option(names = "--max-seconds", paramLabel = "SECONDS", description = "How long a request may take to arrive. Default: 15.")
  private int receive = (int) ServiceLimits.defaults().receive().toSeconds();

  ServiceLimits limits() {
    return ServiceLimits.defaults()
        .requests(concurrent, queued)
        .body(body)
        .receive(Duration.ofSeconds(receive));
  }

  /** @throws IllegalArgumentException for what is neither {@code sync} nor {@code interval=…} */
  static Durability durability(String when) {
    if (when.equals("sync")) {
      return Durability.sync();
    }
    Matcher interval = INTERVAL.matcher(when);
    if (!interval.matches()) {
      throw new IllegalArgumentException(
          "--durability must be sync, or interval=100ms with a time of your own, but was '" + when + "'");
    }
    long number = Long.parseLong(interval.group(1));
    return Durability
        .interval(interval.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number));
  }
}
