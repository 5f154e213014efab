package io.sfumato.recommend.service;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Percent-decoding that takes nothing but whole escapes of whole UTF-8 (RFC 3986). */
final class Percent {
  private static final int MOST_PARAMETERS = 256;

  private Percent() {}

  /**
   * A piece of a path or a query, decoded.
   *
   * @param plusIsSpace as in queries of forms
   * @throws Problem 400 {@code BAD_ENCODING}
   */
  static String decode(String piece, boolean plusIsSpace) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(piece.length());
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (c == '%') {
        int high = i + 2 < piece.length() ? Character.digit(piece.charAt(i + 1), 16) : -1;
        int low = i + 2 < piece.length() ? Character.digit(piece.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw bad("'%' must be followed by two hexadecimal digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes.write(' ');
      } else if (c > ' ' && c < 0x7f) {
        bytes.write(c);
      } else {
        throw bad("characters beyond ASCII must be percent-encoded");
      }
    }
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
      if (decoded.chars().anyMatch(Character::isISOControl)) {
        throw bad("control characters are not allowed");
      }
      return decoded;
    } catch (CharacterCodingException e) {
      throw bad("what is percent-encoded must be UTF-8");
    }
  }

  /** The parameters of a query, in their order; those without '=' have the value "". @throws Problem 400 */
  static Map<String, List<String>> parameters(String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (query.isEmpty()) {
      return parameters;
    }
    String[] pieces = query.split("&", MOST_PARAMETERS + 1);
    if (pieces.length > MOST_PARAMETERS) {
      throw new Problem(400, "TOO_MANY_PARAMETERS",
          "a query may have %d parameters; send a body instead".formatted(MOST_PARAMETERS));
    }
    for (String piece : pieces) {
      int equals = piece.indexOf('=');
      String name = decode(equals < 0 ? piece : piece.substring(0, equals), true);
      String value = equals < 0 ? "" : decode(piece.substring(equals + 1), true);
      parameters.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
    return parameters;
  }

  private static Problem bad(String why) {
    return new Problem(400, "BAD_ENCODING", "path or query is not percent-encoded UTF-8: " + why);
  }
}
