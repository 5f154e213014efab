package io.sfumato.recommend.service;

import io.sfumato.datasets.Images;
import io.sfumato.datasets.Item;
import io.sfumato.datasets.MemoryImage;
import io.sfumato.recommend.RecommenderSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Feedback, and items put and removed. What is answered with success is as durable as the recommender was opened for. */
final class ChangeCalls {
  private static final int MOST_EVENTS = 1_000;

  private final RecommenderSource source;
  private final ServiceLimits limits;

  ChangeCalls(RecommenderSource source, ServiceLimits limits) {
    this.source = source;
    this.limits = limits;
  }

  /** Someone took something. */
  private record Event(String user, String item, Instant at) {
    static Event of(Fields fields) {
      Instant at = fields.instant("at");
      return new Event(fields.id("user"), fields.id("item"), at == null ? Instant.now() : at);
    }
  }

  Answer feedback(Asked asked) {
    Fields fields = asked.fields(Set.of("user", "item", "at", "events"));
    List<Event> events = new ArrayList<>();
    if (fields.has("events")) {
      fields.objects("events", Set.of("user", "item", "at")).forEach(one -> events.add(Event.of(one)));
    } else {
      events.add(Event.of(fields));
    }
    if (events.isEmpty() || events.size() > MOST_EVENTS) {
      throw new Problem(400, "BAD_FIELD",
          "'events' must be a list of 1 to %d events but has %d".formatted(MOST_EVENTS, events.size()));
    }
    return source.use(recommender -> {
      for (Event event : events) { // all or, where an item is not known, none
        if (recommender.catalog().item(event.item) == null) {
          throw new Problem(404, "UNKNOWN_ITEM",
              "the catalogue has no item '%s'; nothing of this request was taken".formatted(event.item));
        }
      }
      events.forEach(event -> recommender.feedback(event.user, event.item, event.at));
      return Answer.json(Map.of("accepted", events.size()));
    });
  }

  Answer put(Asked asked) {
    String id = asked.id();
    Fields fields = asked.fields(Set.of("title", "text", "attributes", "image", "vectors"));
    String title = fields.textOrNull("title", limits.words());
    String text = fields.textOrNull("text", limits.text());
    Map<String, String> attributes = fields.textByName("attributes", limits.words());
    Map<String, float[]> vectors = fields.vectorByName("vectors");
    Item item = new Item(id, title == null ? "" : title, text == null ? "" : text, attributes, image(id, fields));
    return source.use(recommender -> {
      boolean created = recommender.catalog().item(id) == null;
      recommender.catalog().put(item, vectors);
      return Answer.json(Map.of("id", id, "created", created)).status(created ? 201 : 200);
    });
  }

  private @Nullable MemoryImage image(String id, Fields fields) {
    String encoded = fields.textOrNull("image", 4 * (limits.image() / 3 + 1));
    if (encoded == null) {
      return null;
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "BAD_FIELD", "'image' must be the picture's bytes in base64");
    }
    if (bytes.length > limits.image()) {
      throw new Problem(413, "TOO_LARGE",
          "a picture may have %,d bytes but has %,d".formatted(limits.image(), bytes.length));
    }
    Images.decode(bytes, id); // a broken one is refused before anything is changed
    return new MemoryImage(id, bytes);
  }

  Answer delete(Asked asked) {
    String id = asked.id();
    return source.use(recommender -> {
      if (!recommender.catalog().remove(id)) {
        throw new Problem(404, "UNKNOWN_ITEM", "the catalogue has no item '%s'".formatted(id));
      }
      return Answer.nothing();
    });
  }
}
