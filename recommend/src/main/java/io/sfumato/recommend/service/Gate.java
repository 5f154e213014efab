package io.sfumato.recommend.service;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in.
 *
 * <ul>
 * <li><b>With tokens</b> a route that has a scope wants {@code Authorization: Bearer SECRET} of a token with that scope.
 * <li><b>Without tokens, on loopback</b>, every program of this machine may ask, but no web page of elsewhere: the Host header must name this service, so that a foreign name that resolves to 127.0.0.1 (DNS rebinding) gets
 * nothing.
 * <li><b>Always</b> a browser that acts for a page of another origin is refused, by {@code Origin} and {@code Sec-Fetch-Site}: there is no CORS, and nobody is logged in by a cookie.
 * </ul>
 */
final class Gate {
  private final @Nullable ApiTokens tokens;
  private final boolean checksHost;
  private final Set<String> hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

  Gate(ServiceOptions options, InetAddress bound) {
    this.tokens = options.tokens();
    this.checksHost = tokens == null && bound.isLoopbackAddress();
    hosts.add(options.host().toLowerCase(Locale.ROOT));
    options.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
  }

  /**
   * Lets a request in.
   *
   * @param header gives a header by its name, or null
   * @throws Problem 401, 403 or 421
   */
  void check(Route route, Function<String, @Nullable String> header) {
    String host = header.apply("Host");
    if (checksHost && (host == null || !hosts.contains(name(host)))) {
      throw new Problem(421, "HOST_NOT_ALLOWED",
          "the Host header does not name this service; reach it as localhost, or allow the name with --allow-host");
    }
    checkOrigin(route, header, host);
    Scope scope = route.scope();
    if (tokens == null || scope == null) {
      return;
    }
    String given = header.apply("Authorization");
    if (given == null || !given.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw new Problem(401, "TOKEN_MISSING", "send a token: 'Authorization: Bearer …'")
          .header("WWW-Authenticate", "Bearer realm=\"sfumato\"");
    }
    ApiTokens.Token token = tokens.find(given.substring(7).strip());
    if (token == null) {
      throw new Problem(401, "TOKEN_UNKNOWN", "no token has this secret; check it")
          .header("WWW-Authenticate", "Bearer realm=\"sfumato\", error=\"invalid_token\"");
    }
    if (!token.scopes().contains(scope)) {
      throw new Problem(403, "SCOPE_MISSING", "the token '%s' has no scope '%s'".formatted(token.name(), scope.word()))
          .header("WWW-Authenticate",
              "Bearer realm=\"sfumato\", error=\"insufficient_scope\", scope=\"" + scope.word() + "\"");
    }
  }

  private static void checkOrigin(Route route, Function<String, @Nullable String> header, @Nullable String host) {
    String origin = header.apply("Origin");
    boolean same = origin == null || (host != null
        && (origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host)));
    String site = header.apply("Sec-Fetch-Site");
    boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
    // a link from elsewhere may lead to the page
    if (!same || (foreign && route != Route.PAGE)) {
      throw new Problem(403, "ORIGIN_NOT_ALLOWED", "pages of another origin may not ask this service");
    }
  }

  private static String name(String host) {
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon >= 0 && host.indexOf(']', colon) < 0;
    return (hasPort ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
  }
}
