package io.sfumato.recommend.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What can be asked, and with which scope. {@code openapi.json} describes each. */
enum Route {
  HEALTH("GET", "/health", null, false), //
  READY("GET", "/ready", null, false), //
  PAGE("GET", "/", null, false), //
  SCRIPT("GET", "/assets/app.js", null, false), //
  STYLE("GET", "/assets/app.css", null, false), //
  ICON("GET", "/assets/icon.svg", null, false), //
  OPENAPI("GET", "/openapi.json", Scope.READ, false), //
  METRICS("GET", "/metrics", Scope.READ, false), //
  RECOMMEND("POST", "/v1/recommend", Scope.READ, true), //
  RECOMMEND_BY_QUERY("GET", "/v1/recommend", Scope.READ, true), //
  SEARCH("POST", "/v1/search", Scope.READ, true), //
  SEARCH_BY_QUERY("GET", "/v1/search", Scope.READ, true), //
  SIMILAR("POST", "/v1/similar", Scope.READ, true), //
  SIMILAR_BY_QUERY("GET", "/v1/similar", Scope.READ, true), //
  ITEMS("GET", "/v1/items", Scope.READ, true), //
  ITEM("GET", "/v1/items/{id}", Scope.READ, true), //
  PUT_ITEM("PUT", "/v1/items/{id}", Scope.WRITE, true), //
  DELETE_ITEM("DELETE", "/v1/items/{id}", Scope.WRITE, true), //
  IMAGE("GET", "/v1/items/{id}/image", Scope.READ, true), //
  ATTRIBUTES("GET", "/v1/attributes", Scope.READ, true), //
  FEEDBACK("POST", "/v1/feedback", Scope.WRITE, true), //
  HISTORY("GET", "/v1/users/{id}/history", Scope.READ, true), //
  USERS("GET", "/v1/users", Scope.ADMIN, true), //
  VERSIONS("GET", "/v1/admin/versions", Scope.ADMIN, true), //
  SWAP("POST", "/v1/admin/swap", Scope.ADMIN, false), //
  SNAPSHOT("POST", "/v1/admin/snapshot", Scope.ADMIN, false);

  private final String method;
  private final String template;
  private final @Nullable Scope scope;
  private final boolean work;

  Route(String method, String template, @Nullable Scope scope, boolean work) {
    this.method = method;
    this.template = template;
    this.scope = scope;
    this.work = work;
  }

  String method() {
    return method;
  }

  /** The path, variables in braces. */
  String template() {
    return template;
  }

  /** What a token must allow; null where none is needed. */
  @Nullable
  Scope scope() {
    return scope;
  }

  /** Whether it counts against the limit of requests at once; what takes minutes does not. */
  boolean work() {
    return work;
  }

  /** A route with the values of the variables in its path. */
  record Match(Route route, Map<String, String> variables) {}

  /**
   * The route of a request.
   *
   * @param path as it came, percent-encoded: an id may hold an encoded slash
   * @throws Problem 404 for a path that is none, 405 where it has other methods
   */
  static Match find(String method, String path) {
    String[] given = path.split("/", -1);
    TreeSet<String> methods = new TreeSet<>();
    for (Route route : values()) {
      if (route.fits(given)) {
        if (route.method.equals(method) || (route.method.equals("GET") && method.equals("HEAD"))) {
          return new Match(route, route.variables(given));
        }
        methods.add(route.method);
      }
    }
    if (methods.isEmpty()) {
      throw new Problem(404, "NOT_FOUND", "there is nothing at this path; /openapi.json tells what there is");
    }
    throw new Problem(405, "METHOD_NOT_ALLOWED", "this path has %s alone".formatted(String.join(", ", methods)))
        .header("Allow", String.join(", ", methods));
  }

  private boolean fits(String[] given) {
    String[] parts = template.split("/", -1);
    if (given.length != parts.length) {
      return false;
    }
    for (int i = 0; i < parts.length; i++) {
      if (isVariable(parts[i]) ? given[i].isEmpty() : !parts[i].equals(given[i])) {
        return false;
      }
    }
    return true;
  }

  private Map<String, String> variables(String[] given) {
    String[] parts = template.split("/", -1);
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < parts.length; i++) {
      if (isVariable(parts[i])) {
        variables.put(parts[i].substring(1, parts[i].length() - 1), Percent.decode(given[i], false));
      }
    }
    return variables;
  }

  private static boolean isVariable(String part) {
    return part.startsWith("{");
  }

  /** All routes, as {@code METHOD template}. */
  static List<String> all() {
    List<String> all = new ArrayList<>();
    for (Route route : values()) {
      all.add(route.method + " " + route.template);
    }
    return all;
  }
}
