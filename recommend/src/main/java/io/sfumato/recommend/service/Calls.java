package io.sfumato.recommend.service;

import io.sfumato.recommend.RecommenderSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Answers what was let in. */
final class Calls implements Function<Asked, Answer> {
  private final AskCalls ask;
  private final CatalogCalls catalog;
  private final ChangeCalls change;
  private final AdminCalls admin;
  private final ServiceOptions options;
  private final BooleanSupplier ready;
  private final Answer page = resource("index.html", "text/html; charset=utf-8");
  private final Answer script = resource("app.js", "text/javascript; charset=utf-8");
  private final Answer style = resource("app.css", "text/css; charset=utf-8");
  private final Answer icon = resource("icon.svg", "image/svg+xml");
  private final Answer openApi = resource("openapi.json", "application/json");

  Calls(RecommenderSource source, ServiceOptions options, BooleanSupplier ready) {
    this.options = options;
    this.ready = ready;
    this.ask = new AskCalls(source, options.limits());
    this.catalog = new CatalogCalls(source, options.limits());
    this.change = new ChangeCalls(source, options.limits());
    this.admin = new AdminCalls(source, options.snapshots());
  }

  @Override
  public Answer apply(Asked asked) {
    return switch (asked.route()) {
      case HEALTH -> Answer.json(Map.of("status", "up"));
      case READY -> ready();
      case PAGE -> page;
      case SCRIPT -> script;
      case STYLE -> style;
      case ICON -> icon;
      case OPENAPI -> openApi;
      case METRICS -> metrics();
      case RECOMMEND, RECOMMEND_BY_QUERY -> ask.recommend(asked);
      case SEARCH, SEARCH_BY_QUERY -> ask.search(asked);
      case SIMILAR, SIMILAR_BY_QUERY -> ask.similar(asked);
      case ITEMS -> catalog.items(asked);
      case ITEM -> catalog.item(asked);
      case IMAGE -> catalog.image(asked);
      case ATTRIBUTES -> catalog.attributes(asked);
      case PUT_ITEM -> change.put(asked);
      case DELETE_ITEM -> change.delete(asked);
      case FEEDBACK -> change.feedback(asked);
      case HISTORY -> ask.history(asked);
      case USERS -> admin.users(asked);
      case VERSIONS -> admin.versions(asked);
      case SWAP -> admin.swap(asked);
      case SNAPSHOT -> admin.snapshot(asked);
    };
  }

  private Answer ready() {
    if (!ready.getAsBoolean()) {
      throw Problem.stopping();
    }
    return Answer.json(Map.of("status", "ready"));
  }

  private Answer metrics() {
    return Answer.of("text/plain; version=0.0.4; charset=utf-8",
        options.metrics().scrape().getBytes(StandardCharsets.UTF_8));
  }

  private static Answer resource(String name, String type) {
    try (InputStream in = Calls.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program is incomplete: it lacks " + name);
      }
      return Answer.of(type, in.readAllBytes()).header("Cache-Control", "no-cache");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
