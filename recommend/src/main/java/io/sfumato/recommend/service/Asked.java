package io.sfumato.recommend.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request, read and let in.
 *
 * @param route what is asked
 * @param variables of its path, decoded
 * @param parameters of its query, decoded
 * @param body empty where it has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Asked(Route route, Map<String, String> variables, Map<String, List<String>> parameters, byte[] body) {

  private static final Set<String> NUMBERS = Set.of("k", "from", "count");
  private static final Set<String> FLAGS = Set.of("exclude_seen", "words_only");
  private static final Set<String> LISTS = Set.of("history", "exclude");
  private static final Set<String> PAIRS = Set.of("where", "context");

  /** The variable {@code id} of the path. */
  String id() {
    return Fields.id(variables.getOrDefault("id", ""), "id");
  }

  /** The fields of the body, or of the query where the method has no body. */
  Fields fields(Set<String> known) {
    return Fields.of(route.method().equals("GET") ? query() : Json.read(body), known);
  }

  /** The query as the JSON that it stands for: lists by repetition, pairs as {@code where=category=shoes}. */
  private JsonNode query() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    parameters.forEach((name, values) -> {
      if (LISTS.contains(name)) {
        ArrayNode list = object.putArray(name);
        values.forEach(list::add);
      } else if (PAIRS.contains(name)) {
        ObjectNode pairs = object.putObject(name);
        values.forEach(value -> pair(pairs, name, value));
      } else {
        object.set(name, single(name, values));
      }
    });
    return object;
  }

  private static JsonNode single(String name, List<String> values) {
    String value = values.getFirst();
    if (values.size() > 1) {
      throw new Problem(400, "BAD_FIELD", "'%s' may be given once".formatted(name));
    }
    if (NUMBERS.contains(name) && value.matches("-?\\d{1,9}")) {
      return JsonNodeFactory.instance.numberNode(Integer.parseInt(value));
    }
    if (FLAGS.contains(name) && Set.of("true", "false").contains(value)) {
      return JsonNodeFactory.instance.booleanNode(value.equals("true"));
    }
    return JsonNodeFactory.instance.textNode(value);
  }

  private static void pair(ObjectNode pairs, String name, String pair) {
    int equals = pair.indexOf('=');
    if (equals < 1) {
      throw new Problem(400, "BAD_FIELD", "'%s' must be NAME=VALUE, with '=' as %%3D".formatted(name));
    }
    String key = pair.substring(0, equals);
    String value = pair.substring(equals + 1);
    if (name.equals("context")) {
      pairs.put(key, value);
    } else if (pairs.get(key) instanceof ArrayNode list) {
      list.add(value);
    } else {
      pairs.putArray(key).add(value);
    }
  }
}
