package io.sfumato.recommend.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a request, whether they came as JSON or in the query; each is asked for by name and kind, and a field that nobody knows is an error. */
final class Fields {
  private static final int MOST_VALUES = 10_000;

  private final JsonNode object;
  private final String where;

  private Fields(JsonNode object, String where) {
    this.object = object;
    this.where = where;
  }

  /** Those of a JSON object. @throws Problem 400 */
  static Fields of(JsonNode json, Set<String> known) {
    return of(json, "", known);
  }

  private static Fields of(JsonNode json, String where, Set<String> known) {
    if (!json.isObject()) {
      throw bad(where.isEmpty() ? "the body" : where, "a JSON object");
    }
    json.fieldNames().forEachRemaining(name -> {
      if (!known.contains(name)) {
        throw new Problem(400, "UNKNOWN_FIELD", "there is no field '%s'; there are %s".formatted(shown(where + name),
            String.join(", ", known.stream().sorted().toList())));
      }
    });
    return new Fields(json, where);
  }

  /** Those of each object of a list. */
  List<Fields> objects(String name, Set<String> known) {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode one : array(name)) {
      objects.add(of(one, "%s[%d].".formatted(name, objects.size()), known));
    }
    return objects;
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** @throws Problem 400 where it is missing or longer */
  String text(String name, int longest) {
    String text = textOrNull(name, longest);
    if (text == null) {
      throw new Problem(400, "MISSING_FIELD", "the field '%s' is missing".formatted(where + name));
    }
    return text;
  }

  /** An id: a text that is not blank and has no control characters, 512 characters at most. */
  String id(String name) {
    return id(text(name, 512), where + name);
  }

  static String id(String value, String name) {
    if (value.isBlank() || value.length() > 512 || value.chars().anyMatch(Character::isISOControl)) {
      throw bad(name, "an id of 1 to 512 characters, none of them a control character");
    }
    return value;
  }

  @Nullable
  String textOrNull(String name, int longest) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw bad(where + name, "a text");
    }
    return checked(name, value.textValue(), longest);
  }

  /** A whole number, the default where it is missing. */
  int number(String name, int least, int most, int otherwise) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least || value.intValue() > most) {
      throw bad(where + name, "a whole number in [%d, %d]".formatted(least, most));
    }
    return value.intValue();
  }

  boolean flag(String name, boolean otherwise) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw bad(where + name, "true or false");
    }
    return value.booleanValue();
  }

  @Nullable
  Instant instant(String name) {
    String text = textOrNull(name, 64);
    if (text == null) {
      return null;
    }
    try {
      Instant instant = Instant.parse(text);
      if (instant.isBefore(Instant.EPOCH) || instant.isAfter(Instant.parse("9999-12-31T23:59:59Z"))) {
        throw bad(where + name, "a time from 1970 to 9999");
      }
      return instant;
    } catch (DateTimeException e) {
      throw bad(where + name, "a time such as 2026-01-31T12:00:00Z");
    }
  }

  List<String> texts(String name, int longest) {
    List<String> texts = new ArrayList<>();
    for (JsonNode one : array(name)) {
      if (!one.isTextual()) {
        throw bad(where + name, "a list of texts");
      }
      texts.add(checked(name, one.textValue(), longest));
    }
    return texts;
  }

  /** Names with one text each. */
  Map<String, String> textByName(String name, int longest) {
    Map<String, String> texts = new LinkedHashMap<>();
    members(name).forEach((key, value) -> {
      if (!value.isTextual()) {
        throw bad(where + name + "." + shown(key), "a text");
      }
      texts.put(key, checked(name + "." + key, value.textValue(), longest));
    });
    return texts;
  }

  /** Names with one text or several each. */
  Map<String, Set<String>> textsByName(String name, int longest) {
    Map<String, Set<String>> texts = new LinkedHashMap<>();
    members(name).forEach((key, value) -> {
      Set<String> values = new LinkedHashSet<>();
      if (value.isTextual()) {
        values.add(checked(name + "." + key, value.textValue(), longest));
      } else {
        Fields list = new Fields(object.get(name), where + name + ".");
        values.addAll(list.texts(key, longest));
      }
      texts.put(key, values);
    });
    return texts;
  }

  /** Names with a vector each, of finite numbers. */
  Map<String, float[]> vectorByName(String name) {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    members(name).forEach((key, value) -> {
      if (!value.isArray() || value.isEmpty() || value.size() > MOST_VALUES) {
        throw bad(where + name + "." + shown(key), "a list of 1 to %d numbers".formatted(MOST_VALUES));
      }
      float[] vector = new float[value.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = value.get(i).isNumber() ? value.get(i).floatValue() : Float.NaN;
        if (!Float.isFinite(vector[i])) {
          throw bad(where + name + "." + shown(key), "a list of finite numbers");
        }
      }
      vectors.put(key, vector);
    });
    return vectors;
  }

  private Map<String, JsonNode> members(String name) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    JsonNode value = object.get(name);
    if (value != null && !value.isNull()) {
      if (!value.isObject() || value.size() > MOST_VALUES) {
        throw bad(where + name, "a JSON object");
      }
      value.properties().forEach(field -> members.put(field.getKey(), field.getValue()));
    }
    return members;
  }

  private List<JsonNode> array(String name) {
    List<JsonNode> values = new ArrayList<>();
    JsonNode value = object.get(name);
    if (value != null && !value.isNull()) {
      if (!value.isArray() || value.size() > MOST_VALUES) {
        throw bad(where + name, "a list of at most %d".formatted(MOST_VALUES));
      }
      value.forEach(values::add);
    }
    return values;
  }

  private String checked(String name, String text, int longest) {
    if (text.length() > longest) {
      throw new Problem(400, "TOO_LONG",
          "'%s' may have %d characters but has %d".formatted(shown(where + name), longest, text.length()));
    }
    return text;
  }

  private static Problem bad(String name, String wanted) {
    return new Problem(400, "BAD_FIELD", "'%s' must be %s".formatted(shown(name), wanted));
  }

  private static String shown(String name) {
    String plain = name.codePoints()
        .filter(c -> !Character.isISOControl(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
    return plain.length() > 80 ? plain.substring(0, 80) + "…" : plain;
  }
}
