package io.sfumato.recommend.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ranges of settings; whoever constructs a record of settings gets the same message as who writes it in YAML. */
final class Check {
  private Check() {}

  static void within(String key, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new ConfigException("BAD_VALUE", key,
          "%s must be in [%s, %s] but was %s".formatted(key, plain(least), plain(most), plain(value)));
    }
  }

  static void within(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ConfigException("BAD_VALUE", key,
          "%s must be in [%d, %d] but was %d".formatted(key, least, most, value));
    }
  }

  static void notBlank(String key, String value) {
    if (value.isBlank()) {
      throw new ConfigException("BAD_VALUE", key, key + " must not be empty; leave it out for its default");
    }
  }

  static void oneOf(String key, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      throw new ConfigException("BAD_VALUE", key,
          "%s must be one of %s but was '%s'".formatted(key, String.join(", ", allowed), value));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value) : Double.toString(value);
  }

  /** Encoders beside the first one of a modality. */
  static void more(String section, String first, @Nullable String vectors, List<String> also) {
    also.forEach(name -> notBlank(section + ".also", name));
    if (!also.isEmpty() && (first.equals("none") || vectors != null || also.contains("none"))) {
      throw new ConfigException("BAD_VALUE", section + ".also",
          "%s.also names encoders beside %s.encoder, which must be one too, but they were %s beside %s".formatted(
              section,
              section, also, vectors == null ? first : "the vectors of " + vectors));
    }
  }
}
