package io.sfumato.encoders.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sfumato.encoders.text.TokenizerJson.Refused;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks the normalizers, splitters and post-processors of a {@code tokenizer.json}, however they are nested. */
final class TokenizerParts {
  /** A repeated group that repeats inside itself: the number of ways to match a text grows exponentially with it. */
  private static final Pattern NESTED_REPEAT = Pattern.compile("[*+}]\\??\\+?\\)+[*+{]");

  private static final int SHOWN = 40;

  private TokenizerParts() {}

  static void check(JsonNode part) throws Refused {
    if (part.isArray()) {
      for (JsonNode child : part) {
        check(child);
      }
    }
    if (!part.isObject()) {
      return;
    }
    // The library takes a part without a type for what its fields look like, so the fields decide here too.
    String type = part.path("type").asText("");
    if (type.equals("TemplateProcessing") || part.has("single") || part.has("pair")) {
      checkTemplate(part);
    }
    if (type.equals("Precompiled") || part.has("precompiled_charsmap")) {
      Charsmap.check(part.path("precompiled_charsmap"));
    }
    if (part.has("length") && part.path("length").asLong(0) < 1) {
      throw new Refused("it splits into pieces of length " + shortened(part.path("length").toString())
          + ", which must be 1 at least");
    }
    String regex = part.path("pattern").path("Regex").asText("");
    if (part.has("content") && part.path("pattern").has("Regex") && matchesNothing(regex)) {
      throw new Refused("the pattern '" + shortened(regex) + "' that it replaces may be empty");
    }
    if (NESTED_REPEAT.matcher(regex).find()) {
      throw new Refused("the pattern '" + shortened(regex)
          + "' repeats a group that repeats itself, which may take forever on some texts");
    }
    for (JsonNode child : part) {
      if (child.isContainerNode()) {
        check(child);
      }
    }
  }

  /** Whether a pattern finds the empty string, as far as Java's patterns are like the library's. */
  private static boolean matchesNothing(String regex) {
    try {
      return Pattern.compile(regex).matcher("").find();
    } catch (PatternSyntaxException e) {
      return regex.isEmpty();
    }
  }

  /** Every special token that a template names must be explained, with as many ids as tokens. */
  private static void checkTemplate(JsonNode template) throws Refused {
    JsonNode explained = template.path("special_tokens");
    for (String key : List.of("single", "pair")) {
      if (!template.path(key).isArray()) {
        throw new Refused("its template has no list '" + key + "'");
      }
      for (JsonNode piece : template.path(key)) {
        JsonNode special = piece.path("SpecialToken");
        if (!special.isMissingNode() && !explained.path(special.path("id").asText()).isObject()) {
          throw new Refused("its template names the special token '" + shortened(special.path("id").asText())
              + "' without saying what it is");
        }
      }
    }
    for (Map.Entry<String, JsonNode> entry : explained.properties()) {
      JsonNode ids = entry.getValue().path("ids");
      JsonNode tokens = entry.getValue().path("tokens");
      if (!ids.isArray() || !tokens.isArray() || ids.isEmpty() || ids.size() != tokens.size()) {
        throw new Refused("the special token '" + shortened(entry.getKey()) + "' of its template needs as many ids as "
            + "tokens, one at least");
      }
    }
  }

  static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
