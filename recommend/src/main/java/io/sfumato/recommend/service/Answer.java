package io.sfumato.recommend.service;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a caller gets.
 *
 * @param type media type of the body
 * @param body empty for none
 * @param headers beside those that every answer has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Answer(int status, String type, byte[] body, Map<String, String> headers) {
  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer json(Object value) {
    return new Answer(200, "application/json", Json.bytes(value), Map.of());
  }

  static Answer of(String type, byte[] body) {
    return new Answer(200, type, body, Map.of());
  }

  static Answer nothing() {
    return new Answer(204, "", new byte[0], Map.of());
  }

  Answer status(int other) {
    return new Answer(other, type, body, headers);
  }

  Answer header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, type, body, more);
  }
}
