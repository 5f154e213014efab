package io.sfumato.recommend.service;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where and for whom a recommender is served; each method gives new options.
 *
 * @param host to bind to, by default 127.0.0.1
 * @param port to bind to; 0 takes a free one
 * @param tokens who may ask; null for everyone who reaches the address
 * @param anonymous whether other machines may ask without tokens
 * @param hosts further names under which browsers may reach the service, beside its address and localhost, such as {@code shop.example}
 * @param limits of what a request may cost
 * @param snapshots where snapshots go; null where none may be made
 * @param metrics what {@code /metrics} shows
 * @param accessLog takes one line of JSON for each request
 */
public record ServiceOptions(String host, int port, @Nullable ApiTokens tokens, boolean anonymous, Set<String> hosts,
    ServiceLimits limits, @Nullable Path snapshots, PrometheusMeterRegistry metrics, Consumer<String> accessLog) {

  /** Where it is served if nothing else is said. */
  public static final int DEFAULT_PORT = 8080;

  public ServiceOptions {
    hosts = Set.copyOf(hosts);
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(metrics, "metrics");
    Objects.requireNonNull(accessLog, "accessLog");
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must be a name or an address but was blank");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be in [0, 65535] but was " + port);
    }
  }

  /** On 127.0.0.1, without tokens, without snapshots, without an access log, with a registry of its own. */
  public static ServiceOptions local(int port) {
    return new ServiceOptions("127.0.0.1", port, null, false, Set.of(), ServiceLimits.defaults(), null,
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), line -> {});
  }

  /** Bound to another address. */
  public ServiceOptions host(String name) {
    return new ServiceOptions(name, port, tokens, anonymous, hosts, limits, snapshots, metrics, accessLog);
  }

  /** For those alone who have one of these tokens. */
  public ServiceOptions tokens(@Nullable ApiTokens who) {
    return new ServiceOptions(host, port, who, anonymous, hosts, limits, snapshots, metrics, accessLog);
  }

  /** Whether other machines may ask without a token. */
  public ServiceOptions anonymous(boolean allowed) {
    return new ServiceOptions(host, port, tokens, allowed, hosts, limits, snapshots, metrics, accessLog);
  }

  /** Reached by browsers under these names too. */
  public ServiceOptions hosts(Set<String> names) {
    return new ServiceOptions(host, port, tokens, anonymous, names, limits, snapshots, metrics, accessLog);
  }

  /** With other limits. */
  public ServiceOptions limits(ServiceLimits other) {
    return new ServiceOptions(host, port, tokens, anonymous, hosts, other, snapshots, metrics, accessLog);
  }

  /** With a folder below which snapshots may be made. */
  public ServiceOptions snapshots(@Nullable Path folder) {
    return new ServiceOptions(host, port, tokens, anonymous, hosts, limits, folder, metrics, accessLog);
  }

  /** With meters of others, shown beside the service's own. */
  public ServiceOptions metrics(PrometheusMeterRegistry registry) {
    return new ServiceOptions(host, port, tokens, anonymous, hosts, limits, snapshots, registry, accessLog);
  }

  /** With someone who keeps a line of each request; called by many threads, one at a time. */
  public ServiceOptions accessLog(Consumer<String> lines) {
    return new ServiceOptions(host, port, tokens, anonymous, hosts, limits, snapshots, metrics, lines);
  }

  /**
   * The address to bind to.
   *
   * @throws ServiceException {@code ADDRESS} for a name that has none, {@code UNPROTECTED} where other machines could ask without a token
   */
  InetAddress address() {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new ServiceException("ADDRESS", "there is no address of '%s'; give one of this machine".formatted(host), e);
    }
    if (tokens == null && !anonymous && !address.isLoopbackAddress()) {
      throw new ServiceException("UNPROTECTED",
          "%s can be reached by other machines and there are no tokens; give --tokens FILE (made with 'sfumato serve token'), or --allow-anonymous if everyone may ask and change"
              .formatted(host));
    }
    return address;
  }
}
